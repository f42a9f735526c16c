"""Days and moments as people write them in forms and addresses."""

from datetime import date, datetime

YEARS = range(1900, 3000)  # in any time zone, what lies within has a day before and a day after


def day_in(written: str) -> date:
    """The day written as 2026-11-24. Raises ValueError where it is none, or of no year that anybody means."""
    return _meant(date.fromisoformat(written))


def moment_in(written: str) -> datetime:
    """The moment written as 2026-11-24T10:00, with or without a zone. Raises ValueError."""
    moment = datetime.fromisoformat(written)
    _meant(moment.date())
    return moment


def _meant(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"{day} is too far away")
    return day
