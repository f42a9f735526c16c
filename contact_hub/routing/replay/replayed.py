"""What a replay found: how many tickets would move, where from and to, and whether to where people put them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["towards", "away", "neither", "unknown"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A ticket the draft would send elsewhere. `final` is where people put it; empty while nobody showed where it belongs."""

    ticket: int
    reference: str
    before: str
    after: str
    rule_before: str
    rule_after: str
    final: str

    @property
    def verdict(self) -> Verdict:
        """Whether it moves towards the place where people put it, or away from it."""
        if not self.final:
            return "unknown"
        return "towards" if self.after == self.final else "away" if self.before == self.final else "neither"

    def as_record(self) -> dict[str, str]:
        """Values JSON knows."""
        return {
            "reference": self.reference,
            "from": self.before,
            "to": self.after,
            "rule_before": self.rule_before,
            "rule_after": self.rule_after,
            "final": self.final,
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Way:
    """How many tickets would move from one queue to another."""

    before: str
    after: str
    tickets: int
    towards: int
    away: int

    def as_record(self) -> dict[str, Any]:
        """Values JSON knows."""
        counts = {"tickets": self.tickets, "towards": self.towards, "away": self.away}
        return {"from": self.before, "to": self.after, **counts}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of `judged` tickets, those of which people showed where they belong, so many were `right` at their first queue."""

    judged: int
    right: int

    @property
    def share(self) -> float | None:
        """The share that was right; none of nothing is no share."""
        return self.right / self.judged if self.judged else None

    def as_record(self) -> dict[str, Any]:
        """Values JSON knows."""
        return {**asdict(self), "share": self.share}


@dataclass(frozen=True, slots=True)
class RuleReplayed:
    """What becomes of the tickets of one rule.

    It takes `gained` tickets from other rules and leaves `lost` to them. `towards` and `away` count the tickets that move to
    another queue because this rule takes them, or no longer does.
    """

    rule: str
    won_before: int
    won_after: int
    before: Accuracy
    after: Accuracy
    gained: int
    lost: int
    towards: int
    away: int

    def as_record(self) -> dict[str, Any]:
        """Values JSON knows."""
        accuracies = {"before": self.before.as_record(), "after": self.after.as_record()}
        return {**{name: getattr(self, name) for name in _COUNTS}, **accuracies}


_COUNTS = ("rule", "won_before", "won_after", "gained", "lost", "towards", "away")


@dataclass(frozen=True, slots=True)
class Report:
    """What would become of past tickets under a draft.

    `ways` has the commonest first; `rules` those that take a ticket before or after, in the order of the draft and behind
    them those it no longer has; `tickets` every ticket that moves, in the order of the past. Screened tickets count too;
    `screened_before` and `screened_after` say how many a screen rule takes.
    """

    replayed: int
    before: Accuracy
    after: Accuracy
    screened_before: int
    screened_after: int
    moved: int
    towards: int
    away: int
    ways: tuple[Way, ...]
    rules: tuple[RuleReplayed, ...]
    tickets: tuple[Moved, ...]

    def as_record(self, listed: Sequence[Moved]) -> dict[str, Any]:
        """Values JSON knows, with those of the tickets that are `listed`; `not_listed` counts the others."""
        counts = ("replayed", "screened_before", "screened_after", "moved", "towards", "away")
        return {
            **{name: getattr(self, name) for name in counts},
            "before": self.before.as_record(),
            "after": self.after.as_record(),
            "ways": [way.as_record() for way in self.ways],
            "rules": [rule.as_record() for rule in self.rules],
            "tickets": [moved.as_record() for moved in listed],
            "not_listed": self.moved - len(listed),
        }
