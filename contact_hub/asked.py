"""Who sees a ticket whole because they were asked about it: until it is resolved, and unless it is confidential."""

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.mentions import Mention, names, names_of
from contact_hub.queues import Queue
from contact_hub.tickets import OPEN, Ticket, is_open


def was_asked(session: Session, agent: Agent, ticket: Ticket) -> bool:
    """Whether this person was asked about the ticket, and so sees it."""
    if ticket.status not in OPEN or ticket.is_confidential:
        return False
    asked = select(Mention.id).where(Mention.ticket_id == ticket.id, Mention.asks, names(agent))
    return session.scalar(asked.limit(1)) is not None


def asked_about(agent: Agent) -> ColumnElement[bool]:
    """The tickets that this person was asked about and so sees, as a condition for a query."""
    return _asked(names(agent))


def tickets_asked_about(session: Session, agent: Agent) -> frozenset[int]:
    """Their ids; few, as they must be open."""
    return frozenset(session.scalars(_ASKED_OF, {"agent": agent.id, "queues": sorted(agent.queue_ids)}))


def _asked(named: ColumnElement[bool]) -> ColumnElement[bool]:
    asked = exists().where(Mention.ticket_id == Ticket.id, Mention.asks, named).correlate_except(Mention)
    closed = select(Queue.id).where(Queue.visibility == "confidential")
    return and_(is_open(), Ticket.confidential.is_(False), Ticket.queue_id.not_in(closed), asked)


_ASKED_OF = select(Ticket.id).where(  # made once: every page of the desk asks it
    _asked(names_of(bindparam("agent"), bindparam("queues", expanding=True)))
)
