"""What is known of the moment of receipt: weekdays, hours, calendars, and the last days of rules."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contact_hub.routing.calendars import DAYS_END, Calendar
from contact_hub.routing.conditions import Hours, Open, Weekday
from contact_hub.routing.doctor.logic import TRUE, Logic
from contact_hub.routing.doctor.made_up import Draft

_DAYS_TRIED = 800
_PLEASANT = time(10, 0)


class Moments:
    """Propositions such as “received on a Monday before 12:00”.

    Of a calendar's closed days nothing is known but that there may be some; with `today`, what came in before is of no
    interest any more.
    """

    def __init__(self, logic: Logic, zone: ZoneInfo, today: date | None) -> None:
        self._logic = logic
        self._zone = zone
        self._today = today
        self._days = [logic.new() for _ in range(7)]
        self._before: dict[time, int] = {}
        self._not_after: dict[date, int] = {}
        self._closed: dict[str, int] = {}
        self._calendars: dict[str, tuple[Calendar, int]] = {}
        logic.knows(*self._days)
        logic.at_most_one(self._days)

    def of(self, condition: Open | Weekday | Hours) -> int:
        if isinstance(condition, Weekday):
            return self._logic.either([self._days[day] for day in condition.days])
        if isinstance(condition, Hours):
            return self._logic.either([self._between(*span) for span in condition.spans])
        calendar = condition.calendar
        if calendar.id not in self._calendars:
            self._calendars[calendar.id] = calendar, self._open(calendar)
        return self._calendars[calendar.id][1]

    def up_to(self, last: date | None) -> int:
        """Received on this day or before; always, when there is no last day."""
        if last is None:
            return TRUE
        if self._today is not None and last < self._today:
            return -TRUE
        return self._not_after.setdefault(last, self._logic.new())

    def settle(self) -> None:
        self._logic.ascending([self._before[moment] for moment in sorted(self._before)])
        self._logic.ascending([self._not_after[day] for day in sorted(self._not_after)])

    def write(self, model: frozenset[int], draft: Draft) -> None:
        """Gives the draft the first fitting moment; it keeps its own when no day of the next two years fits."""
        clock = self._clock(model)
        first = self._today or draft.received.date()
        passed = [day for day, atom in self._not_after.items() if atom not in model]
        first = max([first, *(day + timedelta(days=1) for day in passed)])
        days = (first + timedelta(days=number) for number in range(_DAYS_TRIED))
        moments = (datetime.combine(day, clock, self._zone) for day in days if self._days[day.weekday()] in model)
        for moment in moments:
            if all(calendar.is_open(moment) == (atom in model) for calendar, atom in self._calendars.values()):
                draft.received = moment.astimezone(UTC)
                return

    def _open(self, calendar: Calendar) -> int:
        days = [
            self._logic.every(
                [self._days[day], self._logic.either([self._between(*span) for span in spans if span[0] < span[1]])]
            )
            for day, spans in calendar.opening_hours.items()
        ]
        may_close = calendar.closed or calendar.belgian_holidays
        return self._logic.every([self._logic.either(days), *([self._logic.new()] if may_close else [])])

    def _between(self, begin: time, end: time) -> int:
        after, before = -self._earlier(begin), self._earlier(end)
        return self._logic.every([after, before]) if begin < end else self._logic.either([after, before])

    def _earlier(self, moment: time) -> int:
        if moment in (time.min, DAYS_END):
            return TRUE if moment == DAYS_END else -TRUE
        return self._before.setdefault(moment, self._logic.new())

    def _clock(self, model: frozenset[int]) -> time:
        begin = max((moment for moment, atom in self._before.items() if atom not in model), default=time.min)
        end = min((moment for moment, atom in self._before.items() if atom in model), default=time.max)
        return _PLEASANT if begin <= _PLEASANT < end else begin
