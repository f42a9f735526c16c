"""Says, in a sentence for a supervisor, why a condition does not hold for a contact."""

from collections.abc import Collection, Iterable

from contact_hub.routing import conditions as c
from contact_hub.routing.calendars import WEEKDAYS
from contact_hub.routing.fields import Reading
from contact_hub.routing.said import Said, said

MOST_NAMED = 5
"""So many words or values are named in one sentence."""


def missing(condition: c.Condition, reading: Reading) -> Said:
    """Why this condition does not hold; asked only when it does not. Of several reasons, the first."""
    match condition:
        case c.Not(part):
            return _in_the_way(part, reading)
        case c.Every(parts):
            return missing(next(part for part in parts if not part.holds(reading)), reading)
        case c.Either(parts):
            return _none_of(parts)
        case c.Contains(field, words):
            return _wordless(field, [word.written for word in words], reading)
        case c.OneOf(field, values):
            return _other_value(field, sorted(values), reading)
        case c.Address(field, values):
            return _other_value(field, values, reading)
        case c.Postcode(ranges):
            return _other_value("postcode", _ranges(ranges), reading)
        case c.OpenTickets(ranges):
            return said("The sender has not this number of open tickets: %(ranges)s.", ranges=_named(_ranges(ranges)))
        case c.Known(known):
            return said("The sender was not known yet.") if known else said("The sender was known already.")
        case c.Has(fields):
            return said("The contact has no “%(fields)s”.", fields=_named(fields))
    return _at_another_time(condition)


def _wordless(field: str, words: Collection[str], reading: Reading) -> Said:
    if not reading.has(field):
        return said("The contact has no “%(fields)s”.", fields=field)
    return said("“%(field)s” holds none of these: %(words)s.", field=field, words=_named(words))


def _other_value(field: str, values: Collection[str], reading: Reading) -> Said:
    if not reading.has(field):
        return said("The contact has no “%(fields)s”.", fields=field)
    return said("“%(field)s” is none of these: %(values)s.", field=field, values=_named(values))


def _at_another_time(condition: c.Condition) -> Said:
    match condition:
        case c.Open(calendar):
            return said("It came in outside the hours of “%(calendar)s”.", calendar=calendar.id)
        case c.Weekday(days):
            return said("It came in on another day than %(days)s.", days=_named(WEEKDAYS[day] for day in sorted(days)))
        case c.Hours(spans):
            hours = _named(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in spans)
            return said("It came in at another time than %(hours)s.", hours=hours)
    return said("One of its conditions does not hold.")


def _none_of(parts: Collection[c.Condition]) -> Said:
    words = [word.written for part in parts if isinstance(part, c.Contains) for word in part.words]
    if words and all(isinstance(part, c.Contains) for part in parts):
        return said("None of these words is there: %(words)s.", words=_named(words))
    return said("None of the %(number)s blocks under “any” holds.", number=len(parts))


def _in_the_way(part: c.Condition, reading: Reading) -> Said:
    """What the `not` of a rule says that does hold."""
    match part:
        case c.Either(parts):
            return _in_the_way(next(each for each in parts if each.holds(reading)), reading)
        case c.Contains(field, words):
            found = [word.written for word in words if word.stands_in(field, reading)]
            return said("“%(field)s” holds what “not” excludes: %(words)s.", field=field, words=_named(found))
        case c.OneOf(field) | c.Address(field):
            return said("“not” excludes this “%(field)s”.", field=field)
        case c.Open(calendar):
            return said("It came in within the hours of “%(calendar)s”.", calendar=calendar.id)
    return said("What “not” excludes holds.")


def _ranges(ranges: Iterable[tuple[int, int]]) -> list[str]:
    return [_range(first, last) for first, last in ranges]


def _range(first: int, last: int) -> str:
    if last == c.MANY:
        return f"{first}+"
    return str(first) if first == last else f"{first}-{last}"


def _named(words: Iterable[str]) -> str:
    written = list(words)
    return ", ".join([*written[:MOST_NAMED], *(["…"] if len(written) > MOST_NAMED else [])])
