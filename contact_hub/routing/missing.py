"""Says, in a sentence for a supervisor, why a condition does not hold for a contact."""

from collections.abc import Collection, Iterable

from contact_hub.routing import conditions as c
from contact_hub.routing.asking import asked, given
from contact_hub.routing.fields import Reading
from contact_hub.routing.said import Said, said
from contact_hub.routing.words import AtLeast

MOST_NAMED = 5
"""So many words or values are named in one sentence."""
FIELDS = {
    "text": said("subject or message"),
    "subject": said("subject"),
    "message": said("message"),
    "quoted": said("quoted text"),
    "everything": said("subject, message or quoted text"),
    "attachment": said("name or type of an attachment"),
    "channel": said("door"),
    "language": said("language"),
    "form": said("form"),
    "topic": said("topic"),
    "automatic": said("automatic"),
    "sender": said("sender"),
    "sender domain": said("domain of the sender"),
    "recipient": said("recipient"),
    "postcode": said("postcode"),
}
"""What sentences call the fields of a rule."""


def missing(condition: c.Condition, reading: Reading) -> Said:
    """Why this condition does not hold; asked only when it does not. Of several reasons, the first."""
    match condition:
        case c.Not(part):
            return _in_the_way(part, reading)
        case c.Every(parts):
            return missing(next(part for part in parts if not part.holds(reading)), reading)
        case c.Either(parts):
            return _none_of(parts)
        case c.Open(calendar):
            return said("It came in outside the hours of “%(calendar)s”.", calendar=calendar.id)
        case c.Weekday():
            return said("It came in on another day than %(days)s.", days=_values(condition))
        case c.Hours():
            return said("It came in at another time than %(hours)s.", hours=_values(condition))
        case c.Known(known):
            return said("The sender was not known yet.") if known else said("The sender was known already.")
        case c.OpenTickets():
            return said("The sender has another number of open tickets than %(numbers)s.", numbers=_values(condition))
        case c.Has(fields):
            return said("The contact has no “%(fields)s”.", fields=_named(fields))
    return _other(condition, reading)


def _other(condition: c.Condition, reading: Reading) -> Said:
    field, _ = asked(condition)
    if not reading.has(field):
        return said("The contact has no “%(fields)s”.", fields=_called(field))
    if isinstance(condition, c.Contains):
        some = condition.words[0]
        if len(condition.words) == 1 and isinstance(some, AtLeast):
            return _too_few(field, some, reading)
        return said("“%(field)s” holds none of these: %(words)s.", field=_called(field), words=_values(condition))
    return said("“%(field)s” is none of these: %(values)s.", field=_called(field), values=_values(condition))


def _called(field: str) -> str | Said:
    """What people call a field; one of a form or a mail header is called as the file does."""
    return FIELDS.get(field, field)


def _too_few(field: str, some: AtLeast, reading: Reading) -> Said:
    found = sum(word.stands_in(field, reading) for word in some.words)
    return said(
        "“%(field)s” holds %(found)s of the %(number)s words that must be there, out of these: %(words)s.",
        field=_called(field),
        found=found,
        number=some.number,
        words=_named(word.written for word in some.words),
    )


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
        case c.Contains(field):
            found = _named(given(part, reading))
            return said("“%(field)s” holds what “not” excludes: %(words)s.", field=_called(field), words=found)
        case c.OneOf(field) | c.Address(field):
            return said("“not” excludes this “%(field)s”.", field=_called(field))
        case c.Open(calendar):
            return said("It came in within the hours of “%(calendar)s”.", calendar=calendar.id)
    return said("What “not” excludes holds.")


def _values(condition: c.Condition) -> str:
    return _named(asked(condition)[1])


def _named(words: Iterable[str]) -> str:
    written = list(words)
    return ", ".join([*written[:MOST_NAMED], *(["…"] if len(written) > MOST_NAMED else [])])
