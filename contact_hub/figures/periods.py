"""The days a figure covers, on the municipality's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begin(self) -> datetime:
        """The moment it begins, UTC."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it, UTC."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)


def lately(days: int, today: date, zone: ZoneInfo) -> Period:
    """So many days, of which today is the last."""
    return Period(today - timedelta(days=days - 1), today, zone)


def between(first: str, last: str, zone: ZoneInfo) -> Period | None:
    """The period between two days written as 2026-11-23; None where they make none."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    if not date(2000, 1, 1) <= begin <= end <= date(2999, 12, 31) or end - begin > LONGEST:
        return None
    return Period(begin, end, zone)
