"""What lies open now: how much, how long already, and how long it will take at the pace of the last week."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session, joinedload

from contact_hub.database import now
from contact_hub.figures.ages import BANDS, WorkingAge, band_of
from contact_hub.history import VOID
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Ticket, is_open

PACE = 7  # days over which the daily number of resolved tickets is taken
PARTS = ("open", "untouched", "late", "resolved")


@dataclass
class Backlog:
    """The open tickets of a queue or a door; `ages` in working days, `resolved` those of the last PACE days."""

    ages: list[int] = field(default_factory=list)
    untouched: int = 0
    late: int = 0
    resolved: int = 0

    @property
    def n(self) -> int:
        """How many are open."""
        return len(self.ages)

    @property
    def days(self) -> float | None:
        """How many days it would take at the pace of the last week; None where nothing was resolved."""
        return self.n * PACE / self.resolved if self.resolved else None

    @property
    def bands(self) -> dict[str, int]:
        """How many fall into each band of ages."""
        counts = Counter(map(band_of, self.ages))
        return {band: counts[band] for band in BANDS}

    def percentile(self, share: float) -> int | None:
        """The age that `share` of the open tickets does not pass (nearest rank)."""
        return sorted(self.ages)[max(ceil(share * self.n), 1) - 1] if self.ages else None


@dataclass(frozen=True)
class Lying:
    """Which tickets stand behind a number of the backlog: one of PARTS, in a queue, by a door and of an age where given."""

    part: str = "open"
    queue: str = ""
    door: str = ""
    band: str = ""


@dataclass(frozen=True)
class Backlogs:
    """All open tickets, and those of each queue and each door."""

    total: Backlog
    queues: dict[str, Backlog]
    doors: dict[str, Backlog]


def backlog(session: Session, rulebook: Rulebook, among: ColumnElement[bool]) -> Backlogs:
    """What lies open now among these tickets. Quarantine and VOID outcomes are not counted."""
    moment = now()
    age = WorkingAge(rulebook, moment)
    by_queue: defaultdict[str, Backlog] = defaultdict(Backlog)
    by_door: defaultdict[str, Backlog] = defaultdict(Backlog)
    total = Backlog()
    lying = select(Ticket.queue_id, Ticket.channel, Ticket.opened_at, Ticket.status, Ticket.due_at)
    for queue, door, opened, status, due in session.execute(lying.where(_is_open(among))):
        days = age.of(queue, opened)
        for each in (total, by_queue[queue], by_door[door]):
            each.ages.append(days)
            each.untouched += status == "new"
            each.late += due is not None and due < moment and status != "waiting"
    resolved_by = select(Ticket.queue_id, Ticket.channel, func.count()).group_by(Ticket.queue_id, Ticket.channel)
    for queue, door, resolved in session.execute(resolved_by.where(_is_lately_resolved(among, moment))):
        for each in (total, by_queue[queue], by_door[door]):
            each.resolved += resolved
    return Backlogs(total, dict(by_queue), dict(by_door))


def tickets_behind(
    session: Session, number: Lying, rulebook: Rulebook, among: ColumnElement[bool], *, after: int, limit: int
) -> list[Ticket]:
    """The tickets after the one with id `after`, the oldest first, at most `limit` of them."""
    tickets = select(Ticket).options(joinedload(Ticket.queue)).where(_behind(number, rulebook, among))
    if after:
        place = select(Ticket.opened_at).where(Ticket.id == after, among).scalar_subquery()
        tickets = tickets.where(tuple_(Ticket.opened_at, Ticket.id) > tuple_(place, literal(after)))
    return list(session.scalars(tickets.order_by(Ticket.opened_at, Ticket.id).limit(limit)))


def _behind(number: Lying, rulebook: Rulebook, among: ColumnElement[bool]) -> ColumnElement[bool]:
    moment = now()
    found = _is_lately_resolved(among, moment) if number.part == "resolved" else _is_open(among)
    if number.queue:
        found = and_(found, Ticket.queue_id == number.queue)
    if number.part == "untouched":
        found = and_(found, Ticket.status == "new")
    if number.part == "late":
        found = and_(found, Ticket.due_at < moment, Ticket.status != "waiting")
    if number.door:
        found = and_(found, Ticket.channel == number.door)
    return and_(found, WorkingAge(rulebook, moment).within(number.band)) if number.band else found


def _is_open(among: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(among, is_open(), Ticket.screened.is_(False))


def _is_lately_resolved(among: ColumnElement[bool], moment: datetime) -> ColumnElement[bool]:
    lately = and_(Ticket.status == "resolved", Ticket.resolved_at >= moment - timedelta(days=PACE))
    return and_(among, lately, Ticket.screened.is_(False), Ticket.outcome.not_in(sorted(VOID)))
