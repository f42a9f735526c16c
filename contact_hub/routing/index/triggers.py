"""What must be found before a condition can hold: one necessary part of it, chosen so that it is seldom found in vain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from contact_hub.routing.conditions import Address, Condition, Contains, Either, Every, OneOf, Postcode
from contact_hub.routing.fields import EXACT, originals_of
from contact_hub.routing.index.literals import necessary_literals
from contact_hub.routing.index.sight import ADDRESSES, MARKS, can_be_found, can_be_sought
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

_SHARES = {"channel": 0.4, "language": 0.3}
"""In how many contacts of 1 a value of an exact field is met, roughly."""
_SHARE_OF_VALUE = 0.01
_SHARE_OF_LETTER, _SHARE_OF_DIGIT = 0.6, 0.2
_POSTCODES = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """A needle stands in a part of the contact, or a literal of a pattern does as written, or a value is all of it."""

    how: Literal["needle", "literal", "value"]
    part: str
    what: str


@dataclass(frozen=True, slots=True)
class Between:
    """The postcode lies in this range, ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Triggers:
    """A condition holds only where at least one of these is so; `share` says in how many contacts of 1, roughly.

    `enough` says that one of them is all it takes.
    """

    any_of: tuple[Found | Between, ...]
    share: float
    enough: bool = False


class Chooser:
    """Chooses triggers; what many rules look for, many texts hold: `mentions` counts it."""

    def __init__(self, mentions: Mapping[str, int]) -> None:
        self._mentions = mentions

    def triggers_of(self, condition: Condition) -> Triggers | None:
        """What must be found before this can hold; None when it may hold though nothing is found."""
        match condition:
            case Contains():
                return _any([self._of_word(condition.field, word) for word in condition.words])
            case OneOf() if condition.field in EXACT:
                share = _SHARES.get(condition.field, _SHARE_OF_VALUE) * len(condition.values)
                return Triggers(
                    tuple([Found("value", condition.field, value) for value in condition.values]), share, enough=True
                )
            case Address():
                return self._of_address(condition)
            case Postcode():
                width = sum(last - first + 1 for first, last in condition.ranges)
                return Triggers(tuple([Between(*span) for span in condition.ranges]), width / _POSTCODES, enough=True)
            case Every(parts=[only]) | Either(parts=[only]):
                return self.triggers_of(only)
            case Every():
                known = [triggers for triggers in map(self.triggers_of, condition.parts) if triggers]
                return _not_enough(min(known, key=lambda triggers: triggers.share)) if known else None
            case Either():
                return _any([self.triggers_of(part) for part in condition.parts])
        return None

    def _of_word(self, field: str, word: Word) -> Triggers | None:
        match word:
            case Plain(needle=needle) if can_be_found(needle):
                found = [Found("needle", part, needle) for part in originals_of(field)]
                return Triggers(tuple(found), self.share_of(needle), enough=True)
            case Pattern():
                each = [self._of_literals(field, literals) for literals in necessary_literals(word.written)]
                return min(each, key=lambda triggers: triggers.share, default=None)
            case AtLeast() if word.number > 0:
                return self._of_several(field, word)
        return None

    def _of_literals(self, field: str, literals: frozenset[str]) -> Triggers:
        found = [Found("literal", part, literal) for literal in literals for part in originals_of(field)]
        return Triggers(tuple(found), sum(map(self.share_of, literals)))

    def _of_several(self, field: str, word: AtLeast) -> Triggers | None:
        """Where n of k stand, one of any k - n + 1 does: the rarest of them."""
        each = sorted(
            [self._of_word(field, part) for part in word.words], key=lambda triggers: triggers.share if triggers else 2.0
        )
        together = _any(each[: max(0, len(each) - word.number + 1)])
        return together if together is None or word.number == 1 else _not_enough(together)

    def _of_address(self, condition: Address) -> Triggers | None:
        """Addresses stand between marks; whether one truly fits is asked of the condition itself."""
        mark = MARKS.get(condition.field)
        if mark is None:
            return None
        needles: list[str] = []
        for value in condition.values:
            bare = value.strip("*")
            needles.append(("" if value.startswith("*") else mark) + bare + ("" if value.endswith("*") else mark))
            if condition.field == "sender domain":
                needles.append(f".{bare}{mark}")
        if not all(map(can_be_sought, needles)):
            return None
        return Triggers(tuple([Found("needle", ADDRESSES, needle) for needle in needles]), _SHARE_OF_VALUE * len(needles))

    def share_of(self, needle: str) -> float:
        """In how many texts of 1 a needle stands, roughly.

        The longer a word, the fewer texts hold it, and a number even fewer; without bounds it is found inside others too.
        """
        bare = needle.strip()
        digits = sum(map(str.isdigit, bare))
        share = _SHARE_OF_LETTER ** (len(bare) - digits) * _SHARE_OF_DIGIT**digits * self._mentions[needle]
        return share if needle.startswith(" ") else 2 * share


def _any(each: Iterable[Triggers | None]) -> Triggers | None:
    known: list[Triggers] = []
    for triggers in each:
        if triggers is None:
            return None
        known.append(triggers)
    if len(known) == 1:
        return known[0]
    any_of = tuple(dict.fromkeys([found for triggers in known for found in triggers.any_of]))
    return Triggers(any_of, sum([triggers.share for triggers in known]), enough=all(triggers.enough for triggers in known))


def _not_enough(triggers: Triggers) -> Triggers:
    return Triggers(triggers.any_of, triggers.share)
