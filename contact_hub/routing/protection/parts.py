"""What rules are made of, part by part: each word and condition that could be dropped from the file."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from contact_hub.routing import conditions as c
from contact_hub.routing.fields import Reading
from contact_hub.routing.protection.verdicts import Anatomy, Atom, Group, Node, Opposite, Words
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
    _questions: dict[str, int] = field(default_factory=dict)
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
        repeated: dict[str, list[int]] = defaultdict(list)
        for part in [part for part, times in self._met.items() if times > 1]:
            repeated[self._words.get(part, "")].append(part)
        return Anatomy(rule, node, repeated)

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
            return self._atom(condition.holds, repr(condition))
        keys = [(id(condition), place) for place in range(len(single))]
        parts = [self._part(key, "word", shown(each), rule, 0) for key, each in zip(keys, single, strict=True)]
        members = [self._atom(each.holds, repr(each), part) for each, part in zip(single, parts, strict=True)]
        return Group(members, [-1] * len(members), any_of=True)

    def _atom(self, holds: Callable[[Reading], bool], question: str, part: int = -1) -> Atom:
        return Atom(holds, self._questions.setdefault(question, len(self._questions)), part)

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
                others.append(self._atom(_standing(word, written), f"{id(word)} {written}", part))
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
