"""Conditions made ready to be judged by what was found, rather than by looking into the texts again.

Thousands of them are kept, and few are asked for one contact: what one of them needs lies close together in memory.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from contact_hub.routing.conditions import Condition, Contains, Either, Every, Not
from contact_hub.routing.fields import originals_of
from contact_hub.routing.index.literals import Literals, necessary_literals
from contact_hub.routing.index.sight import Sight, can_be_found
from contact_hub.routing.patterns import Expression
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word


class Judge(Protocol):
    """Tells what a condition's own `holds` tells, of a contact in whose texts all needles were looked for."""

    def holds(self, sight: Sight) -> bool: ...


def judge_of(condition: Condition, common: Collection[str] = frozenset()) -> Judge:
    """The judge of a condition; the `common` needles were not looked for beforehand."""
    match condition:
        case Contains(field=field, words=words):
            return _contains(field, words, common)
        case Every(parts=parts):
            return _Every(tuple([judge_of(part, common) for part in sorted(parts, key=_tries_patterns)]))
        case Either(parts=parts):
            return _Either(tuple([judge_of(part, common) for part in sorted(parts, key=_tries_patterns)]))
        case Not(part=part):
            return _Not(judge_of(part, common))
    return _Asked(condition)


def needles_in(condition: Condition) -> Iterator[str]:
    """What must be looked for so that the condition can be judged."""
    match condition:
        case Contains(words=words):
            yield from _sought_in(words)
        case Every(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from needles_in(part)
        case Not(part=part):
            yield from needles_in(part)


def _sought_in(words: tuple[Word, ...]) -> Iterator[str]:
    for word in words:
        match word:
            case Plain(needle=needle) if can_be_found(needle):
                yield needle
            case Pattern(written=written):
                for literals in necessary_literals(written):
                    yield from literals
            case AtLeast(words=of):
                yield from _sought_in(of)


def _contains(field: str, words: tuple[Word, ...], common: Collection[str]) -> Judge:
    parts, needles = originals_of(field), _findable(words)
    sought, asked = needles.difference(common), needles.intersection(common)
    judges: list[Judge] = [_AnyOf(parts, sought)] if sought or not words else []
    judges += [_Stands(parts, tuple(asked))] if asked else []
    judges += [_other(field, word, common) for word in words if not (isinstance(word, Plain) and word.needle in needles)]
    return judges[0] if len(judges) == 1 else _Either(tuple(judges))


def _other(field: str, word: Word, common: Collection[str]) -> Judge:
    match word:
        case Pattern():
            literals = [group for group in necessary_literals(word.written) if group.isdisjoint(common)]
            return _Fits(originals_of(field), tuple(literals), word.compiled)
        case AtLeast(number=number, words=words):
            sought = _findable(words).difference(common)
            others = [each for each in words if not (isinstance(each, Plain) and each.needle in sought)]
            many = _SoMany(number, originals_of(field), sought)
            return _AtLeast(many, tuple([_contains(field, (each,), common) for each in others])) if others else many
    return _Asked(Contains(field, (word,)))


def _findable(words: tuple[Word, ...]) -> frozenset[str]:
    return frozenset([word.needle for word in words if isinstance(word, Plain) and can_be_found(word.needle)])


def _tries_patterns(condition: Condition) -> bool:
    """What tries patterns is asked last."""
    match condition:
        case Contains(words=words):
            return any(not isinstance(word, Plain) for word in words)
        case Every(parts=parts) | Either(parts=parts):
            return any(map(_tries_patterns, parts))
        case Not(part=part):
            return _tries_patterns(part)
    return False


@dataclass(frozen=True, slots=True)
class _AnyOf:
    parts: tuple[str, ...]
    needles: frozenset[str]

    def holds(self, sight: Sight) -> bool:
        for part in self.parts:  # noqa: SIM110 - here and below: a generator costs more than what it asks
            if not self.needles.isdisjoint(sight.found(part)):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Stands:
    parts: tuple[str, ...]
    needles: tuple[str, ...]

    def holds(self, sight: Sight) -> bool:
        for part in self.parts:
            folded = sight.reading.folded(part)
            if any(needle in folded for needle in self.needles):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _SoMany:
    number: int
    parts: tuple[str, ...]
    needles: frozenset[str]

    def holds(self, sight: Sight) -> bool:
        return self.found(sight) >= self.number

    def found(self, sight: Sight) -> int:
        """How many of them were found."""
        return len(self.needles.intersection(chain.from_iterable([sight.found(part) for part in self.parts])))


@dataclass(frozen=True, slots=True)
class _AtLeast:
    """So many of some needles and of what is judged otherwise, together."""

    words: _SoMany
    judges: tuple[Judge, ...]

    def holds(self, sight: Sight) -> bool:
        missing = self.words.number - self.words.found(sight)
        return missing <= 0 or (missing <= len(self.judges) and sum([judge.holds(sight) for judge in self.judges]) >= missing)


@dataclass(frozen=True, slots=True)
class _Fits:
    """Tries the pattern only on texts that hold the letters it cannot do without."""

    parts: tuple[str, ...]
    literals: Literals
    compiled: Expression

    def holds(self, sight: Sight) -> bool:
        for part in self.parts:
            if sight.holds(self.literals, part) and self.compiled.search(sight.reading.encoded(part)):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Every:
    judges: tuple[Judge, ...]

    def holds(self, sight: Sight) -> bool:
        for judge in self.judges:  # noqa: SIM110
            if not judge.holds(sight):
                return False
        return True


@dataclass(frozen=True, slots=True)
class _Either:
    judges: tuple[Judge, ...]

    def holds(self, sight: Sight) -> bool:
        for judge in self.judges:  # noqa: SIM110
            if judge.holds(sight):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Not:
    judge: Judge

    def holds(self, sight: Sight) -> bool:
        return not self.judge.holds(sight)


@dataclass(frozen=True, slots=True)
class _Asked:
    condition: Condition

    def holds(self, sight: Sight) -> bool:
        return self.condition.holds(sight.reading)
