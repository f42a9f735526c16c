"""Opening hours and closed days, as the rules file states them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[time, time]
DAYS_END = time.max
"""How `24:00` is read: the end of the day, which no moment of it reaches."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When something is open: hours by weekday (0 is Monday), on the municipality's clock, unless the day is closed.

    What it is called, by language, says nothing about when that is: two calendars with the same hours are equal.
    """

    id: str
    opening_hours: Mapping[int, tuple[Hours, ...]]
    closed: frozenset[date] = field(default_factory=frozenset)
    belgian_holidays: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """The opening hours of one day; none when closed."""
        if day in self.closed or (self.belgian_holidays and day in belgian_holidays(day.year)):
            return ()
        return self.opening_hours.get(day.weekday(), ())

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open at this moment, given on the municipality's clock."""
        clock = moment.time()
        return any(lies_between(clock, opens, closes) for opens, closes in self.hours_on(moment.date()))


def lies_between(clock: time, begin: time, end: time) -> bool:
    """Whether it is this time within a span of one day; its end is outside, unless that is the end of the day."""
    return begin <= clock and (clock < end or end == DAYS_END)


@cache
def belgian_holidays(year: int) -> frozenset[date]:
    """The public holidays of Belgium in one year."""
    return frozenset(holidays.country_holidays("BE", years=year))
