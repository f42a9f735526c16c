"""How long tickets lie, in working days by the calendar of their queue, and the bands these ages fall into."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, true

from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Ticket

# A band holds the ages over the first number, up to and with the second.
BANDS: dict[str, tuple[int | None, int | None]] = {
    "0-1": (None, 1),
    "1-3": (1, 3),
    "3-5": (3, 5),
    "5-10": (5, 10),
    "over-10": (10, None),
}
LONGEST = 3660  # days looked back for the beginning of a band; nothing that lies is older


def band_of(age: int) -> str:
    """The band this age falls into."""
    return next(name for name, (_, longest) in BANDS.items() if longest is None or age <= longest)


class WorkingAge:
    """How many working days a ticket lies: the days after the one it came in, up to today, on which its queue opens."""

    def __init__(self, rulebook: Rulebook, moment: datetime) -> None:
        self._rulebook = rulebook
        self._zone: ZoneInfo = rulebook.municipality.zone
        self._today = moment.astimezone(self._zone).date()
        self._since = cache(self._count)

    def of(self, queue: str, opened: datetime) -> int:
        """In whole working days."""
        return self._since(self._calendar(queue), opened.astimezone(self._zone).date())

    def within(self, band: str) -> ColumnElement[bool]:
        """The tickets whose age falls into the band."""
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for queue in self._rulebook.queues:
            alike[self._calendar(queue)].append(queue)
        spans = (and_(Ticket.queue_id.in_(these), self._opened(band, calendar)) for calendar, these in alike.items())
        retired = Ticket.queue_id.not_in(list(self._rulebook.queues))
        return or_(and_(retired, self._opened(band, self._calendar(""))), *spans)

    def _opened(self, band: str, calendar: str) -> ColumnElement[bool]:
        over, longest = BANDS[band]
        since = true() if longest is None else Ticket.opened_at >= self._earliest(calendar, longest)
        return since if over is None else and_(since, Ticket.opened_at < self._earliest(calendar, over))

    def _earliest(self, calendar: str, age: int) -> datetime:
        """The first moment at which a ticket could come in to be no older than this today."""
        day = self._today
        for _ in range(LONGEST):
            age -= self._opens(calendar, day)
            if age < 0:
                break
            day -= timedelta(days=1)
        return datetime.combine(day, time(), self._zone).astimezone(UTC)

    def _calendar(self, queue: str) -> str:
        of_rules = self._rulebook.queues.get(queue)
        return (of_rules.calendar if of_rules else "") or next(iter(self._rulebook.calendars), "")

    def _count(self, calendar: str, opened: date) -> int:
        span = (self._today - opened).days
        return sum(self._opens(calendar, opened + timedelta(days=number)) for number in range(1, span + 1))

    def _opens(self, calendar: str, day: date) -> bool:
        of_rules = self._rulebook.calendars.get(calendar)
        return bool(of_rules.hours_on(day)) if of_rules else day.weekday() < 5
