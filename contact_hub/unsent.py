"""What somebody typed into a form of a ticket and did not send yet, kept on the server: it waits on any machine."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, SQLColumnExpression, String, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base, insert_into, now

KEPT = timedelta(days=30)  # for so long something that nobody went on with is offered again: it is about citizens
TYPED = ("text", "question", "reason", "promise")
"""Fields in which somebody writes; where all of them are empty there is nothing to keep."""


class Unsent(Base):
    """What one person typed into one form of one ticket, by field; nobody else sees it."""

    __tablename__ = "unsent"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(20), primary_key=True)
    typed: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)


def keep(session: Session, agent_id: int, ticket_id: int, form: str, typed: Mapping[str, str]) -> bool:
    """Keeps it in place of what was kept before; says whether there was anything to keep. What is older than KEPT goes."""
    session.execute(delete(Unsent).where(Unsent.changed_at <= now() - KEPT))
    if not any(typed.get(field, "").strip() for field in TYPED):
        forget(session, agent_id, ticket_id, form)
        return False
    row = insert_into(session, Unsent).values(
        agent_id=agent_id, ticket_id=ticket_id, form=form, typed=dict(typed), changed_at=now()
    )
    newer = {"typed": row.excluded.typed, "changed_at": row.excluded.changed_at}
    session.execute(row.on_conflict_do_update(index_elements=["agent_id", "ticket_id", "form"], set_=newer))
    return True


def bring_back(
    session: Session, agent_id: int, ticket_id: int, text: str, language: str, files: Sequence[str]
) -> dict[str, str]:
    """An answer that was taken back is a draft again, before what was typed since; gives what stands in the box now."""
    before = of_ticket(session, agent_id, ticket_id).get("answers")
    since = dict(before.typed) if before else {}
    both = "\n\n".join(filter(None, (text, since.get("text", "").strip())))
    kept = " ".join(dict.fromkeys((*files, *since.get("kept", "").split())))
    typed = {**since, "text": both, "language": language, "kept": kept}
    keep(session, agent_id, ticket_id, "answers", typed)
    return typed


def of_ticket(session: Session, agent_id: int, ticket_id: int) -> dict[str, Unsent]:
    """What this person has not sent yet, by form."""
    mine = select(Unsent).where(Unsent.agent_id == agent_id, Unsent.ticket_id == ticket_id)
    return {each.form: each for each in session.scalars(mine)}


def begun(agent_id: int, ticket: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether this person wrote something in the ticket with this id and did not send it, as a condition for a query."""
    return exists().where(Unsent.agent_id == agent_id, Unsent.ticket_id == ticket)


def who_began(session: Session, tickets: Collection[int]) -> set[int]:
    """The ids of all who wrote something in one of these tickets and did not send it."""
    return set(session.scalars(select(Unsent.agent_id).where(Unsent.ticket_id.in_(tickets)).distinct()))


def forget(session: Session, agent_id: int, ticket_id: int, form: str) -> None:
    """It was sent, or nothing of it is left."""
    mine = (Unsent.agent_id == agent_id, Unsent.ticket_id == ticket_id, Unsent.form == form)
    session.execute(delete(Unsent).where(*mine))
