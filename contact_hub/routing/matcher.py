"""Finds the rules that hold for a contact: exactly those a plain loop over all rules finds, without asking each."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from contact_hub.routing.conditions import Condition, Either, Every, Not
from contact_hub.routing.fields import Reading


class Ruled(Protocol):
    """A rule as the matcher sees it: a condition, and the last day on which it counts."""

    @property
    def when(self) -> Condition:
        """What must hold."""
        ...

    @property
    def until(self) -> date | None:
        """The last day; None when there is none."""
        ...

    def holds(self, reading: Reading) -> bool:
        """Whether the contact fulfils it on the day it was received."""
        ...


class Matcher:
    """The rules of a file, ready to be asked which of them hold."""

    def __init__(self, rules: Sequence[Ruled]) -> None:
        self._rules = tuple(rules)

    @classmethod
    def of(cls, rules: Sequence[Ruled]) -> "Matcher":
        """Makes these rules ready; their positions are those in `rules`."""
        return cls(rules)

    def holding(self, reading: Reading) -> list[int]:
        """The positions of the rules that hold, ascending."""
        return [position for position, rule in enumerate(self._rules) if rule.holds(reading)]

    def touched(self, reading: Reading) -> set[int]:
        """The positions of the rules of which at least one condition that is not negated holds."""
        return {
            position
            for position, rule in enumerate(self._rules)
            if any(leaf.holds(reading) for leaf in positive_leaves(rule.when))
        }


def positive_leaves(condition: Condition, negated: bool = False) -> Iterator[Condition]:
    """The conditions inside this one that hold no others and stand under no `not` (or under two)."""
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from positive_leaves(part, negated)
    elif isinstance(condition, Not):
        yield from positive_leaves(condition.part, not negated)
    elif not negated:
        yield condition
