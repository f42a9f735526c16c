"""What the inbox shows: the tickets of a view, page by page, and how many wait in each queue; only what somebody sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from contact_hub import editions, mentions
from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.history import Segment
from contact_hub.pauses import at_work, resting
from contact_hub.queues import Queue
from contact_hub.tickets import OPEN, Ticket
from contact_hub.visibility import Sight, queues_in_sight, sight, tickets_in_sight
from contact_hub.web.filters import Filter, narrowed, order_of

PAGE = 50  # tickets
SOON = timedelta(hours=24)  # what is due within this time is due soon


@dataclass(frozen=True)
class Page:
    """The tickets of one page, and the place where the next one begins; empty on the last.

    `returned` are the ids of those that came back from whom they were handed over to.
    """

    tickets: Sequence[Ticket]
    next: str
    returned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Counts:
    """How many open tickets each queue and each view holds."""

    queues: Mapping[str, int]
    views: Mapping[str, int]


@dataclass(frozen=True)
class Desk:
    """The queues one person sees: the own ones, those seen whole, and those of which only the state is seen.

    `asked` are the ids of the tickets, wherever they stand, that they see whole because they were asked about them.
    """

    agent: Agent
    queues: Mapping[str, Queue]
    asked: frozenset[int] = frozenset()

    @classmethod
    def of(cls, session: Session, agent: Agent) -> "Desk":
        """What this person has in sight."""
        return cls(agent, queues_in_sight(session, agent), mentions.tickets_asked_about(session, agent))

    @property
    def own(self) -> list[Queue]:
        """The queues the person is a member of."""
        return [queue for queue in self.queues.values() if queue.id in self.agent.queue_ids]

    @property
    def others(self) -> list[Queue]:
        """The other queues seen whole."""
        return [queue for queue in self.queues.values() if queue.id not in self.agent.queue_ids and self.sees(queue)]

    @property
    def partial(self) -> list[Queue]:
        """The queues of which only the state is seen."""
        return [queue for queue in self.queues.values() if not self.sees(queue)]

    def sees(self, queue: Queue) -> bool:
        """Whether the person sees the tickets of this queue whole, but for confidential ones."""
        return sight(self.agent, queue) == Sight.FULL

    def reads(self, ticket: Ticket) -> bool:
        """Whether the person sees this ticket whole."""
        return ticket.id in self.asked or sight(self.agent, ticket.queue, confidential=ticket.confidential) == Sight.FULL

    def narrows(self, queue_id: str) -> bool:
        """Whether a list may be narrowed: not that of a queue of which only the state is seen, for that would tell more."""
        return queue_id not in self.queues or self.sees(self.queues[queue_id])

    def shown(self) -> ColumnElement[bool]:
        """The tickets to list: whole ones of queues seen whole, where only the state is seen those of which it is.

        So a confidential ticket never stands among others that somebody sees whole, to be told by its place.
        """
        partial = [queue.id for queue in self.partial]
        state = and_(Ticket.queue_id.in_(partial), tickets_in_sight(self.agent, self.queues.values()))
        return or_(tickets_in_sight(self.agent, self.queues.values(), Sight.FULL), state)


def page(session: Session, desk: Desk, wanted: Filter) -> Page:
    """One page of tickets in the order asked for; a place that can't be read is the first."""
    tickets = _of_view(desk, wanted)
    if wanted.narrowing and desk.narrows(wanted.queue):
        tickets = tickets.where(tickets_in_sight(desk.agent, desk.queues.values(), Sight.FULL))
        tickets = narrowed(session, tickets, wanted, editions.deciding(session).rulebook.municipality.zone)
    order = order_of(wanted)
    tickets = tickets.options(joinedload(Ticket.person), joinedload(Ticket.owner), joinedload(Ticket.queue))
    found = list(session.scalars(order.sorted(tickets, wanted.after).limit(PAGE + 1)))
    shown, onward = found[:PAGE], order.written(found[PAGE - 1]) if len(found) > PAGE else ""
    returned = select(Segment.ticket_id).where(
        Segment.ticket_id.in_([ticket.id for ticket in shown]), Segment.ended_at.is_(None), Segment.why == "returned"
    )
    return Page(shown, onward, frozenset(session.scalars(returned)))


def all_of(session: Session, desk: Desk, wanted: Filter, most: int) -> list[int]:
    """The ids of the tickets of the view that the person sees whole, in its order; at most so many."""
    tickets = _of_view(desk, wanted).where(tickets_in_sight(desk.agent, desk.queues.values(), Sight.FULL))
    tickets = narrowed(session, tickets, wanted, editions.deciding(session).rulebook.municipality.zone)
    return list(session.scalars(order_of(wanted).sorted(tickets, "").with_only_columns(Ticket.id).limit(most)))


def how_many(session: Session, desk: Desk, wanted: Filter, most: int) -> int:
    """How many tickets the view holds, counted no further than `most`."""
    return len(all_of(session, desk, wanted, most))


def counts(session: Session, desk: Desk) -> Counts:
    """Open tickets by queue and by view."""
    every, moment = func.count(), now()
    numbers = {
        "open": every,
        "team": every.filter(at_work()),
        "unassigned": every.filter(Ticket.owner_id.is_(None), at_work()),
        "mine": every.filter(Ticket.owner_id == desk.agent.id, at_work()),
        "overdue": every.filter(Ticket.due_at < moment, at_work()),
        "soon": every.filter(Ticket.due_at.between(moment, moment + SOON), at_work()),
        "waiting": every.filter(resting()),
    }
    found = select(Ticket.queue_id, *(number.label(view) for view, number in numbers.items()))
    rows = session.execute(found.where(desk.shown(), Ticket.status.in_(OPEN)).group_by(Ticket.queue_id))
    queues: dict[str, int] = dict.fromkeys(desk.queues, 0)
    views = dict.fromkeys(numbers, 0)
    for row in rows.mappings():
        queues[row["queue_id"]] = row["open"]
        if desk.sees(desk.queues[row["queue_id"]]):
            for view in numbers:
                views[view] += row[view] if view != "team" or row["queue_id"] in desk.agent.queue_ids else 0
    called = select(every).select_from(Ticket).where(_waits_for(desk))
    return Counts(queues, views | {"asked": session.scalar(called) or 0})


def _of_view(desk: Desk, wanted: Filter) -> Select[Ticket]:
    """The tickets of the view, of queues in sight alone.

    A queue of which only the state is seen must be asked for, and takes no filter by what is not seen of it. What somebody
    handed over they know of: there it stands with its state.
    """
    whole = [queue.id for queue in (*desk.own, *desk.others)]
    within = [queue.id for queue in desk.own] if wanted.view == "team" else whole
    if wanted.view == "handed":
        within = list(desk.queues)
    if wanted.queue:
        within = [wanted.queue] if wanted.queue in desk.queues else []
    tickets = select(Ticket).where(Ticket.queue_id.in_(within), desk.shown())
    if wanted.view == "asked":
        return select(Ticket).where(_waits_for(desk))
    if wanted.view == "handed":
        return tickets.where(_handed_over_by(desk.agent))
    tickets = tickets.where(Ticket.status.in_(("resolved",) if wanted.view == "resolved" else OPEN))
    if not desk.narrows(wanted.queue):
        return tickets
    if wanted.view in ("team", "mine", "unassigned", "overdue", "soon"):
        tickets = tickets.where(at_work())
    match wanted.view:
        case "mine":
            return tickets.where(Ticket.owner_id == desk.agent.id)
        case "unassigned":
            return tickets.where(Ticket.owner_id.is_(None))
        case "overdue":
            return tickets.where(Ticket.due_at < now())
        case "waiting":
            return tickets.where(resting())
        case "soon":
            return tickets.where(Ticket.due_at.between(now(), now() + SOON))
    return tickets


def _waits_for(desk: Desk) -> ColumnElement[bool]:
    """What calls this person in, as far as they see it whole."""
    whole = or_(tickets_in_sight(desk.agent, desk.queues.values(), Sight.FULL), mentions.asked_about(desk.agent))
    return and_(mentions.waits_for(desk.agent), whole)


def _handed_over_by(agent: Agent) -> ColumnElement[bool]:
    mine = select(Segment.ticket_id).where(Segment.by_id == agent.id, Segment.why == "handed_over")
    return Ticket.id.in_(mine)
