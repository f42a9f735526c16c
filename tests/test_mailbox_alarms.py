"""A mailbox is silent for longer than usual when by its own habits mail should have come."""

from datetime import UTC, date, datetime, timedelta

from contact_hub.mailbox_alarms import SURPRISING, expected_since, secret_runs_out
from contact_hub.mailboxes import MailboxDay

FRIDAY = datetime(2026, 11, 20, 16, tzinfo=UTC)


def usual_days(weeks: int = 4) -> list[MailboxDay]:
    """Ten mails an hour in office hours on working days, and none else."""
    hours = [10 if 8 <= hour < 17 else 0 for hour in range(24)]
    days = [FRIDAY.date() - timedelta(days=number) for number in range(weeks * 7)]
    return [MailboxDay(mailbox="m", uid_validity=1, day=day, read=90, hours=hours) for day in days if day.weekday() < 5]


def test_a_weekend_is_no_silence_and_a_monday_morning_is() -> None:
    days = usual_days()
    assert expected_since(days, FRIDAY + timedelta(minutes=50), FRIDAY + timedelta(days=2)) < SURPRISING
    assert expected_since(days, FRIDAY + timedelta(minutes=50), FRIDAY + timedelta(days=3, hours=-6)) > SURPRISING


def test_of_a_mailbox_hardly_known_nothing_is_said() -> None:
    assert expected_since(usual_days(weeks=1), FRIDAY, FRIDAY + timedelta(days=9)) == 0


def test_a_secret_is_told_of_a_month_ahead() -> None:
    assert secret_runs_out(date(2026, 12, 10), FRIDAY)
    assert not secret_runs_out(date(2027, 3, 1), FRIDAY)
    assert not secret_runs_out(None, FRIDAY)
