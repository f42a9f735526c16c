"""Verdicts taken apart: whether a condition holds for a contact, and which of its parts that hangs on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ahocorasick_rs import AhoCorasick

from contact_hub.routing.fields import Reading, originals_of
from contact_hub.routing.rules import Rule

_NONE: frozenset[str] = frozenset()


class Sample:
    """A contact as the parts see it: all their needles are looked for in one go."""

    def __init__(self, reading: Reading, finder: "Finder") -> None:
        self.reading = reading
        self._finder = finder
        self._found: dict[str, frozenset[str]] = {}

    def found(self, written: str) -> frozenset[str]:
        """The needles that occur in a text field."""
        known = self._found.get(written)
        if known is None:
            known = _NONE.union(*[self._finder.found_in(self.reading.folded(part)) for part in originals_of(written)])
            self._found[written] = known
        return known

    def found_anywhere(self) -> frozenset[str]:
        """The needles that occur in any text field that was looked at."""
        return _NONE.union(*self._found.values())


class Finder:
    """Finds needles in folded text."""

    def __init__(self, needles: Iterable[str]) -> None:
        self._needles = sorted(needles)
        self._automaton = AhoCorasick(self._needles)

    def found_in(self, folded: str) -> frozenset[str]:
        """Those that occur in it."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return frozenset([self._needles[place] for place, _, _ in found])


class Node(Protocol):
    """A condition taken apart. Verdicts hang on a part when dropping it turns them around."""

    def value(self, sample: Sample, dropped: int) -> bool:
        """Whether it holds when one part is dropped (none is when it is -1)."""
        ...

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        """Whether it holds, and the parts that this hangs on; each is taken to stand here only once."""
        ...

    def leaves(self) -> "Iterator[Words | Atom]":
        """All that it is made of in the end: what looks for words, and what does not."""
        ...


@dataclass(slots=True)
class Anatomy:
    """A rule taken apart; `repeated` are the parts that stand in it more than once, by their needle, or "" if no word."""

    rule: Rule
    node: Node
    repeated: Mapping[str, Sequence[int]]
    _words: "list[Words]" = field(default_factory=list)
    _atoms: "list[Atom]" = field(default_factory=list)
    _wordless: dict[tuple[bool, ...], tuple[bool, set[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.node.leaves():
            if isinstance(node, Words):
                self._words.append(node)
            else:
                self._atoms.append(node)

    @property
    def looks_for_words_alone(self) -> bool:
        """Whether the words in a sample say all: where none of them stand, the verdict is always the same."""
        return not self._atoms and self.rule.until is None

    def looked_for(self) -> set[tuple[str, str]]:
        """Its plain words: each field that is looked in, with a needle."""
        return {(words.written, needle) for words in self._words for needle in words.needles}

    def hangs_on(self, sample: Sample, *, met: bool) -> tuple[bool, set[int]]:
        """Whether the rule holds for a sample, and the parts that this hangs on; `met` says that a plain word stands in it."""
        if self.rule.until is not None and sample.reading.received.date() > self.rule.until:
            return False, set()
        if met:
            return self._verdict(sample)
        rest = tuple([atom.holds(sample.reading) for atom in self._atoms])
        if rest not in self._wordless:
            self._wordless[rest] = self._verdict(sample)
        return self._wordless[rest]

    def _verdict(self, sample: Sample) -> tuple[bool, set[int]]:
        holds, parts = self.node.hangs_on(sample)
        if self.repeated:
            here = sample.found_anywhere().intersection(self.repeated) | {""}
            doubtful = [part for needle in here for part in self.repeated.get(needle, ())]
            turning = {part for part in doubtful if self.node.value(sample, part) != holds}
            return holds, parts.difference(doubtful) | turning
        return holds, parts


class Anatomies:
    """All rules taken apart, known by their words: of hundreds, a sample meets the words of a few."""

    def __init__(self, anatomies: Sequence[Anatomy]) -> None:
        self._all = anatomies
        self._by_word: dict[str, dict[str, list[int]]] = {}
        for place, anatomy in enumerate(anatomies):
            for written, needle in anatomy.looked_for():
                self._by_word.setdefault(written, {}).setdefault(needle, []).append(place)
        self._asking_more = {place for place, anatomy in enumerate(anatomies) if not anatomy.looks_for_words_alone}
        self._unmet = set(range(len(anatomies))) - self._asking_more  # nobody knows yet what they are without their words
        self._without_words: dict[int, tuple[bool, set[int]]] = {}

    def hang_on(self, sample: Sample) -> Iterator[tuple[int, bool, set[int]]]:
        """The place of each rule that holds for a sample or has parts that its verdict hangs on, whether it does, and these."""
        met = {
            place
            for written, places in self._by_word.items()
            for needle in sample.found(written)
            for place in places.get(needle, ())
        }
        for place in self._unmet - met:
            self._without_words[place] = self._all[place].hangs_on(sample, met=False)
        self._unmet &= met
        for place in met | self._asking_more:
            yield place, *self._all[place].hangs_on(sample, met=place in met)
        yield from ((place, *verdict) for place, verdict in self._without_words.items() if any(verdict) and place not in met)


@dataclass(slots=True)
class Atom:
    """A condition of one piece; `part` is -1 when it cannot be dropped by itself."""

    holds: Callable[[Reading], bool]
    part: int = -1

    def leaves(self) -> "Iterator[Words | Atom]":
        yield self

    def value(self, sample: Sample, dropped: int) -> bool:
        return (self.part < 0 or self.part != dropped) and self.holds(sample.reading)

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        holds = self.holds(sample.reading)
        return holds, {self.part} if holds and self.part >= 0 else set()


@dataclass(slots=True)
class Words:
    """So many of these words stand in a field: hundreds of words, of which few do."""

    written: str
    parts: dict[str, list[int]]
    others: list[Node]
    needles: frozenset[str]
    number: int = 1
    number_part: int = -1

    def leaves(self) -> "Iterator[Words | Atom]":
        yield self
        for node in self.others:
            yield from node.leaves()

    def value(self, sample: Sample, dropped: int) -> bool:
        hits = self.needles & sample.found(self.written)
        count = sum(part != dropped for needle in hits for part in self.parts[needle])
        count += sum(node.value(sample, dropped) for node in self.others)
        return count >= self.number - (self.number_part >= 0 and self.number_part == dropped)

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        hits = self.needles & sample.found(self.written)
        if not hits and not self.others and self.number == 1:
            return False, set()
        others = [node.hangs_on(sample) for node in self.others]
        count = sum(len(self.parts[needle]) for needle in hits) + sum(holds for holds, _ in others)
        if count >= self.number:
            turning = {part for needle in hits for part in self.parts[needle] if part >= 0} if count == self.number else set()
        elif count == self.number - 1 and self.number_part >= 0:
            turning = {self.number_part}
        else:
            turning = set()
        if count in (self.number, self.number - 1):
            turning.update(*[parts for holds, parts in others if holds == (count == self.number)])
        return count >= self.number, turning


@dataclass(slots=True)
class Group:
    """All of these hold or, with `any_of`, one does; `drops` has the part of each member, -1 when it cannot be dropped."""

    members: Sequence[Node]
    drops: Sequence[int]
    any_of: bool

    def leaves(self) -> "Iterator[Words | Atom]":
        for node in self.members:
            yield from node.leaves()

    def value(self, sample: Sample, dropped: int) -> bool:
        kept = (node for node, drop in zip(self.members, self.drops, strict=True) if drop < 0 or drop != dropped)
        if self.any_of:
            return any(node.value(sample, dropped) for node in kept)
        return all(node.value(sample, dropped) for node in kept)

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        undecided: list[set[int]] = []
        deciding: set[int] | None = None
        for node, drop in zip(self.members, self.drops, strict=True):
            holds, parts = node.hangs_on(sample)
            if holds != self.any_of:
                undecided.append(parts)
            elif deciding is None:
                deciding = parts | {drop} if drop >= 0 else parts
            else:
                return self.any_of, set()
        return (not self.any_of, set().union(*undecided)) if deciding is None else (self.any_of, deciding)


@dataclass(slots=True)
class Opposite:
    """This does not hold."""

    member: Node

    def leaves(self) -> "Iterator[Words | Atom]":
        yield from self.member.leaves()

    def value(self, sample: Sample, dropped: int) -> bool:
        return not self.member.value(sample, dropped)

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        holds, parts = self.member.hangs_on(sample)
        return not holds, parts
