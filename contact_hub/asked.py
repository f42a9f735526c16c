"""Who sees a ticket whole because they were asked about it: until it is resolved, and unless it is confidential."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, select, true
from sqlalchemy.orm import Session, aliased

from contact_hub.agents import Agent
from contact_hub.conditions import written_out
from contact_hub.mentions import Mention, names, names_of
from contact_hub.queues import Queue
from contact_hub.tickets import OPEN, Ticket


def was_asked(session: Session, agent: Agent, ticket: Ticket) -> bool:
    """Whether this person was asked about the ticket, and so sees it."""
    if ticket.status not in OPEN or ticket.is_confidential:
        return False
    asked = select(Mention.id).where(Mention.ticket_id == ticket.id, Mention.asks, names(agent))
    return session.scalar(asked.limit(1)) is not None


def asked_about(agent: Agent) -> ColumnElement[bool]:
    """The tickets that this person was asked about and so sees, as a condition for a query."""
    return Ticket.id.in_(_asked(names(agent)))


def tickets_asked_about(session: Session, agent: Agent) -> frozenset[int]:
    """Their ids; few, as they must be open."""
    return frozenset(session.scalars(_ASKED_OF, {"agent": agent.id, "queues": sorted(agent.queue_ids)}))


def is_asked_about(agent: Agent) -> ColumnElement[bool]:
    """The same for few tickets, at each of which it is looked up whether the person was asked."""
    asked = exists().where(Mention.ticket_id == Ticket.id, Mention.asks, names(agent)).correlate(Ticket)
    return and_(*_is_seen(Ticket), asked)


def _asked(named: ColumnElement[bool]) -> Select[int]:
    """The tickets of these mentions, each looked up by itself: joined, a database looks through all that are open for them."""
    ticket = aliased(Ticket)
    of_mention = select(true()).where(ticket.id == Mention.ticket_id, *_is_seen(ticket)).correlate(Mention).scalar_subquery()
    return select(Mention.ticket_id).where(Mention.asks, named, of_mention).distinct()


def _is_seen(ticket: type[Ticket]) -> Sequence[ColumnElement[bool]]:
    """What a ticket must be for those who were asked to see it."""
    closed = select(Queue.id).where(Queue.visibility == "confidential")
    return ticket.status.in_(written_out(OPEN)), ticket.confidential.is_(False), ticket.queue_id.not_in(closed)


_ASKED_OF = _asked(names_of(bindparam("agent"), bindparam("queues", expanding=True)))  # made once: every page asks it
