"""What rules are made of, part by part, and which parts the verdict on a contact hangs on."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ahocorasick_rs import AhoCorasick

from contact_hub.routing import conditions as c
from contact_hub.routing.fields import Reading, originals_of
from contact_hub.routing.rules import Rule
from contact_hub.routing.shown import shown
from contact_hub.routing.words import AtLeast, Plain, Word
from contact_hub.routing.written import NamedList

Kind = Literal["word", "condition", "not", "number"]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can be dropped from the file: a word, a condition, a `not`; of a number, one.

    `written` is how the file has it, `line` where; a word of a named list is one part of all `rules` that use it.
    """

    kind: Kind
    written: str
    rules: tuple[str, ...]
    line: int


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

    def has(self, needle: str) -> bool:
        """Whether a needle occurs in any text field that was looked at."""
        return any(needle in found for found in self._found.values())


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


@dataclass(slots=True)
class Anatomy:
    """A rule taken apart; `repeated` are the parts that stand in it more than once, each with a needle if it is a word."""

    rule: Rule
    node: Node
    repeated: Mapping[int, str]

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        """Whether the rule holds for a sample, and the parts that this hangs on."""
        if self.rule.until is not None and sample.reading.received.date() > self.rule.until:
            return False, set()
        holds, parts = self.node.hangs_on(sample)
        if self.repeated:
            here = [part for part, needle in self.repeated.items() if not needle or sample.has(needle)]
            turning = {part for part in here if self.node.value(sample, part) != holds}
            return holds, parts.difference(self.repeated) | turning
        return holds, parts


@dataclass(slots=True)
class Atom:
    """A condition of one piece; `part` is -1 when it cannot be dropped by itself."""

    holds: Callable[[Reading], bool]
    part: int = -1

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

    def value(self, sample: Sample, dropped: int) -> bool:
        return not self.member.value(sample, dropped)

    def hangs_on(self, sample: Sample) -> tuple[bool, set[int]]:
        holds, parts = self.member.hangs_on(sample)
        return not holds, parts


@dataclass
class Parts:
    """All parts of all rules, gathered while rules are taken apart. A part is known by its place in `all`.

    `named` are the words of named lists, by identity: these are parts also where they stand alone.
    """

    named: frozenset[int] = frozenset()
    all: list[Part] = field(default_factory=list)
    needles: set[str] = field(default_factory=set)
    _words: dict[int, str] = field(default_factory=dict)
    _places: dict[object, int] = field(default_factory=dict)
    _met: Counter[int] = field(default_factory=Counter)

    @classmethod
    def knowing(cls, lists: Iterable[NamedList]) -> "Parts":
        """For the rules of a file with these lists."""
        words = [word for each in lists for word in each.words]
        inner = [word for each in words if isinstance(each, AtLeast) for word in each.words]
        return cls(frozenset(map(id, (*words, *inner))))

    def of(self, rule: Rule) -> Anatomy:
        """The rule taken apart."""
        self._met.clear()
        node = self._node(rule, rule.when, droppable=False)
        return Anatomy(rule, node, {part: self._words.get(part, "") for part, times in self._met.items() if times > 1})

    def _part(self, key: object, kind: Kind, written: str, rule: Rule, line: int) -> int:
        place = self._places.setdefault(key, len(self.all))
        self._met[place] += 1
        if place == len(self.all):
            self.all.append(Part(kind, written, (rule.id,), line or rule.line))
        elif rule.id not in self.all[place].rules:
            known = self.all[place]
            self.all[place] = Part(known.kind, known.written, (*known.rules, rule.id), known.line)
        return place

    def _node(self, rule: Rule, condition: c.Condition, *, droppable: bool) -> Node:
        """`droppable` says that the whole condition is a part already: then its only word is not another."""
        if isinstance(condition, c.Every | c.Either):
            return self._group(rule, condition)
        if isinstance(condition, c.Not):
            return Opposite(self._node(rule, condition.part, droppable=droppable))
        if isinstance(condition, c.Contains):
            return self._in_field(rule, condition.field, condition.words, droppable=droppable and len(condition.words) == 1)
        single = _singled(condition)
        if len(single) < 2:
            return Atom(condition.holds)
        keys = [(id(condition), place) for place in range(len(single))]
        parts = [self._part(key, "word", shown(each), rule, 0) for key, each in zip(keys, single, strict=True)]
        members = [Atom(each.holds, part) for each, part in zip(single, parts, strict=True)]
        return Group(members, [-1] * len(members), any_of=True)

    def _group(self, rule: Rule, group: c.Every | c.Either) -> Group:
        parts = group.parts if len(group.parts) > 1 else ()
        drops = [self._condition(rule, part) for part in parts] or [-1] * len(group.parts)
        members = [self._node(rule, part, droppable=bool(parts)) for part in group.parts]
        return Group(members, drops, isinstance(group, c.Either))

    def _condition(self, rule: Rule, condition: c.Condition) -> int:
        kind: Kind = "not" if isinstance(condition, c.Not) else "condition"
        return self._part(id(condition), kind, shown(condition), rule, line_of(condition))

    def _in_field(self, rule: Rule, written: str, words: Iterable[Word], *, droppable: bool, number: int = 1) -> Words:
        parts: dict[str, list[int]] = {}
        others: list[Node] = []
        for word in words:
            part = (
                -1 if droppable and id(word) not in self.named else self._part(id(word), "word", shown(word), rule, word.line)
            )
            if isinstance(word, Plain):
                parts.setdefault(word.needle, []).append(part)
                self._words[part] = word.needle
            elif isinstance(word, AtLeast):
                others.append(self._at_least(rule, written, word, part))
            else:
                others.append(Atom(_standing(word, written), part))
        self.needles.update(parts)
        return Words(written, parts, others, frozenset(parts), number)

    def _at_least(self, rule: Rule, written: str, word: AtLeast, part: int) -> Node:
        inner = self._in_field(rule, written, word.words, droppable=False, number=word.number)
        if word.number > 1:
            inner.number_part = self._part((id(word), "number"), "number", f"at least: {word.number}", rule, word.line)
        return Group([inner], [part], any_of=True)


def line_of(condition: c.Condition) -> int:
    """The line of the first word in a condition; 0 when there is none."""
    if isinstance(condition, c.Every | c.Either):
        return next((line for line in map(line_of, condition.parts) if line), 0)
    if isinstance(condition, c.Not):
        return line_of(condition.part)
    return condition.words[0].line if isinstance(condition, c.Contains) and condition.words else 0


def _singled(condition: c.Condition) -> list[c.Condition]:
    """A condition on each of the values that one condition names."""
    if isinstance(condition, c.OneOf):
        return [c.OneOf(condition.field, frozenset({value})) for value in sorted(condition.values)]
    if isinstance(condition, c.Address):
        return [c.Address(condition.field, (value,)) for value in condition.values]
    if isinstance(condition, c.Postcode):
        return [c.Postcode((span,)) for span in condition.ranges]
    if isinstance(condition, c.Weekday):
        return [c.Weekday(frozenset({day})) for day in sorted(condition.days)]
    if isinstance(condition, c.Hours):
        return [c.Hours((span,)) for span in condition.spans]
    if isinstance(condition, c.Has):
        return [c.Has((name,)) for name in condition.fields]
    return [c.OpenTickets((span,)) for span in condition.ranges] if isinstance(condition, c.OpenTickets) else []


def _standing(word: Word, written: str) -> Callable[[Reading], bool]:
    return lambda reading: word.stands_in(written, reading)


_NONE: frozenset[str] = frozenset()
