"""Conditions as the rules file writes them, on one short line."""

from collections.abc import Iterable

from contact_hub.routing import conditions as c
from contact_hub.routing.calendars import WEEKDAYS, Hours
from contact_hub.routing.words import AtLeast, Pattern, Word

MOST_SHOWN = 4
"""So many members of a list are written out; the rest is an ellipsis."""


def shown(what: c.Condition | Word) -> str:
    """A condition or a word in the syntax of the file: `text: [gas, gaz, …]`."""
    if isinstance(what, c.Every | c.Either):
        name = "all" if isinstance(what, c.Every) else "any"
        return shown(what.parts[0]) if len(what.parts) == 1 else f"{name}: {_several(map(_braced, what.parts))}"
    if isinstance(what, c.Not):
        return f"not: {_braced(what.part)}"
    if isinstance(what, AtLeast):
        return f"{{at least: {what.number}, of: {_several(map(shown, what.words))}}}"
    if isinstance(what, Pattern):
        return f"{{pattern: {what.written}}}"
    return _leaf(what) if not hasattr(what, "written") else str(what.written)


def _leaf(what: c.Condition | Word) -> str:
    match what:
        case c.Contains(field, words):
            return f"{field}: {_listed(map(shown, words))}"
        case c.OneOf(field, values):
            return f"{field}: {_listed(sorted(values))}"
        case c.Address(field, values):
            return f"{field}: {_listed(values)}"
        case c.Postcode(ranges):
            return f"postcode: {_listed(map(_range, ranges))}"
        case c.OpenTickets(ranges):
            return f"person.open tickets: {_listed(map(_range, ranges))}"
        case c.Known(known):
            return f"person.known: {'yes' if known else 'no'}"
        case c.Open(calendar):
            return f"received: {{inside: {calendar.id}}}"
        case c.Weekday(days):
            return f"received: {{weekday: {_listed(WEEKDAYS[day] for day in sorted(days))}}}"
        case c.Hours(spans):
            return f"received: {{hours: {_listed(map(_span, spans))}}}"
        case c.Has(fields):
            return f"has: {_listed(fields)}"
    return type(what).__name__.lower()


def _braced(condition: c.Condition) -> str:
    return f"{{{shown(condition)}}}"


def _listed(members: Iterable[str]) -> str:
    written = list(members)
    return written[0] if len(written) == 1 else _several(written)


def _several(members: Iterable[str]) -> str:
    written = list(members)
    return f"[{', '.join([*written[:MOST_SHOWN], *(['…'] if len(written) > MOST_SHOWN else [])])}]"


def _range(span: tuple[int, int]) -> str:
    first, last = span
    if last == c.MANY:
        return f"{first}+"
    return str(first) if first == last else f"{first}-{last}"


def _span(span: Hours) -> str:
    begin, end = span
    return f"{begin:%H:%M}-{end:%H:%M}"
