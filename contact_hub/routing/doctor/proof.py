"""The rules of one rulebook, ready to be proved about: who comes before whom, and who can hold with whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain

from pysat.examples.hitman import Hitman

from contact_hub.contact import Contact
from contact_hub.routing.conditions import Condition, Either, Every, Not, Postcode
from contact_hub.routing.decisions import Decision
from contact_hub.routing.doctor.alone import Alone
from contact_hub.routing.doctor.logic import Prover
from contact_hub.routing.doctor.meaning import Meaning
from contact_hub.routing.doctor.sketch import sketches
from contact_hub.routing.fields import Reading
from contact_hub.routing.rules import Rule, Rulebook, Section

_MOST_ROUNDS = 300
"""So many times the search for the fewest rules begins anew before it settles for a set of which none can be spared."""


_MOST_EXAMPLES = 3
"""So many examples of a rule are looked at to see that it can win."""


class Proof:
    """What can be proved about a rulebook. `today` leaves out rules whose last day has passed; without it, none are."""

    def __init__(self, rulebook: Rulebook, today: date | None = None) -> None:
        self.rulebook = rulebook
        self.rules = [rule for rule in rulebook.rules if rule.status != "off" and not _past(rule, today)]
        self._today = today
        self._alone: dict[str, Alone] = {}

    @property
    def meaning(self) -> Meaning:
        """What all rules mean together; worked out when something must be proved that no example shows."""
        return self._meant[0]

    @cached_property
    def _meant(self) -> tuple[Meaning, Mapping[str, int]]:
        meaning = Meaning(self.rulebook.municipality.zone, self._today)
        rules = {rule.id: meaning.of_rule(rule) for rule in self.rules}
        for rule in self.rules:
            for field in set(negated_fields(rule.when)):
                meaning.has(field)
        meaning.settle()
        return meaning, rules

    @cached_property
    def prover(self) -> Prover:
        """Proves by what all rules mean together."""
        return Prover(self.meaning.logic)

    def active(self, section: Section) -> list[Rule]:
        """The rules of a section that decide, in their order."""
        return [rule for rule in self.rules if rule.section == section and rule.status == "active"]

    def of(self, rule: Rule) -> int:
        """The proposition that a rule holds."""
        return self._meant[1][rule.id]

    def alone(self, rule: Rule) -> Alone:
        """What can be proved about a rule by itself."""
        if rule.id not in self._alone:
            self._alone[rule.id] = Alone(rule, self.rulebook.municipality.zone)
        return self._alone[rule.id]

    def none_of(self, rules: Iterable[Rule]) -> list[int]:
        """The propositions that these rules do not hold."""
        return [-self.of(rule) for rule in rules]

    def contact(self, together: Iterable[int], shows: Callable[[Contact], bool]) -> Contact | None:
        """A made-up contact for which these hold together, and that truly shows what it should, if one is found."""
        if not self.prover.possible(*together):
            return None
        return next((contact for contact in self.meaning.contacts(self.prover.model()) if shows(contact)), None)

    def reading(self, contact: Contact) -> Reading:
        """The contact as the rules read it."""
        return Reading(contact, self.rulebook.municipality.zone)

    def is_seen_alive(self, rule: Rule) -> bool:
        """Whether one of its examples, or the plainest message for it, is decided by it: then there is nothing to prove."""
        for contact in chain(rule.yes[:_MOST_EXAMPLES], sketches(rule.when)):
            decided = self.decided(contact)
            if rule.id in (decided.rule, *decided.labels):
                return True
        return False

    def decided(self, contact: Contact) -> Decision:
        """What the rules decide for a contact, by the very code that decides in production."""
        return self.rulebook.decide(contact)

    def fewest(self, wanted: int, takers: Sequence[int]) -> list[int]:
        """Of propositions that cannot all fail while `wanted` holds, the fewest of which the same is true."""
        if self.prover.possible(wanted, *[-taker for taker in takers]):
            return []
        core = self.prover.core()
        takers = list(dict.fromkeys(takers))
        few = [taker for taker in takers if -taker in core]
        return few if len(few) < 2 else self._fewest(wanted, takers) or self._none_to_spare(wanted, few)

    def _fewest(self, wanted: int, takers: Sequence[int]) -> list[int]:
        """By what every such set must hit: each time a set does not do, at least one of those that held in its stead."""
        with Hitman(htype="sorted", solver="g4") as hitting:
            for _ in range(_MOST_ROUNDS):
                few = [takers[int(place)] for place in sorted(hitting.get() or [], key=int)]
                if not self.prover.possible(wanted, *[-taker for taker in few]):
                    return few
                hitting.hit([str(takers.index(taker)) for taker in self._instead(wanted, takers)])
        return []

    def _instead(self, wanted: int, takers: Sequence[int]) -> list[int]:
        """A few takers of which one must hold when all others fail; the prover has just shown a way."""
        model = self.prover.model()
        failing = [-taker for taker in takers if taker not in model]
        left = [taker for taker in takers if taker in model]
        for taker in left[1:]:
            if self.prover.possible(wanted, *failing, -taker):
                failing.append(-taker)
        return [taker for taker in left if -taker not in failing]

    def _none_to_spare(self, wanted: int, takers: list[int]) -> list[int]:
        for taker in list(takers):
            others = [other for other in takers if other != taker]
            if not self.prover.possible(wanted, *[-other for other in others]):
                takers = others
        return takers


def _past(rule: Rule, today: date | None) -> bool:
    return today is not None and rule.until is not None and rule.until < today


def negated_fields(condition: Condition, *, inside: bool = False) -> Iterator[str]:
    """The fields that a `not` looks at."""
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from negated_fields(part, inside=inside)
    elif isinstance(condition, Not):
        yield from negated_fields(condition.part, inside=True)
    elif inside:
        yield from ["postcode"] if isinstance(condition, Postcode) else filter(None, [getattr(condition, "field", "")])
