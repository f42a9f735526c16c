"""Opening hours and closed days, as the rules file states them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When something is open: hours by weekday (0 is Monday), on the municipality's clock, unless the day is closed."""

    id: str
    opening_hours: Mapping[int, tuple[Hours, ...]]
    closed: frozenset[date] = field(default_factory=frozenset)
    belgian_holidays: bool = False

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """The opening hours of one day; none when closed."""
        if day in self.closed or (self.belgian_holidays and day in belgian_holidays(day.year)):
            return ()
        return self.opening_hours.get(day.weekday(), ())

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open at this moment, given on the municipality's clock."""
        clock = moment.time()
        return any(opens <= clock < closes for opens, closes in self.hours_on(moment.date()))


@cache
def belgian_holidays(year: int) -> frozenset[date]:
    """The public holidays of Belgium in one year."""
    return frozenset(holidays.country_holidays("BE", years=year))
