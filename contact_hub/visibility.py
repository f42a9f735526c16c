"""Who sees what: the one place that decides it, for every list, count, page and live event."""

from collections.abc import Mapping
from enum import IntEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.queues import Queue


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


def sight(agent: Agent, queue: Queue) -> Sight:
    """How much of this queue the person sees; an unknown role or visibility shows nothing."""
    if queue.id in agent.queue_ids:
        return Sight.FULL
    return SIGHT.get(agent.role, {}).get(queue.visibility, Sight.NONE)


def queues_in_sight(session: Session, agent: Agent, at_least: Sight = Sight.STATE) -> dict[str, Queue]:
    """The queues of which the person sees at least so much, in the order of the rules file.

    A list or count filters by these ids, a ticket page asks `sight` for its queue: nothing else decides.
    """
    queues = session.scalars(select(Queue).order_by(Queue.retired, Queue.position, Queue.id))
    return {queue.id: queue for queue in queues if sight(agent, queue) >= at_least}
