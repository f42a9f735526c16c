"""What lies open now: how much, how long already, and how long it will take at the pace of the last week."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from contact_hub.database import now
from contact_hub.history import VOID
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import OPEN, Ticket

BANDS = (1, 3, 5, 10)  # working days; what is older stands in a band of its own
PACE = 7  # days over which the daily number of resolved tickets is taken
PARTS = ("open", "untouched", "late")


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
    def bands(self) -> list[int]:
        """How many are at most 1, 3, 5, 10 working days old, each without those of the bands before, and older."""
        counts = Counter(next((band for band in BANDS if age <= band), None) for age in self.ages)
        return [counts[band] for band in (*BANDS, None)]

    def percentile(self, share: float) -> int | None:
        """The age that `share` of the open tickets does not pass (nearest rank)."""
        return sorted(self.ages)[max(ceil(share * self.n), 1) - 1] if self.ages else None


@dataclass(frozen=True)
class Backlogs:
    """All open tickets, and those of each queue and each door."""

    total: Backlog
    queues: dict[str, Backlog]
    doors: dict[str, Backlog]


def backlog(session: Session, rulebook: Rulebook, queues: Iterable[str]) -> Backlogs:
    """What lies open in these queues now. Quarantine and VOID outcomes are not counted."""
    among, moment = list(queues), now()
    age = _WorkingAge(rulebook, moment)
    by_queue: defaultdict[str, Backlog] = defaultdict(Backlog)
    by_door: defaultdict[str, Backlog] = defaultdict(Backlog)
    total = Backlog()
    lying = select(Ticket.queue_id, Ticket.channel, Ticket.opened_at, Ticket.status, Ticket.due_at)
    for queue, door, opened, status, due in session.execute(lying.where(_is_open(among))):
        days = age.of(queue, opened)
        for each in (total, by_queue[queue], by_door[door]):
            each.ages.append(days)
            each.untouched += status == "new"
            each.late += due is not None and due < moment
    for queue, door, resolved in session.execute(_lately_resolved(among, moment)):
        for each in (total, by_queue[queue], by_door[door]):
            each.resolved += resolved
    return Backlogs(total, dict(by_queue), dict(by_door))


def open_tickets(
    session: Session, queues: Iterable[str], *, part: str = "open", queue: str = "", door: str = "", after: int, limit: int
) -> list[Ticket]:
    """The tickets behind a number of the backlog; `part` is one of PARTS."""
    tickets = select(Ticket).options(joinedload(Ticket.queue)).where(_is_open(list(queues)), Ticket.id > after)
    if part == "untouched":
        tickets = tickets.where(Ticket.status == "new")
    if part == "late":
        tickets = tickets.where(Ticket.due_at < now())
    if queue:
        tickets = tickets.where(Ticket.queue_id == queue)
    if door:
        tickets = tickets.where(Ticket.channel == door)
    return list(session.scalars(tickets.order_by(Ticket.id).limit(limit)))


def _is_open(queues: Sequence[str]) -> ColumnElement[bool]:
    return and_(Ticket.queue_id.in_(queues), Ticket.status.in_(OPEN), Ticket.screened.is_(False))


def _lately_resolved(queues: Sequence[str], moment: datetime) -> Select[str, str, int]:
    return (
        select(Ticket.queue_id, Ticket.channel, func.count())
        .where(Ticket.queue_id.in_(queues), Ticket.status == "resolved", Ticket.screened.is_(False))
        .where(Ticket.resolved_at >= moment - timedelta(days=PACE), Ticket.outcome.not_in(sorted(VOID)))
        .group_by(Ticket.queue_id, Ticket.channel)
    )


class _WorkingAge:
    """How many working days a ticket lies: the days after the one it came in, up to today, on which its queue opens."""

    def __init__(self, rulebook: Rulebook, moment: datetime) -> None:
        self._rulebook = rulebook
        self._zone: ZoneInfo = rulebook.municipality.zone
        self._today = moment.astimezone(self._zone).date()
        self._since = cache(self._count)

    def of(self, queue: str, opened: datetime) -> int:
        """In whole working days."""
        return self._since(self._calendar(queue), opened.astimezone(self._zone).date())

    def _calendar(self, queue: str) -> str:
        of_rules = self._rulebook.queues.get(queue)
        return (of_rules.calendar if of_rules else "") or next(iter(self._rulebook.calendars), "")

    def _count(self, calendar: str, opened: date) -> int:
        span = (self._today - opened).days
        return sum(self._opens(calendar, opened + timedelta(days=number)) for number in range(1, span + 1))

    def _opens(self, calendar: str, day: date) -> bool:
        of_rules = self._rulebook.calendars.get(calendar)
        return bool(of_rules.hours_on(day)) if of_rules else day.weekday() < 5
