"""What can be proved about one rule by itself, without the others."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from contact_hub.routing.conditions import Condition
from contact_hub.routing.doctor.logic import Prover
from contact_hub.routing.doctor.meaning import Meaning
from contact_hub.routing.rules import Rule


class Alone:
    """One rule and what is known of its own words and values: a small matter, soon settled."""

    def __init__(self, rule: Rule, zone: ZoneInfo) -> None:
        self._meaning = Meaning(zone)
        self._whole = self._meaning.of_rule(rule)
        self._meaning.settle()
        self._prover = Prover(self._meaning.logic)

    def can_hold(self) -> bool:
        """Whether any message fulfils the rule."""
        return self._prover.possible(self._whole)

    def can_fail(self) -> bool:
        """Whether any message does not."""
        return self._prover.possible(-self._whole)

    def can_be(self, holding: Iterable[Condition], failing: Iterable[Condition] = ()) -> bool:
        """Whether these of its conditions can hold while those fail."""
        return self._prover.possible(*map(self._meaning.of, holding), *[-self._meaning.of(each) for each in failing])
