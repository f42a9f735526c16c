"""The moments that are offered when a ticket is put off: each within the opening hours of its queue."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from flask_babel import lazy_gettext as _l

from contact_hub import calendars
from contact_hub.routing.rules import Rulebook

MORNING = time(9)
SOON = timedelta(hours=3)


def moments(rulebook: Rulebook, queue_id: str, now: datetime) -> Sequence[tuple[object, datetime]]:
    """What each is called, and when it is: at that time, or when the queue opens next; none of them twice."""
    here = now.astimezone(rulebook.municipality.zone)
    monday = timedelta(days=7 - here.weekday())
    offered = {
        _l("Later today"): (here + SOON).replace(minute=0, second=0, microsecond=0),
        _l("Tomorrow"): _morning(here, timedelta(days=1)),
        _l("Monday"): _morning(here, monday),
        _l("In a week"): _morning(here, timedelta(days=7)),
    }
    found = [(words, calendars.open_at(rulebook, queue_id, moment)) for words, moment in offered.items()]
    today = [each for each in found[:1] if each[1].date() == here.date()]
    once = {moment: words for words, moment in reversed([*today, *found[1:]])}
    return [(words, moment) for moment, words in sorted(once.items(), key=lambda each: each[0])]


def _morning(here: datetime, later: timedelta) -> datetime:
    return datetime.combine((here + later).date(), MORNING, here.tzinfo)
