"""Working time: when something is due by a clock that stands still outside opening hours and on holidays."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import cast
from zoneinfo import ZoneInfo

from contact_hub.routing.calendars import DAYS_END, Calendar, Hours
from contact_hub.routing.rules import Clock, Decision, Queue, Rulebook, Unit

OFFICE: tuple[Hours, ...] = ((time(9), time(17)),)  # where the rules name no calendar: weekdays
LONGEST_CLOSED = 60  # days a calendar may be closed on end before it counts as one that never opens

Opening = tuple[datetime, datetime]


class NeverOpen(ValueError):
    """The calendar has no opening hours to count in."""


def due(rulebook: Rulebook, decision: Decision, start: datetime) -> datetime | None:
    """When a ticket that began at `start` must be solved, UTC: within the time its rules give, else its queue's.

    None where neither says one. A calendar closed for months on end counts as ordinary weekdays: a contact never waits for it.
    """
    queue = rulebook.queues[decision.queue]
    clock = _clock_in(decision.due) or queue.clock
    if clock is None:
        return None
    return within(rulebook, decision.queue, clock, start)


def within(rulebook: Rulebook, queue_id: str, clock: Clock, start: datetime) -> datetime:
    """When this time is over by the calendar of the queue, UTC; by ordinary weekdays where it never opens."""
    queue, zone = rulebook.queues.get(queue_id), rulebook.municipality.zone
    try:
        return due_by(clock, _calendar_of(rulebook, queue), zone, start)
    except NeverOpen:
        return due_by(clock, None, zone, start)


def due_by(clock: Clock, hours: Calendar | None, zone: ZoneInfo, start: datetime) -> datetime:
    """`start` plus the clock. Days and months end at the same time of day in the zone, hours run through.

    A working day lasts until the same time on the next day that opens, at the latest until that day closes.
    Raises NeverOpen for a calendar without an opening.
    """
    local = start.astimezone(zone)
    match clock.unit:
        case "hours":
            return start + timedelta(hours=clock.amount)
        case "days":
            return (local + timedelta(days=clock.amount)).astimezone(UTC)
        case "months":
            return _months_later(local, clock.amount).astimezone(UTC)
        case _:
            return _working_days_later(local, clock.amount, hours).astimezone(UTC)


def moved(rulebook: Rulebook, queue_id: str, due_at: datetime | None, since: datetime, until: datetime) -> datetime | None:
    """`due_at` later by the time between the two moments, UTC: by opening hours where the queue counts working days.

    A queue that the rules no longer know, or a calendar closed for months on end, moves it by the time as it ran.
    """
    if due_at is None:
        return None
    as_it_ran = due_at + (until - since)
    queue = rulebook.queues.get(queue_id)
    if queue is None or queue.clock is None or queue.clock.unit != "working days":
        return as_it_ran
    try:
        return _later_at_work(due_at, since, until, _calendar_of(rulebook, queue), rulebook.municipality.zone)
    except NeverOpen:
        return as_it_ran


def working_time(
    rulebook: Rulebook, queue_id: str, since: datetime, until: datetime, pauses: Iterable[tuple[datetime, datetime]] = ()
) -> timedelta:
    """How long the queue was open between the two moments, but for these pauses, which do not overlap.

    A calendar closed for months on end counts as ordinary weekdays.
    """
    hours, zone = _calendar_of(rulebook, rulebook.queues.get(queue_id)), rulebook.municipality.zone
    try:
        open_for = _open_between(hours, zone, since, until)
    except NeverOpen:
        hours, open_for = None, _open_between(None, zone, since, until)
    within_it = ((max(begin, since), min(end, until)) for begin, end in pauses)
    return open_for - sum((_open_between(hours, zone, begin, end) for begin, end in within_it), timedelta())


def open_at(rulebook: Rulebook, queue_id: str, moment: datetime) -> datetime:
    """The moment itself where the queue is open then, else when it opens next; by weekdays where it never opens."""
    zone, hours = rulebook.municipality.zone, _calendar_of(rulebook, rulebook.queues.get(queue_id))
    local = moment.astimezone(zone)
    try:
        return max(local, next(_open_from(hours, local, zone))[0])
    except NeverOpen:
        return max(local, next(_open_from(None, local, zone))[0])


def _open_between(hours: Calendar | None, zone: ZoneInfo, since: datetime, until: datetime) -> timedelta:
    time_open = timedelta()
    if since >= until:
        return time_open
    for begin, end in _open_from(hours, since.astimezone(zone), zone):
        if begin >= until:
            break
        time_open += _elapsed(max(begin, since), min(end, until))
    return time_open


def _later_at_work(due_at: datetime, since: datetime, until: datetime, hours: Calendar | None, zone: ZoneInfo) -> datetime:
    left = _open_between(hours, zone, since, until)
    if not left:
        return due_at
    for begin, end in _open_from(hours, due_at.astimezone(zone), zone):
        start = max(begin, due_at)
        if (length := _elapsed(start, end)) >= left:
            return start.astimezone(UTC) + left
        left -= length
    raise AssertionError("a calendar goes on for ever, or raises NeverOpen")


def _elapsed(begin: datetime, end: datetime) -> timedelta:
    """As it ran, also over the hour that comes twice."""
    return end.astimezone(UTC) - begin.astimezone(UTC)


def _open_from(hours: Calendar | None, local: datetime, zone: ZoneInfo) -> Iterator[Opening]:
    return chain.from_iterable(_opening_days(hours, local, zone))


def _clock_in(written: str) -> Clock | None:
    """The clock in a decision, such as `4 hours` or `3 working days`."""
    amount, _, unit = written.partition(" ")
    return Clock(int(amount), cast(Unit, unit)) if unit else None


def _calendar_of(rulebook: Rulebook, queue: Queue | None) -> Calendar | None:
    name = (queue.calendar if queue else "") or next(iter(rulebook.calendars), "")
    return rulebook.calendars.get(name)


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _working_days_later(local: datetime, days: int, hours: Calendar | None) -> datetime:
    """The same moment `days` working days on; what comes in while closed counts from the next opening."""
    zone = local.tzinfo
    assert isinstance(zone, ZoneInfo)  # set by due_by
    opening_days = _opening_days(hours, local, zone)
    openings = next(opening_days)
    start = max(local, openings[0][0])
    for _ in range(days):
        openings = next(opening_days)
    begin, end = openings[0][0], openings[-1][1]
    return min(max(datetime.combine(begin.date(), start.timetz()), begin), end)


def _opening_days(hours: Calendar | None, local: datetime, zone: ZoneInfo) -> Iterator[list[Opening]]:
    """From `local` on, the openings of each day that has any."""
    day, closed = local.date(), 0
    while closed <= LONGEST_CLOSED:
        openings = [each for each in _openings(hours, day, zone) if each[1] > local]
        closed = 0 if openings else closed + 1
        if openings:
            yield openings
        day += timedelta(days=1)
    raise NeverOpen("this calendar is closed for two months on end: no due date can be counted in it")


def _openings(hours: Calendar | None, day: date, zone: ZoneInfo) -> list[Opening]:
    spans = hours.hours_on(day) if hours else OFFICE if day.weekday() < 5 else ()
    return [(datetime.combine(day, begin, zone), _closing(day, end, zone)) for begin, end in spans]


def _closing(day: date, end: time, zone: ZoneInfo) -> datetime:
    """When it closes: at 24:00, as the next day begins."""
    return datetime.combine(day + timedelta(days=1), time.min, zone) if end == DAYS_END else datetime.combine(day, end, zone)
