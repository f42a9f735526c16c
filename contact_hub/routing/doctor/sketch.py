"""The plainest message a condition asks for: most rules are seen alive by it, and need no proof."""

from collections.abc import Iterator, Sequence
from itertools import islice

from contact_hub.contact import Contact
from contact_hub.routing import conditions as c
from contact_hub.routing.doctor.made_up import Draft
from contact_hub.routing.fields import originals_of
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

_CHOICES = 6
_WAYS = 2


def sketches(condition: c.Condition) -> Iterator[Contact]:
    """A few contacts that are likely to fulfil it: the first of each choice, then the second, and so on."""
    for choice in range(_CHOICES):
        draft = Draft()
        _add(condition, choice, draft)
        yield from islice(draft.contacts(), _WAYS)


def _add(condition: c.Condition, choice: int, draft: Draft) -> None:
    match condition:
        case c.Every(parts):
            for part in parts:
                _add(part, choice, draft)
        case c.Either(parts) if parts:
            _add(parts[choice % len(parts)], choice, draft)
        case c.Contains(field, words):
            originals = originals_of(field)
            place = "message" if "message" in originals else originals[0]
            draft.words.setdefault(place, []).extend(_chosen(words, choice))
        case c.OneOf(field, values):
            draft.values[field] = sorted(values)[choice % len(values)]
        case c.Address(field, values):
            _address(field, values[choice % len(values)], draft)
        case c.Postcode(ranges):
            draft.values["postcode"] = f"{ranges[choice % len(ranges)][0]:04}"
        case c.OpenTickets(ranges):
            draft.open_tickets = ranges[choice % len(ranges)][0]
        case c.Known(known):
            draft.known = known


def _chosen(words: Sequence[Word], choice: int) -> list[Plain | Pattern]:
    """One of the words; of `at least` so many, so many."""
    word = words[choice % len(words)]
    if isinstance(word, AtLeast):
        return [each for place in range(word.number) for each in _chosen(word.words, choice + place)]
    return [word] if isinstance(word, Plain | Pattern) else []


def _address(field: str, value: str, draft: Draft) -> None:
    bare = value.strip("*")
    address = f"citizen@{bare}" if field == "sender domain" else f"citizen{bare}" if value.startswith("*") else bare
    if field == "recipient":
        draft.recipients.append(address)
    else:
        draft.values["sender"] = address
