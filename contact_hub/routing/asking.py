"""What a single condition asks of which field, as the file writes it, and what a contact has there."""

from collections.abc import Iterable
from datetime import time

from contact_hub.routing import conditions as c
from contact_hub.routing.calendars import DAYS_END, WEEKDAYS
from contact_hub.routing.fields import ADDRESSES, EXACT, Reading


def asked(condition: c.Condition) -> tuple[str, tuple[str, ...]]:
    """The field and the words or values of a condition that holds no others; empty for one that does."""
    match condition:
        case c.Contains(field, words):
            return field, tuple(word.written for word in words)
        case c.OneOf(field, values):
            return field, tuple(sorted(values))
        case c.Address(field, addresses):
            return field, addresses
        case c.Postcode(ranges):
            return "postcode", _spans(ranges)
        case c.OpenTickets(ranges):
            return "person.open tickets", _spans(ranges)
        case c.Known(known):
            return "person.known", (_yes_or_no(known),)
        case c.Open(calendar):
            return "received inside", (calendar.id,)
        case c.Weekday(days):
            return "received weekday", tuple(WEEKDAYS[day] for day in sorted(days))
        case c.Hours(spans):
            return "received hours", tuple(f"{_clock(begin)}-{_clock(end)}" for begin, end in spans)
        case c.Has(fields):
            return "has", fields
    return "", ()


def given(condition: c.Condition, reading: Reading) -> tuple[str, ...]:
    """What the contact has in the field this condition asks about: of words and of `has`, those that are there."""
    field, values = asked(condition)
    if isinstance(condition, c.Contains):
        return tuple(word.written for word in condition.words if word.stands_in(field, reading))
    if isinstance(condition, c.Has):
        return tuple(name for name in values if reading.has(name))
    if field in ADDRESSES:
        return reading.addresses(field)
    if field in EXACT:
        return tuple(filter(None, [reading.exact(field)]))
    if field.startswith("received"):
        return (f"{WEEKDAYS[reading.received.weekday()]} {reading.received:%Y-%m-%d %H:%M}",)
    person = reading.contact.person
    simple = {
        "postcode": reading.contact.postcode,
        "person.known": _yes_or_no(person.known),
        "person.open tickets": str(person.open_tickets),
    }
    return tuple(filter(None, [simple.get(field, "")]))


def _spans(ranges: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(_span(first, last) for first, last in ranges)


def _span(first: int, last: int) -> str:
    if last == c.MANY:
        return f"{first}+"
    return str(first) if first == last else f"{first}-{last}"


def _clock(moment: time) -> str:
    return "24:00" if moment == DAYS_END else f"{moment:%H:%M}"


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
