"""Finds the rules that failed on one condition only."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from contact_hub.routing.conditions import Condition, Contains, Either, Every
from contact_hub.routing.decisions import NearMiss
from contact_hub.routing.fields import Reading
from contact_hub.routing.missing import missing
from contact_hub.routing.said import said


class Ruled(Protocol):
    """A rule as far as it matters here."""

    @property
    def id(self) -> str:
        """Its name in the file."""
        ...

    @property
    def when(self) -> Condition:
        """What must hold."""
        ...

    @property
    def until(self) -> date | None:
        """The last day on which it counts; None when there is none."""
        ...


def near_misses(rules: Iterable[Ruled], reading: Reading) -> Iterator[NearMiss]:
    """Of rules that do not hold, those that failed on one condition only while words they ask for were there."""
    for rule in rules:
        near = near_miss(rule, reading)
        if near:
            yield near


def near_miss(rule: Ruled, reading: Reading) -> NearMiss | None:
    """The one thing that kept this rule from holding; None when it holds, or when more was amiss."""
    failed, worded = None, False
    for part in conjuncts(rule.when):
        if part.holds(reading):
            worded = worded or _by_words(part, reading)
        elif failed:
            return None
        else:
            failed = part
    in_time = rule.until is None or reading.received.date() <= rule.until
    if not worded or (failed is None) is in_time:
        return None
    if failed is None:
        return NearMiss(rule.id, said("The rule counted until %(day)s.", day=f"{rule.until}"))
    return NearMiss(rule.id, missing(failed, reading))


def conjuncts(condition: Condition) -> Sequence[Condition]:
    """The conditions that must all hold, however the file nests them."""
    if isinstance(condition, Every):
        return [each for part in condition.parts for each in conjuncts(part)]
    return (condition,)


def _by_words(condition: Condition, reading: Reading) -> bool:
    """Whether a condition that is no exception holds by words."""
    if isinstance(condition, Every | Either):
        return any(_by_words(part, reading) for part in condition.parts)
    return isinstance(condition, Contains) and condition.holds(reading)
