"""Who was called in to a ticket without getting it: colleagues and teams named in a note, and those asked a question."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, and_, exists, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.queues import Queue
from contact_hub.tickets import OPEN, Ticket


class Mention(Base):
    """A colleague or a team named in a note. `asks` says that they were asked something, and may see the ticket to answer it.

    It is done when whoever was named looked, or, of a question, when it was answered.
    """

    __tablename__ = "mention"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"), index=True)
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id"), index=True)
    asks: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]


def names(agent: Agent) -> ColumnElement[bool]:
    """The mentions of this person or of a team of theirs."""
    return or_(Mention.agent_id == agent.id, Mention.queue_id.in_(sorted(agent.queue_ids)))


def waits_for(agent: Agent) -> ColumnElement[bool]:
    """The tickets in which something waits for this person: a question to answer, or a note to look at."""
    return exists().where(Mention.ticket_id == Ticket.id, names(agent), Mention.done_at.is_(None))


def was_asked(session: Session, agent: Agent, ticket: Ticket) -> bool:
    """Whether this person was asked about the ticket, and so sees it until it is resolved or confidential."""
    if ticket.status not in OPEN or ticket.is_confidential:
        return False
    asked = select(Mention.id).where(Mention.ticket_id == ticket.id, Mention.asks, names(agent))
    return session.scalar(asked.limit(1)) is not None


def tickets_asked_about(session: Session, agent: Agent) -> frozenset[int]:
    """The ids of the tickets that this person was asked about and so sees; few, as they must be open."""
    return frozenset(session.scalars(select(Ticket.id).where(asked_about(agent))))


def asked_about(agent: Agent) -> ColumnElement[bool]:
    """The same as a condition for a query."""
    asked = exists().where(Mention.ticket_id == Ticket.id, Mention.asks, names(agent))
    confidential = select(Queue.id).where(Queue.visibility == "confidential")
    return and_(Ticket.status.in_(OPEN), Ticket.confidential.is_(False), Ticket.queue_id.not_in(confidential), asked)


def questions(session: Session, ticket: Ticket, agent: Agent) -> list[Mention]:
    """What this person was asked here and has not answered."""
    mine = select(Mention).where(Mention.ticket_id == ticket.id, Mention.asks, Mention.done_at.is_(None), names(agent))
    return list(session.scalars(mine.order_by(Mention.id)))


def is_advised(session: Session, ticket: Ticket) -> bool:
    """Whether somebody answered what was asked about the ticket."""
    answered = select(Mention.id).where(Mention.ticket_id == ticket.id, Mention.asks, Mention.done_at.is_not(None))
    return session.scalar(answered.limit(1)) is not None


def has_unseen(session: Session, ticket: Ticket, agent: Agent) -> bool:
    """Whether a note of the ticket names this person, who has not looked since."""
    return session.scalar(select(Mention.id).where(_unseen(ticket, agent)).limit(1)) is not None


def look(session: Session, ticket: Ticket, agent: Agent) -> None:
    """This person looks: notes that named them need nothing more. Questions still do."""
    session.execute(update(Mention).where(_unseen(ticket, agent)).values(done_at=now()))


def _unseen(ticket: Ticket, agent: Agent) -> ColumnElement[bool]:
    return and_(
        Mention.ticket_id == ticket.id, Mention.asks.is_(False), Mention.agent_id == agent.id, Mention.done_at.is_(None)
    )
