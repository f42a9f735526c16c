"""Finds the rules that hold for a contact: exactly those a plain loop over all rules finds, without asking each."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from contact_hub.routing.conditions import Condition
from contact_hub.routing.fields import Reading
from contact_hub.routing.index.lookup import Lookup


class Ruled(Protocol):
    """A rule as the matcher sees it: a condition, and the last day on which it counts (None when there is none)."""

    @property
    def when(self) -> Condition: ...

    @property
    def until(self) -> date | None: ...


class Matcher:
    """The rules of a file, ready to be asked which of them hold."""

    def __init__(self, rules: Sequence[Ruled]) -> None:
        self._rules = tuple(rules)
        self._until = {place: rule.until for place, rule in enumerate(self._rules) if rule.until is not None}
        self._lookup = Lookup([rule.when for rule in self._rules])

    @classmethod
    def of(cls, rules: Sequence[Ruled]) -> "Matcher":
        """Makes these rules ready; their positions are those in `rules`."""
        return cls(rules)

    def holding(self, reading: Reading) -> list[int]:
        """The positions of the rules that hold, ascending: `[i for i, rule in enumerate(rules) if rule.holds(reading)]`."""
        holding = self._lookup.holding(reading)
        if self._until:
            today = reading.received.date()
            return [place for place in holding if today <= self._until.get(place, today)]
        return holding
