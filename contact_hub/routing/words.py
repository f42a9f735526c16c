"""The words rules look for: plain ones, patterns, and so many of a list; each shows where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from contact_hub.routing.fields import Reading, originals_of
from contact_hub.routing.patterns import Expression

PLACES_OF_A_WORD = 3
"""So many occurrences of one word in one field are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word of a rule and where it stands in a contact: `start` and `end` count characters of the original field."""

    field: str
    start: int
    end: int
    word: str


class Word(Protocol):
    """One thing a text can contain."""

    @property
    def written(self) -> str:
        """As the rules file has it."""
        ...

    @property
    def line(self) -> int:
        """Where it stands in the rules file; 0 when it came from elsewhere."""
        ...

    def stands_in(self, field: str, reading: Reading) -> bool:
        """Whether the field contains it."""
        ...

    def evidence(self, field: str, reading: Reading) -> Iterator[Evidence]:
        """Where the field contains it."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A word, a beginning, an ending, a part of a word or a phrase; `needle` is how it looks in folded text."""

    written: str
    needle: str
    line: int = field(default=0, compare=False)

    def stands_in(self, field: str, reading: Reading) -> bool:
        return self.needle in reading.folded(field)

    def evidence(self, field: str, reading: Reading) -> Iterator[Evidence]:
        for part in originals_of(field):
            if self.needle in reading.folded(part):
                for start, end in reading.traced(part).places(self.needle, PLACES_OF_A_WORD):
                    yield Evidence(part, start, end, self.written)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in RE2's syntax, searched in the text as it was written, in any case."""

    written: str
    compiled: Expression = field(compare=False)
    line: int = field(default=0, compare=False)

    def stands_in(self, field: str, reading: Reading) -> bool:
        return any(self.compiled.search(reading.encoded(part)) for part in originals_of(field))

    def evidence(self, field: str, reading: Reading) -> Iterator[Evidence]:
        for part in originals_of(field):
            encoded = reading.encoded(part)
            found = self.compiled.search(encoded)
            if found:
                start, end = (len(encoded[:place].decode(errors="replace")) for place in found.span())
                yield Evidence(part, start, end, self.written)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many different words of a list."""

    number: int
    words: tuple[Word, ...]
    line: int = field(default=0, compare=False)
    _single: tuple[Word, ...] = field(init=False, compare=False, repr=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(dict.fromkeys(self.words)))  # one that stands twice in the list is one

    @property
    def written(self) -> str:
        return f"{self.number} of {', '.join(word.written for word in self.words)}"

    def stands_in(self, field: str, reading: Reading) -> bool:
        return sum(word.stands_in(field, reading) for word in self.words) >= self.number

    def evidence(self, field: str, reading: Reading) -> Iterator[Evidence]:
        for word in self._single_words():
            yield from word.evidence(field, reading)

    def _single_words(self) -> tuple[Word, ...]:
        """The words that are no number of words themselves, each once; worked out when first asked."""
        if not self._single:
            inner = chain.from_iterable(word._single_words() if isinstance(word, AtLeast) else (word,) for word in self.words)
            object.__setattr__(self, "_single", tuple(dict.fromkeys(inner)))
        return self._single
