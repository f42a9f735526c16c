"""Finds the rules that failed on one condition only, while words they ask for were there."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from contact_hub.routing.conditions import Condition, Contains, Either, Every, Not
from contact_hub.routing.decisions import NearMiss
from contact_hub.routing.fields import Reading
from contact_hub.routing.missing import missing
from contact_hub.routing.said import said


class Ruled(Protocol):
    """A rule as far as it matters here."""

    @property
    def id(self) -> str: ...

    @property
    def when(self) -> Condition: ...

    @property
    def until(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition by words that a rule needs beside others, to be matched like a rule of its own."""

    rule: int
    when: Condition
    until: None = None

    def holds(self, reading: Reading) -> bool:
        """Whether the contact fulfils it."""
        return self.when.holds(reading)


def near_miss(rule: Ruled, reading: Reading) -> NearMiss | None:
    """The one thing that kept this rule from holding; None when it holds, or when more was amiss."""
    return _near(rule, reading, ((part, part.holds(reading)) for part in conjuncts(rule.when)))


class Clauses:
    """The clauses of many rules: tells those near to holding once it is known which clauses hold."""

    def __init__(self, rules: Iterable[tuple[int, Ruled]]) -> None:
        """`rules` with their places."""
        self._rules = dict(rules)
        self._parts: dict[int, list[tuple[Condition, int | None]]] = {}
        self._wanted: set[int] = set()
        self.all: list[Clause] = []
        for place, rule in self._rules.items():
            parts = conjuncts(rule.when)
            if len(parts) > 1 or rule.until:
                self._parts[place] = [(part, self._clause(place, part)) for part in parts]

    def near_misses(self, holding: Collection[int], reading: Reading) -> Iterator[NearMiss]:
        """The near misses in the order of the rules, given the places of the clauses that hold."""
        for place in sorted({self.all[clause].rule for clause in self._wanted.intersection(holding)}):
            verdicts = (
                (part, part.holds(reading) if clause is None else (clause in holding) is (clause in self._wanted))
                for part, clause in self._parts[place]
            )
            near = _near(self._rules[place], reading, verdicts)
            if near:
                yield near

    def _clause(self, rule: int, part: Condition) -> int | None:
        """The place of a new clause, when this is one, wanted or, behind a `not`, unwanted."""
        clause = part.part if isinstance(part, Not) else part
        if not _has_words(clause):
            return None
        self.all.append(Clause(rule, clause))
        if clause is part:
            self._wanted.add(len(self.all) - 1)
        return len(self.all) - 1


def _near(rule: Ruled, reading: Reading, verdicts: Iterable[tuple[Condition, bool]]) -> NearMiss | None:
    failed, held = None, []
    for part, holds in verdicts:
        if holds:
            held.append(part)
        elif failed:
            return None
        else:
            failed = part
    in_time = rule.until is None or reading.received.date() <= rule.until
    if (failed is None) is in_time or not any(_by_words(part, reading) for part in held):
        return None
    if failed is None:
        return NearMiss(rule.id, said("The rule counted until %(day)s.", day=f"{rule.until}"))
    return NearMiss(rule.id, missing(failed, reading))


def conjuncts(condition: Condition) -> Sequence[Condition]:
    """The conditions that must all hold, however the file nests them; exceptions come last."""
    if not isinstance(condition, Every):
        return (condition,)
    parts = [each for part in condition.parts for each in conjuncts(part)]
    return sorted(parts, key=lambda part: isinstance(part, Not))


def _has_words(condition: Condition) -> bool:
    """Whether a condition may hold by words."""
    if isinstance(condition, Every | Either):
        return any(map(_has_words, condition.parts))
    return isinstance(condition, Contains)


def _by_words(condition: Condition, reading: Reading) -> bool:
    """Whether a condition that holds does so by words."""
    if isinstance(condition, Every):
        return any(_by_words(part, reading) for part in condition.parts)
    if isinstance(condition, Either):
        if all(isinstance(part, Contains) for part in condition.parts):
            return True
        return any(_by_words(part, reading) for part in condition.parts if _has_words(part) and part.holds(reading))
    return isinstance(condition, Contains)
