"""Who was called in to a ticket without getting it: colleagues and teams named in a note, and those asked a question."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, Index, and_, exists, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from contact_hub.agents import Agent
from contact_hub.conditions import written_out
from contact_hub.database import Base, now
from contact_hub.messages import Message
from contact_hub.tickets import OPEN, Ticket, is_open

_ASKS = text("asks")  # of notes that name somebody few ask
_ASKS_ON_SQLITE = text("asks = 1")


class Mention(Base):
    """A colleague or a team named in a note. `asks` says that they were asked something, and may see the ticket to answer it.

    It is done when whoever was named looked, or, of a question, when it was answered; that of a team when one of them wrote
    in the ticket, and for each of them when they looked.
    """

    __tablename__ = "mention"
    __table_args__ = (
        Index(None, "agent_id", "ticket_id", postgresql_where=_ASKS, sqlite_where=_ASKS_ON_SQLITE),
        Index(None, "queue_id", "ticket_id", postgresql_where=_ASKS, sqlite_where=_ASKS_ON_SQLITE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"), index=True)
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id"), index=True)
    asks: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]

    def names(self, agent: Agent) -> bool:
        """Whether it is of this person or of a team of theirs."""
        return self.agent_id == agent.id or self.queue_id in agent.queue_ids


class MentionSeen(Base):
    """That somebody of a team looked at what called the team in."""

    __tablename__ = "mention_seen"

    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


def names(agent: Agent) -> ColumnElement[bool]:
    """The mentions of this person or of a team of theirs."""
    return names_of(agent.id, sorted(agent.queue_ids))


def names_of(
    agent_id: int | BindParameter[int], queue_ids: Sequence[str] | BindParameter[Sequence[str]]
) -> ColumnElement[bool]:
    """The mentions of the person with this id, or of one of these teams."""
    return or_(Mention.agent_id == agent_id, Mention.queue_id.in_(queue_ids))


def who_is_named(session: Session, tickets: Collection[int]) -> set[int]:
    """The ids of all who are named in these tickets themselves, and not with their team."""
    named = select(Mention.agent_id).where(Mention.ticket_id.in_(tickets), Mention.agent_id.is_not(None))
    return {number for number in session.scalars(named.distinct()) if number is not None}


def waits(agent: Agent) -> ColumnElement[bool]:
    """The mentions that still wait for this person: a question in an open ticket, or a note nobody looked at for them."""
    looked = exists().where(MentionSeen.mention_id == Mention.id, MentionSeen.agent_id == agent.id)
    return and_(names(agent), Mention.done_at.is_(None), or_(Mention.asks, ~looked))


def waits_for(agent: Agent) -> ColumnElement[bool]:
    """The tickets in which something waits for this person: a question to answer, or a note to look at."""
    named = aliased(Ticket)  # asked beside the mention, few as they are: else a database looks through all tickets for them
    found = select(Mention.ticket_id).join(named, named.id == Mention.ticket_id).where(waits(agent))
    return Ticket.id.in_(found.where(or_(Mention.asks.is_(False), named.status.in_(written_out(OPEN)))))


def questions(session: Session, ticket: Ticket) -> list[Mention]:
    """What anybody was asked about the ticket, answered or not, in its order."""
    return list(session.scalars(select(Mention).where(Mention.ticket_id == ticket.id, Mention.asks).order_by(Mention.id)))


def to_answer(asked: Iterable[Mention], agent: Agent) -> list[Mention]:
    """Those of these questions that this person was asked and that nobody answered."""
    return [each for each in asked if each.done_at is None and each.names(agent)]


def has_unseen(session: Session, ticket: Ticket, agent: Agent) -> bool:
    """Whether a note of the ticket names this person, who has not looked since."""
    return session.scalar(select(Mention.id).where(_unseen(ticket, agent)).limit(1)) is not None


def look(session: Session, ticket: Ticket, agent: Agent) -> None:
    """This person looks: notes that named them need nothing more, and those that named their team nothing of them."""
    open_ones = list(session.scalars(select(Mention).where(_unseen(ticket, agent))))
    for each in open_ones:
        if each.agent_id == agent.id:
            each.done_at = now()
        else:
            session.merge(MentionSeen(mention_id=each.id, agent_id=agent.id))


def write(session: Session, ticket: Ticket, agent: Agent) -> None:
    """This person says something in the ticket: notes that called them or their team in are answered."""
    notes = and_(Mention.ticket_id == ticket.id, Mention.asks.is_(False), names(agent), Mention.done_at.is_(None))
    session.execute(update(Mention).where(notes).values(done_at=now()))


def of_agent(
    session: Session, agent: Agent, seen: ColumnElement[bool], *, still: bool, before: int = 0, most: int
) -> list[tuple[Mention, Ticket, Message, bool]]:
    """What called this person in, newest first and below the id `before`: mention, ticket, note, and whether it still waits.

    Of the tickets that `seen` holds; `still` leaves out what is done.
    """
    open_yet = and_(waits(agent), or_(Mention.asks.is_(False), is_open()))
    rows = select(Mention, Ticket, Message, open_yet).join(Ticket, Ticket.id == Mention.ticket_id)
    rows = rows.join(Message, Message.id == Mention.message_id).where(names(agent), seen)
    rows = rows.where(open_yet) if still else rows
    rows = rows.where(Mention.id < before) if before else rows
    found = session.execute(rows.order_by(Mention.id.desc()).limit(most))
    return [(mention, ticket, note, bool(waits_yet)) for mention, ticket, note, waits_yet in found]


def _unseen(ticket: Ticket, agent: Agent) -> ColumnElement[bool]:
    return and_(Mention.ticket_id == ticket.id, Mention.asks.is_(False), waits(agent))
