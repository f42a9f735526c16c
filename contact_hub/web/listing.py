"""What the inbox shows: the tickets of a view, page by page, and how many wait in each queue; only what somebody sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from contact_hub.agents import Agent
from contact_hub.database import UTCDateTime
from contact_hub.queues import Queue
from contact_hub.tickets import OPEN, Ticket
from contact_hub.visibility import Sight, queues_in_sight, sight, sight_of, tickets_in_sight

VIEWS = ("team", "mine", "unassigned", "open", "resolved")
PAGE = 50  # tickets
NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # where a ticket without a due date stands in the order

_due = func.coalesce(Ticket.due_at, literal(NEVER, UTCDateTime), type_=UTCDateTime)


@dataclass(frozen=True)
class Filter:
    """What somebody wants to see: a view, within one queue and one door where these are given, after a place in it."""

    view: str = "team"
    queue: str = ""
    door: str = ""
    after: str = ""


@dataclass(frozen=True)
class Page:
    """The tickets of one page, and the place where the next one begins; empty on the last."""

    tickets: Sequence[Ticket]
    next: str


@dataclass(frozen=True)
class Counts:
    """How many open tickets each queue and each view holds."""

    queues: Mapping[str, int]
    views: Mapping[str, int]


@dataclass(frozen=True)
class Desk:
    """The queues one person sees: the own ones, those seen whole, and those of which only the state is seen."""

    agent: Agent
    queues: Mapping[str, Queue]

    @classmethod
    def of(cls, session: Session, agent: Agent) -> "Desk":
        """What this person has in sight."""
        return cls(agent, queues_in_sight(session, agent))

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
        return sight_of(self.agent, ticket) == Sight.FULL

    def shown(self) -> ColumnElement[bool]:
        """The tickets to list: whole ones of queues seen whole, where only the state is seen those of which it is.

        So a confidential ticket never stands among others that somebody sees whole, to be told by its place.
        """
        partial = [queue.id for queue in self.partial]
        state = and_(Ticket.queue_id.in_(partial), tickets_in_sight(self.agent, self.queues.values()))
        return or_(tickets_in_sight(self.agent, self.queues.values(), Sight.FULL), state)


def page(session: Session, desk: Desk, wanted: Filter) -> Page:
    """One page of tickets in the order in which they should be worked on; a place that can't be read is the first."""
    tickets = _of_view(desk, wanted).options(joinedload(Ticket.person), joinedload(Ticket.owner), joinedload(Ticket.queue))
    after = _resolved_after if wanted.view == "resolved" else _open_after
    tickets = after(tickets, wanted.after)
    found = list(session.scalars(tickets.limit(PAGE + 1)))
    return Page(found[:PAGE], _place(wanted, found[PAGE - 1]) if len(found) > PAGE else "")


def counts(session: Session, desk: Desk) -> Counts:
    """Open tickets by queue and by view."""
    every = func.count()
    rows = session.execute(
        select(
            Ticket.queue_id,
            every,
            every.filter(Ticket.owner_id.is_(None)),
            every.filter(Ticket.owner_id == desk.agent.id),
        )
        .where(desk.shown(), Ticket.status.in_(OPEN))
        .group_by(Ticket.queue_id)
    )
    queues: dict[str, int] = dict.fromkeys(desk.queues, 0)
    views = dict.fromkeys(VIEWS, 0)
    for queue_id, number, unassigned, mine in rows:
        queues[queue_id] = number
        if desk.sees(desk.queues[queue_id]):
            views["open"] += number
            views["team"] += number if queue_id in desk.agent.queue_ids else 0
            views["unassigned"] += unassigned
            views["mine"] += mine
    return Counts(queues, views)


def _of_view(desk: Desk, wanted: Filter) -> Select[Ticket]:
    """The tickets of the view, of queues in sight alone.

    A queue of which only the state is seen must be asked for, and takes no filter by what is not seen of it.
    """
    whole = [queue.id for queue in (*desk.own, *desk.others)]
    within = [queue.id for queue in desk.own] if wanted.view == "team" else whole
    if wanted.queue:
        within = [wanted.queue] if wanted.queue in desk.queues else []
    statuses = ("resolved",) if wanted.view == "resolved" else OPEN
    tickets = select(Ticket).where(Ticket.queue_id.in_(within), Ticket.status.in_(statuses), desk.shown())
    if wanted.queue and wanted.queue not in whole:
        return tickets
    if wanted.view == "mine":
        tickets = tickets.where(Ticket.owner_id == desk.agent.id)
    if wanted.view == "unassigned":
        tickets = tickets.where(Ticket.owner_id.is_(None))
    return tickets.where(Ticket.channel == wanted.door) if wanted.door else tickets


def _open_after(tickets: Select[Ticket], after: str) -> Select[Ticket]:
    ordered = tickets.order_by(Ticket.rank, _due, Ticket.id)
    place = _read(after, 3)
    if place is None:
        return ordered
    due = literal(datetime.fromisoformat(place[1]), UTCDateTime)
    return ordered.where(tuple_(Ticket.rank, _due, Ticket.id) > tuple_(literal(int(place[0])), due, literal(int(place[2]))))


def _resolved_after(tickets: Select[Ticket], after: str) -> Select[Ticket]:
    ordered = tickets.order_by(Ticket.resolved_at.desc(), Ticket.id.desc())
    place = _read(after, 2)
    if place is None:
        return ordered
    at, number = literal(datetime.fromisoformat(place[0]), UTCDateTime), literal(int(place[1]))
    return ordered.where(tuple_(Ticket.resolved_at, Ticket.id) < tuple_(at, number))


def _place(wanted: Filter, last: Ticket) -> str:
    """Where the next page begins, for the address."""
    if wanted.view == "resolved" and last.resolved_at:
        return f"{last.resolved_at.isoformat()}~{last.id}"
    return f"{last.rank}~{(last.due_at or NEVER).isoformat()}~{last.id}"


def _read(place: str, parts: int) -> list[str] | None:
    """The parts of a place; None where somebody made one up."""
    found = place.split("~")
    if len(found) != parts:
        return None
    try:
        moment = datetime.fromisoformat(found[-2])
        numbers = [int(found[-1]), int(found[0]) if parts == 3 else 0]
    except ValueError:
        return None
    return found if moment.tzinfo and all(abs(number) < 2**31 for number in numbers) else None
