"""Verdicts taken apart: whether a condition holds for a contact, and which of its parts that hangs on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
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
        self._answers: dict[int, bool] = {}

    def answer(self, atom: "Atom") -> bool:
        """Whether a condition of one piece holds; of those that ask the same it is looked up once."""
        known = self._answers.get(atom.asks)
        if known is None:
            known = self._answers[atom.asks] = atom.holds(self.reading)
        return known

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


Verdict = tuple[bool, set[int]]
"""Whether a rule holds, and the parts that this hangs on."""


@dataclass(slots=True)
class Anatomy:
    """A rule taken apart; `repeated` are the parts that stand in it more than once, by their needle, or "" if no word."""

    rule: Rule
    node: Node
    repeated: Mapping[str, Sequence[int]]

    def looked_for(self) -> set[tuple[str, str]]:
        """Its plain words: each field that is looked in, with a needle."""
        return {(node.written, needle) for node in self.node.leaves() if isinstance(node, Words) for needle in node.needles}

    def asked(self) -> dict[int, "Atom"]:
        """What it asks besides, each question once."""
        return {node.asks: node for node in self.node.leaves() if isinstance(node, Atom)}

    def verdict(self, sample: Sample) -> Verdict:
        """What it says of a sample."""
        if _is_over(self.rule.until, sample):
            return False, set()
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
        alike: dict[tuple[date | None, frozenset[int]], Alike] = {}
        for place, anatomy in enumerate(anatomies):
            for written, needle in anatomy.looked_for():
                self._by_word.setdefault(written, {}).setdefault(needle, []).append(place)
            asked, until = anatomy.asked(), anatomy.rule.until
            alike.setdefault((until, frozenset(asked)), Alike(until, list(asked.values()))).rules[place] = anatomy
        self._alike = list(alike.values())

    def hang_on(self, sample: Sample) -> Iterator[tuple[int, bool, set[int]]]:
        """The place of each rule that holds for a sample or has parts that its verdict hangs on, whether it does, and these."""
        met = {
            place
            for written, places in self._by_word.items()
            for needle in sample.found(written)
            for place in places.get(needle, ())
        }
        yield from ((place, *self._all[place].verdict(sample)) for place in met)
        for each in self._alike:
            yield from ((place, *verdict) for place, verdict in each.verdicts(sample, met).items() if place not in met)


@dataclass(slots=True)
class Alike:
    """Rules that ask the same besides their words: what each says where none of these stand hangs on the answers alone."""

    until: date | None
    atoms: "Sequence[Atom]"
    rules: dict[int, Anatomy] = field(default_factory=dict)
    _known: dict[tuple[bool, ...], tuple[dict[int, Verdict], set[int]]] = field(default_factory=dict)

    def verdicts(self, sample: Sample, met: set[int]) -> Mapping[int, Verdict]:
        """What they say without their words, by their places, if that is anything; of those `met` here it may be unknown."""
        if _is_over(self.until, sample):
            return {}
        said, unknown = self._known.setdefault(tuple([sample.answer(atom) for atom in self.atoms]), ({}, set(self.rules)))
        for place in unknown - met:
            verdict = self.rules[place].verdict(sample)
            if any(verdict):
                said[place] = verdict
        unknown &= met
        return said


def _is_over(until: date | None, sample: Sample) -> bool:
    return until is not None and sample.reading.received.date() > until


@dataclass(slots=True)
class Atom:
    """A condition of one piece; those of one number ask the same. `part` is -1 when it cannot be dropped by itself."""

    holds: Callable[[Reading], bool]
    asks: int
    part: int = -1

    def leaves(self) -> "Iterator[Words | Atom]":
        yield self

    def value(self, sample: Sample, dropped: int) -> bool:
        return (self.part < 0 or self.part != dropped) and sample.answer(self)

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        holds = sample.answer(self)
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
