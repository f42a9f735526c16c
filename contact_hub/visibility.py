"""Who sees what: the one place that decides it, for every list, count, page and live event."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from enum import IntEnum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, object_session

from contact_hub.agents import Agent, Colleague
from contact_hub.asked import asked_about as asked_about
from contact_hub.asked import is_asked_about, was_asked
from contact_hub.asked import tickets_asked_about as tickets_asked_about
from contact_hub.conditions import one_of
from contact_hub.own_part import Part as Part
from contact_hub.own_part import handed_over
from contact_hub.own_part import part_of as part_of
from contact_hub.queues import Queue, all_queues
from contact_hub.references import number_in
from contact_hub.tickets import Ticket


class Sight(IntEnum):
    """How much of a ticket somebody sees: nothing, that it exists and how it stands, their own part of it, or all of it.

    Of a queue's tickets it is never a part: that is decided ticket by ticket.
    """

    NONE = 0
    STATE = 1
    PART = 2
    FULL = 3


# What a role sees of the queues it is no member of; members see all of their own.
SIGHT: Mapping[str, Mapping[str, Sight]] = {
    "agent": {"default": Sight.FULL, "restricted": Sight.STATE, "confidential": Sight.NONE},
    "back_office": {"default": Sight.NONE, "restricted": Sight.NONE, "confidential": Sight.NONE},
    "supervisor": {"default": Sight.FULL, "restricted": Sight.FULL, "confidential": Sight.STATE},
    "administrator": {"default": Sight.STATE, "restricted": Sight.STATE, "confidential": Sight.STATE},
}


def sight(agent: Agent | Colleague, queue: Queue, *, confidential: bool = False) -> Sight:
    """How much the person sees of this queue's tickets, or of those a rule made confidential.

    A confidential ticket is seen as if its queue were. An unknown role or visibility shows nothing.
    """
    if queue.id in agent.queue_ids:
        return Sight.FULL
    by_visibility = SIGHT.get(agent.role, {})
    seen = by_visibility.get(queue.visibility, Sight.NONE)
    return min(seen, by_visibility.get("confidential", Sight.NONE)) if confidential else seen


def sights(agent: Agent, queues: Iterable[Queue]) -> tuple[tuple[str, str, Sight, Sight], ...]:
    """Each of these queues: its id and visibility, how much the person sees of its tickets, and of its confidential ones.

    Where two are equal, so is every condition that is made of these queues.
    """
    return tuple((each.id, each.visibility, sight(agent, each), sight(agent, each, confidential=True)) for each in queues)


def likeness(agent: Agent) -> Hashable:
    """What decides how somebody sees the queues: who have the same see the same tickets, but for what each was asked or had."""
    return agent.role, agent.queue_ids


def sight_of(agent: Agent, ticket: Ticket) -> Sight:
    """How much the person sees of this ticket.

    Who was asked about it sees it whole until it is resolved or confidential. The first line that took it in keeps its own
    part, and whoever handed it over may know how it stands.
    """
    seen = by_queue(agent, ticket)
    session = object_session(ticket)
    if seen == Sight.FULL or session is None:
        return seen
    if was_asked(session, agent, ticket):
        return Sight.FULL
    if part_of(session, agent, ticket) is not None:
        return Sight.PART
    return max(seen, Sight.STATE) if handed_over(session, agent, ticket) else seen


def by_queue(agent: Agent | Colleague, ticket: Ticket) -> Sight:
    """How much the person sees of it by role and membership alone: so much they may be given to do."""
    return sight(agent, ticket.queue, confidential=ticket.confidential)


def knows_queue(agent: Agent, ticket: Ticket) -> bool:
    """Whether the person may know in which queue it is: who only handed it over does not follow it further."""
    return by_queue(agent, ticket) > Sight.NONE


def known_of(session: Session, agent: Agent, references: Iterable[str]) -> frozenset[str]:
    """Of these references those of tickets that the person may know of."""
    by_number = {number: each for each in references if (number := number_in(each))}
    if not by_number:
        return frozenset()
    found = session.scalars(select(Ticket).where(Ticket.id.in_(by_number)))
    return frozenset(by_number[ticket.id] for ticket in found if sight_of(agent, ticket) > Sight.NONE)


def tickets_in_sight(agent: Agent, queues: Iterable[Queue], at_least: Sight = Sight.STATE) -> ColumnElement[bool]:
    """The tickets of these queues of which the person sees at least so much, as a condition for a query.

    A list or count takes this condition, a page or a live event asks `sight_of`: nothing else decides. What somebody sees of
    single tickets, because they were asked or had them before, is listed by conditions of their own.
    """
    among = list(queues)
    seen = [queue.id for queue in among if sight(agent, queue) >= at_least]
    closed = [queue.id for queue in among if sight(agent, queue, confidential=True) >= at_least]
    of_closed = one_of(Ticket.queue_id, closed, written=True)
    return and_(one_of(Ticket.queue_id, seen, written=True), or_(Ticket.confidential.is_(False), of_closed))


def tickets_read(agent: Agent, queues: Iterable[Queue], asked: Collection[int]) -> ColumnElement[bool]:
    """The tickets that the person sees whole, as a condition for a query: of these queues, and those they were asked about."""
    whole = tickets_in_sight(agent, queues, Sight.FULL)
    return or_(whole, Ticket.id.in_(asked)) if asked else whole


def few_tickets_read(agent: Agent, queues: Iterable[Queue]) -> ColumnElement[bool]:
    """The same where few tickets are looked at, as those of one person: who was asked about each is looked up there."""
    return or_(tickets_in_sight(agent, queues, Sight.FULL), is_asked_about(agent))


def tickets_of_persons(agent: Agent, queues: Iterable[Queue]) -> ColumnElement[bool]:
    """The tickets that are named beside their person: those seen whole, and of restricted queues that they exist.

    Whose question a confidential ticket is, is for those alone who see it whole.
    """
    among = list(queues)
    stated = tickets_in_sight(agent, [each for each in among if not each.is_confidential])
    return or_(few_tickets_read(agent, among), and_(stated, Ticket.confidential.is_(False)))


def tickets_not_confidential(queues: Iterable[Queue]) -> ColumnElement[bool]:
    """The tickets of these queues that no rule and no queue makes confidential: what is counted once for everybody."""
    return _not_confidential(tuple(each.id for each in queues if not each.is_confidential))


@lru_cache(maxsize=8)  # the same object for the same queues, so that statements about it may be kept
def _not_confidential(queues: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(Ticket.confidential.is_(False), one_of(Ticket.queue_id, queues, written=True))


def readable(session: Session, agent: Agent | None) -> ColumnElement[bool]:
    """The tickets that this person may read because of their queues; for nobody in particular those not confidential."""
    if agent is None:
        return tickets_not_confidential(all_queues(session))
    return tickets_in_sight(agent, queues_in_sight(session, agent).values(), Sight.FULL)


def queues_in_sight(session: Session, agent: Agent, at_least: Sight = Sight.STATE) -> dict[str, Queue]:
    """The queues of which the person sees at least so much, in the order of the rules file."""
    return {queue.id: queue for queue in all_queues(session) if sight(agent, queue) >= at_least}
