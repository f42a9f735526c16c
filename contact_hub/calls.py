"""What only calls and visits have: how long they took, when to call back, and what is written down but not logged yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.arrivals import TakenContact
from contact_hub.database import Base, Words, insert_into, now

KEPT = timedelta(days=7)  # for so long a call that was never logged is offered again: it holds names


class LoggedCall(Base):
    """A call or visit that became a contact: who took it, and how many seconds it took."""

    __tablename__ = "logged_call"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    seconds: Mapped[int]


class CallBack(Base):
    """That somebody is to be called back about a ticket: within a window, at one number and never at another."""

    __tablename__ = "call_back"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    number: Mapped[str] = mapped_column(Words(32))
    not_number: Mapped[str] = mapped_column(Words(32), default="")


class HalfWritten(Base):
    """A call an agent began to write down, by the id of its page; nobody else sees it."""

    __tablename__ = "half_written_call"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    typed: Mapped[dict[str, Any]]
    began_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(default=now)


def keep(session: Session, call: str, agent_id: int, typed: Mapping[str, Any], began: datetime) -> bool:
    """Keeps what is typed so far; of another agent's page, and of a call that is logged already, nothing is kept.

    What nobody went on with is gone after KEPT. Gives whether there is a draft now.
    """
    session.execute(delete(HalfWritten).where(HalfWritten.changed_at <= now() - KEPT))
    if not typed or _is_logged(session, call):
        forget(session, call, agent_id)
        return False
    row = insert_into(session, HalfWritten).values(
        id=call, agent_id=agent_id, typed=dict(typed), began_at=began, changed_at=now()
    )
    newer = {"typed": row.excluded.typed, "changed_at": row.excluded.changed_at}
    session.execute(
        row.on_conflict_do_update(index_elements=["id"], set_=newer, where=HalfWritten.agent_id == row.excluded.agent_id)
    )
    return True


def half_written(session: Session, agent_id: int) -> list[HalfWritten]:
    """What the agent began and never logged, newest first."""
    mine = select(HalfWritten).where(HalfWritten.agent_id == agent_id)
    return list(session.scalars(mine.order_by(HalfWritten.changed_at.desc())))


def forget(session: Session, call: str, agent_id: int) -> None:
    """It was logged, or thrown away."""
    session.execute(delete(HalfWritten).where(HalfWritten.id == call, HalfWritten.agent_id == agent_id))


def _is_logged(session: Session, call: str) -> bool:
    """A draft that arrives after its call, as over a line that broke, is no draft any more."""
    logged = select(TakenContact.id).join(LoggedCall, LoggedCall.contact_id == TakenContact.id)
    return (
        session.scalar(logged.where(TakenContact.external_id == call, TakenContact.channel.in_(("phone", "counter"))))
        is not None
    )
