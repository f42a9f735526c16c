"""How well a rulebook's own examples and tests protect it: what they exercise, and what could be dropped unnoticed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from contact_hub.contact import Contact
from contact_hub.routing.conditions import Every
from contact_hub.routing.fields import Reading
from contact_hub.routing.protection.parts import Part, Parts
from contact_hub.routing.protection.verdicts import Anatomies, Finder, Sample
from contact_hub.routing.rules import Promise, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Coverage:
    """So many `of` all are `exercised` by an example or a test."""

    exercised: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; 1 when there is nothing to exercise."""
        return self.exercised / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Protection:
    """What the examples and tests of a rulebook hold in place.

    `rules` are exercised when they hold for an example or a test, `parts` when a verdict of their rule hangs on them
    for one; a part is protected when dropping it breaks one that holds now.
    """

    samples: int
    rules: Coverage
    parts: Coverage
    unprotected: tuple[Part, ...]

    @property
    def score(self) -> float:
        """The mutation score: the protected share of all parts, from 0 to 1; 1 when there are none."""
        return 1 - len(self.unprotected) / self.parts.of if self.parts.of else 1.0


def protection(rulebook: Rulebook) -> Protection:
    """Drops each part in turn and sees whether an example or a test notices. The same as trying each file, but soon done."""
    parts = Parts.knowing(rulebook.written.lists)
    trials = _Trials(rulebook, Anatomies([parts.of(rule) for rule in rulebook.rules]))
    finder = Finder(parts.needles)
    checks = list(_checks(rulebook))
    for contact, check in checks:
        trials.hold(Sample(Reading(contact, rulebook.municipality.zone), finder), check)
    left = [part for place, part in enumerate(parts.all) if place not in trials.protected]
    return Protection(
        samples=len(checks),
        rules=Coverage(len(trials.held), len(rulebook.rules)),
        parts=Coverage(len(trials.hung_on), len(parts.all)),
        unprotected=tuple(sorted(left, key=lambda part: part.line)),
    )


@dataclass(frozen=True, slots=True)
class _Example:
    rule: int
    wanted: bool


_Check = _Example | Promise


def _checks(rulebook: Rulebook) -> Iterator[tuple[Contact, _Check]]:
    """Each contact of the file with what it must prove."""
    for place, rule in enumerate(rulebook.rules):
        yield from ((contact, _Example(place, wanted=True)) for contact in rule.yes)
        yield from ((contact, _Example(place, wanted=False)) for contact in rule.no)
    yield from ((promise.contact, promise) for promise in rulebook.promises)


class _Trials:
    """Holds up each contact to the rules with any one part dropped."""

    def __init__(self, rulebook: Rulebook, anatomies: Anatomies) -> None:
        self._rulebook = rulebook
        self._anatomies = anatomies
        self._kept: dict[tuple[int, frozenset[int]], bool] = {}
        self.held: set[int] = set()
        self.hung_on: set[int] = set()
        self.protected: set[int] = set()

    def hold(self, sample: Sample, check: _Check) -> None:
        """Notes which parts the check of one contact protects; a check that fails already protects nothing."""
        holding, turned = self._verdicts(sample)
        self.held |= holding
        self.hung_on.update(turned)
        if self._keeps(check, holding):
            doubtful = [part for part in turned if part not in self.protected]
            self.protected.update(part for part in doubtful if not self._keeps(check, holding ^ turned[part]))

    def _verdicts(self, sample: Sample) -> tuple[frozenset[int], Mapping[int, set[int]]]:
        """The rules that hold for a contact, and for each part, the rules whose verdict turns when it is dropped."""
        holding = set()
        turned: dict[int, set[int]] = defaultdict(set)
        for place, holds, parts in self._anatomies.hang_on(sample):
            if holds:
                holding.add(place)
            for part in parts:
                turned[part].add(place)
        return frozenset(holding), turned

    def _keeps(self, check: _Check, holding: frozenset[int]) -> bool:
        if isinstance(check, _Example):
            return self._takes(check.rule, holding) == check.wanted
        known = self._kept.get((id(check), holding))
        if known is None:
            known = not any(check.broken_by(self._of_only(holding).decide_plainly(check.contact)))
            self._kept[id(check), holding] = known
        return known

    def _takes(self, place: int, holding: frozenset[int]) -> bool:
        """Whether a rule takes a contact for which these hold: a screen comes before all, a route before later routes."""
        rule = self._rulebook.rules[place]
        if rule.status != "active" or place not in holding:
            return place in holding
        return not any(self._comes_first(other, place) for other in holding)

    def _comes_first(self, one: int, other: int) -> bool:
        first, second = self._rulebook.rules[one], self._rulebook.rules[other]
        if first.status != "active" or first.section == "label":
            return False
        return one < other if first.section == second.section else first.section == "screen"

    def _of_only(self, holding: frozenset[int]) -> Rulebook:
        """The rulebook as a contact meets it: only the rules that hold for it."""
        rules = [self._rulebook.rules[place] for place in sorted(holding)]
        return replace(self._rulebook, rules=tuple(map(_unconditional, rules)))


def _unconditional(rule: Rule) -> Rule:
    return replace(rule, when=Every(()), until=None, yes=(), no=())
