"""When something is due: working time, weekends, holidays, and the hour that comes twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from contact_hub.calendars import NeverOpen, due, due_by, moved
from contact_hub.routing.calendars import DAYS_END, Calendar
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.rules import Clock, Decision
from tests.builders import RULES

BRUSSELS = ZoneInfo("Europe/Brussels")
OFFICE = read_rulebook(RULES).calendars["office"]


def at(written: str) -> datetime:
    """A moment on the clock of the town hall."""
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("came_in", "days", "is_due"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 10:00"),  # Monday to Tuesday
        ("2026-11-20 10:00", 1, "2026-11-23 10:00"),  # over the weekend
        ("2026-11-23 10:00", 5, "2026-11-30 10:00"),
        ("2026-11-21 15:00", 1, "2026-11-24 09:00"),  # Saturday counts from Monday's opening
        ("2026-11-23 20:00", 1, "2026-11-25 09:00"),  # after closing counts from the next opening
        ("2026-11-23 06:00", 1, "2026-11-24 09:00"),  # before opening counts from that opening
        ("2026-11-10 10:00", 1, "2026-11-12 10:00"),  # the eleventh of November is a holiday
        ("2026-12-23 10:00", 1, "2026-12-28 10:00"),  # local closing day, Christmas, weekend
        ("2026-11-23 17:00", 1, "2026-11-25 09:00"),  # closing time is closed already
    ],
)
def test_working_days_run_only_while_the_town_hall_opens(came_in: str, days: int, is_due: str) -> None:
    assert due_by(Clock(days, "working days"), OFFICE, BRUSSELS, at(came_in)) == at(is_due)


@pytest.mark.parametrize(
    ("clock", "came_in", "is_due"),
    [
        (Clock(4, "hours"), "2026-11-21 23:00", "2026-11-22 03:00"),
        (Clock(45, "days"), "2026-11-23 10:00", "2027-01-07 10:00"),
        (Clock(1, "months"), "2026-01-31 10:00", "2026-02-28 10:00"),
        (Clock(1, "months"), "2026-12-15 10:00", "2027-01-15 10:00"),
        (Clock(1, "days"), "2026-10-24 10:00", "2026-10-25 10:00"),  # a day of 25 hours ends at the same time of day
        (Clock(1, "days"), "2026-03-28 10:00", "2026-03-29 10:00"),  # and one of 23 hours too
    ],
)
def test_other_clocks_run_through(clock: Clock, came_in: str, is_due: str) -> None:
    assert due_by(clock, OFFICE, BRUSSELS, at(came_in)) == at(is_due)


def test_hours_are_real_hours_in_the_night_the_clock_goes_back() -> None:
    came_in = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)

    assert due_by(Clock(4, "hours"), OFFICE, BRUSSELS, came_in) == datetime(2026, 10, 25, 3, 0, tzinfo=UTC)


def test_a_calendar_open_until_24_00_is_open_in_the_last_moment_of_the_day() -> None:
    late = Calendar("late", {day: ((time(20), DAYS_END),) for day in range(7)})
    last = at("2026-11-23 23:59:59.999999")

    assert due_by(Clock(1, "working days"), late, BRUSSELS, last) == last + timedelta(days=1)


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(NeverOpen):
        due_by(Clock(1, "working days"), Calendar("closed", {}), BRUSSELS, at("2026-11-23 10:00"))


def test_a_queue_whose_calendar_is_closed_for_months_counts_ordinary_weekdays() -> None:
    days = ", ".join(f'"{date(2026, 11, 20) + timedelta(days=day)}"' for day in range(100))
    rules = RULES.replace("closed: [belgian holidays, 2026-12-24]", f"closed: [{days}]")

    assert due(read_rulebook(rules), Decision(queue="onthaal"), at("2026-11-23 10:00")) == at("2026-11-24 10:00")


def test_a_queue_without_a_clock_promises_nothing() -> None:
    assert due(read_rulebook(RULES), Decision(queue="groen"), at("2026-11-23 10:00")) is None


def test_the_time_a_rule_gives_comes_before_that_of_the_queue() -> None:
    decision = Decision(queue="wegen", due="4 hours")

    assert due(read_rulebook(RULES), decision, at("2026-11-23 10:00")) == at("2026-11-23 14:00")


def test_due_dates_are_in_utc() -> None:
    moment = due(read_rulebook(RULES), Decision(queue="onthaal"), at("2026-11-23 10:00"))

    assert moment is not None
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("queue", "since", "until", "is_due"),
    [
        ("wegen", "2026-11-23 10:00", "2026-11-23 11:00", "2026-11-27 11:00"),
        ("wegen", "2026-11-20 15:00", "2026-11-23 10:00", "2026-11-27 14:00"),  # a weekend is no working time; over noon
        ("wegen", "2026-11-21 10:00", "2026-11-22 10:00", "2026-11-27 10:00"),
        ("wegen", "2026-11-24 09:00", "2026-11-25 09:00", "2026-11-30 10:00"),  # a whole day: into the next week
        ("ombuds", "2026-11-20 16:00", "2026-11-23 10:00", "2026-11-30 04:00"),  # a clock that runs through
        ("gone", "2026-11-23 10:00", "2026-11-23 11:00", "2026-11-27 11:00"),
    ],
)
def test_what_was_waited_is_left_again(queue: str, since: str, until: str, is_due: str) -> None:
    assert moved(read_rulebook(RULES), queue, at("2026-11-27 10:00"), at(since), at(until)) == at(is_due)
