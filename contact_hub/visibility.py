"""Who sees what: the one place that decides it, for every list, count, page and live event."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, object_session

from contact_hub.agents import Agent
from contact_hub.mentions import was_asked
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket


class Sight(IntEnum):
    """How much of a queue's tickets somebody sees: nothing, that they exist and how they stand, or all of them."""

    NONE = 0
    STATE = 1
    FULL = 2


# What a role sees of the queues it is no member of; members see all of their own.
SIGHT: Mapping[str, Mapping[str, Sight]] = {
    "agent": {"default": Sight.FULL, "restricted": Sight.STATE, "confidential": Sight.NONE},
    "back_office": {"default": Sight.NONE, "restricted": Sight.NONE, "confidential": Sight.NONE},
    "supervisor": {"default": Sight.FULL, "restricted": Sight.FULL, "confidential": Sight.STATE},
    "administrator": {"default": Sight.STATE, "restricted": Sight.STATE, "confidential": Sight.STATE},
}


def sight(agent: Agent, queue: Queue, *, confidential: bool = False) -> Sight:
    """How much the person sees of this queue's tickets, or of those a rule made confidential.

    A confidential ticket is seen as if its queue were. An unknown role or visibility shows nothing.
    """
    if queue.id in agent.queue_ids:
        return Sight.FULL
    by_visibility = SIGHT.get(agent.role, {})
    seen = by_visibility.get(queue.visibility, Sight.NONE)
    return min(seen, by_visibility.get("confidential", Sight.NONE)) if confidential else seen


def sight_of(agent: Agent, ticket: Ticket) -> Sight:
    """How much the person sees of this ticket; who was asked about it sees it whole until it is resolved."""
    seen = sight(agent, ticket.queue, confidential=ticket.confidential)
    session = object_session(ticket)
    if seen == Sight.FULL or ticket.confidential or session is None:
        return seen
    return Sight.FULL if was_asked(session, agent, ticket) else seen


def tickets_in_sight(agent: Agent, queues: Iterable[Queue], at_least: Sight = Sight.STATE) -> ColumnElement[bool]:
    """The tickets of these queues of which the person sees at least so much, as a condition for a query.

    A list or count takes this condition, a page or a live event asks `sight_of`: nothing else decides.
    """
    among = list(queues)
    seen = [queue.id for queue in among if sight(agent, queue) >= at_least]
    closed = [queue.id for queue in among if sight(agent, queue, confidential=True) >= at_least]
    return and_(Ticket.queue_id.in_(seen), or_(Ticket.confidential.is_(False), Ticket.queue_id.in_(closed)))


def queues_in_sight(session: Session, agent: Agent, at_least: Sight = Sight.STATE) -> dict[str, Queue]:
    """The queues of which the person sees at least so much, in the order of the rules file."""
    queues = session.scalars(select(Queue).order_by(Queue.retired, Queue.position, Queue.id))
    return {queue.id: queue for queue in queues if sight(agent, queue) >= at_least}
