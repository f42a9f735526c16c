"""What is known of words in text fields: which brings which along, and how a text that holds some of them may read."""

from collections import defaultdict
from collections.abc import Iterator

from contact_hub.routing.doctor.logic import Logic
from contact_hub.routing.doctor.made_up import Draft
from contact_hub.routing.fields import one_name_of, originals_of
from contact_hub.routing.protection.verdicts import Finder
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

ANYTHING = ""
"""The needle of `has`: it stands in whatever else stands in a field."""
MOST_COUNTED = 50_000
"""An `at least` larger than this, number times words, stays a riddle: nothing is known of it."""
_SOMETHING = Plain("x", " x ")
_WHERE_FIRST = ("message", "subject", "quoted")


class Texts:
    """Propositions such as “the subject contains ` afval`”, by field and needle.

    Whoever contains `vuilnisbak` contains `vuilnis*`; whoever has it in the subject has it in the text; what stands in the
    text stands in the subject or in the message. A pattern is alike only to itself: nothing is known of what it finds.
    """

    def __init__(self, logic: Logic) -> None:
        self._logic = logic
        self._by_needle: dict[str, dict[str, int]] = defaultdict(dict)
        self._named: dict[int, tuple[str, str]] = {}
        self._words: dict[str, Plain | Pattern] = {}
        self._inner: dict[str, frozenset[str]] = {}

    def stands(self, field: str, word: Word) -> int:
        """The proposition that the field contains this word."""
        if isinstance(word, AtLeast) and word.number * len(word.words) <= MOST_COUNTED:
            return self._logic.at_least(word.number, [self.stands(field, each) for each in word.words])
        if isinstance(word, Plain):
            self._words.setdefault(word.needle, word)
            return self._atom(field, word.needle)
        if isinstance(word, Pattern):
            self._words.setdefault(f"\0{word.written}", word)
            return self._atom(field, f"\0{word.written}")
        return self._logic.new()

    def has(self, field: str) -> int:
        """The proposition that the field holds anything."""
        return self._atom(field, ANYTHING)

    def settle(self) -> None:
        """Makes known how all these hang together; to be called when the last was named."""
        finder = Finder(needle for needle in self._by_needle if needle and needle[0] != "\0")
        for needle in self._by_needle:
            plain = needle and needle[0] != "\0"
            inner = finder.found_in(needle) if plain else frozenset({needle})
            self._inner[needle] = inner | {ANYTHING} if plain and ANYTHING in self._by_needle else inner
        for needle, atoms in list(self._by_needle.items()):
            for field, atom in list(atoms.items()):
                self._bring_along(field, needle, atom)
                if len(originals_of(field)) > 1:
                    self._stand_somewhere(field, needle, atom)

    def write(self, model: frozenset[int], draft: Draft) -> None:
        """Gives the draft every text that the model says its fields contain, each in one place only."""
        standing = [self._named[atom] for atom in self._named.keys() & model]
        for field, needle in sorted(standing, key=lambda each: (len(originals_of(each[0])), -len(each[1]), each)):
            there = [other for part in originals_of(field) for other in draft.needles[part]]
            if not any(needle in self._inner[other] for other in there):
                draft.needles[self._place(field, needle, model)].append(needle)
        for part, needles in draft.needles.items():
            words = [self._words[needle] for needle in needles if needle != ANYTHING]
            draft.words[part] = words or ([_SOMETHING] if needles else [])

    def _atom(self, field: str, needle: str) -> int:
        field = one_name_of(field)
        known = self._by_needle[needle].get(field)
        if known is None:
            known = self._by_needle[needle][field] = self._logic.new()
            self._named[known] = field, needle
        return known

    def _bring_along(self, field: str, needle: str, atom: int) -> None:
        parts = set(originals_of(field))
        for inner in self._inner[needle]:
            for other, brought in self._by_needle[inner].items():
                if brought != atom and parts.issubset(originals_of(other)):
                    self._logic.knows(-atom, brought)

    def _stand_somewhere(self, field: str, needle: str, atom: int) -> None:
        """A word in a field made of several stands in one of them, which matters where rules look at each by itself."""
        places = []
        for part in originals_of(field):
            brought = list(self._told_of(part, needle, field))
            if not brought:
                return
            place = self._logic.new()
            places.append(place)
            for each in brought:
                self._logic.knows(-place, each)
        self._logic.knows(-atom, *places)

    def _told_of(self, part: str, needle: str, beside: str) -> Iterator[int]:
        """What a needle in one original field says about fields that do not hold all of `beside`."""
        whole = set(originals_of(beside))
        for inner in self._inner[needle]:
            for other, atom in self._by_needle[inner].items():
                if part in originals_of(other) and not whole.issubset(originals_of(other)):
                    yield atom

    def _place(self, field: str, needle: str, model: frozenset[int]) -> str:
        parts = sorted(originals_of(field), key=lambda part: _WHERE_FIRST.index(part) if part in _WHERE_FIRST else -1)
        for part in parts:
            if all(atom in model for atom in self._told_of(part, needle, field)):
                return part
        return parts[0]
