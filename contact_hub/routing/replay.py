"""Decides past tickets again with a draft: all of them, or only those that the edit can touch, with the same report."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contact_hub.contact import Contact
from contact_hub.routing.archive import Archive
from contact_hub.routing.edits import Taker, edit, takers
from contact_hub.routing.fields import Reading
from contact_hub.routing.matcher import Matcher
from contact_hub.routing.replayed import Accuracy, Moved, Report, RuleReplayed, Way
from contact_hub.routing.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Past:
    """A ticket of the past with the contact that opened it, as the rules saw it.

    `queue` is where it was sent then; `final` where people put it, empty while nobody showed where it belongs.
    """

    ticket: int
    reference: str
    contact: Contact
    queue: str
    final: str


@dataclass(frozen=True, slots=True)
class _Change:
    """Somebody else takes a ticket, or sends it elsewhere."""

    past: Past
    before: Taker
    after: Taker

    @property
    def moved(self) -> Moved | None:
        """The ticket, when it changes its queue."""
        if self.before.queue == self.after.queue:
            return None
        past, before, after = self.past, self.before, self.after
        return Moved(past.ticket, past.reference, before.queue, after.queue, before.rule, after.rule, past.final)


class Replay:
    """Past tickets, decided once by the rules of `before`; ready to be decided again by drafts."""

    def __init__(self, before: Rulebook, past: Iterable[Past]) -> None:
        self.past: Sequence[Past] = tuple(past)
        self._zone = before.municipality.zone
        self._archive = Archive((each.contact for each in self.past), self._zone)
        self._takers = takers(before)
        self._holding = _holding(self._takers, self._archive.readings)
        self._won: defaultdict[int, list[int]] = defaultdict(list)
        for place, holding in enumerate(self._holding):
            self._won[holding[0]].append(place)
        self._tally = _Tally()
        for taker, places in self._won.items():
            self._tally.add(self._takers[taker], [self.past[place] for place in places])

    def full(self, after: Rulebook) -> Report:
        """What becomes of the tickets, every one decided anew."""
        zone, drafted = after.municipality.zone, takers(after)
        same = zone == self._zone
        readings = self._archive.readings if same else [Reading(each.contact, zone) for each in self.past]
        taking = [holding[0] for holding in _holding(drafted, readings)]
        return self._report(drafted, dict(enumerate(taking)))

    def delta(self, after: Rulebook) -> Report:
        """The same report, for which only the tickets that the edit can touch are decided anew."""
        if after.municipality.zone != self._zone:
            return self.full(after)
        drafted = takers(after)
        return self._report(drafted, self._taken_anew(drafted))

    def _taken_anew(self, drafted: Sequence[Taker]) -> dict[int, int]:
        """Who of the draft takes each ticket that the edit touches: by place.

        A ticket keeps its taker unless that taker is gone, or one that came stands above it and wants the ticket.
        """
        change = edit(self._takers, drafted)
        comes: dict[int, int] = {}
        for taker in change.come:
            for place in self._fulfilling(drafted[taker]):
                comes.setdefault(place, taker)
        touched = comes.keys() | {place for taker in change.gone for place in self._won.get(taker, ())}
        taken = {}
        for place in touched:
            stays = next((change.kept[taker] for taker in self._holding[place] if taker in change.kept), len(drafted))
            taken[place] = min(stays, comes.get(place, len(drafted)))
        return taken

    def _fulfilling(self, taker: Taker) -> Iterable[int]:
        found = self._archive.fulfilling(taker.when, self._archive.everywhere)
        if taker.until is None:
            return found
        return [place for place in found if self._archive.readings[place].received.date() <= taker.until]

    def _report(self, drafted: Sequence[Taker], taking: Mapping[int, int]) -> Report:
        """The report, out of who takes tickets in the draft; those not among them keep their taker."""
        changes = []
        for place in sorted(taking):
            before, after = self._takers[self._holding[place][0]], drafted[taking[place]]
            if (before.rule, before.queue, before.screened) != (after.rule, after.queue, after.screened):
                changes.append(_Change(self.past[place], before, after))
        return _reported(self._tally, changes, [taker.rule for taker in (*drafted, *self._takers)])


class _Tally:
    """How many tickets each rule takes, and how many of them stand where people put them."""

    def __init__(self) -> None:
        self.won: Counter[str] = Counter()
        self.judged: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.screened = 0

    def add(self, taker: Taker, tickets: Sequence[Past], times: int = 1) -> None:
        """Counts tickets that this one takes; `times` -1 takes them out again."""
        self.won[taker.rule] += len(tickets) * times
        self.judged[taker.rule] += sum(bool(past.final) for past in tickets) * times
        self.right[taker.rule] += sum(past.final == taker.queue for past in tickets) * times
        self.screened += len(tickets) * times * taker.screened

    def changed(self, changes: Iterable[_Change]) -> "_Tally":
        """The tally after these changes."""
        after = _Tally()
        after.won, after.judged, after.right = self.won.copy(), self.judged.copy(), self.right.copy()
        after.screened = self.screened
        for change in changes:
            after.add(change.before, [change.past], -1)
            after.add(change.after, [change.past])
        return after

    def of(self, rule: str) -> Accuracy:
        """How often the rule was right."""
        return Accuracy(self.judged[rule], self.right[rule])

    @property
    def accuracy(self) -> Accuracy:
        """How often any was right."""
        return Accuracy(self.judged.total(), self.right.total())


def _holding(among: Sequence[Taker], readings: Iterable[Reading]) -> list[tuple[int, ...]]:
    """For each contact the places of those who want it, in their order; the default always does."""
    matcher = Matcher.of(among)
    return [tuple(matcher.holding(reading)) for reading in readings]


def _reported(before: _Tally, changes: Sequence[_Change], rules: Iterable[str]) -> Report:
    after = before.changed(changes)
    moved = [moved for change in changes if (moved := change.moved)]
    verdicts = Counter(each.verdict for each in moved)
    return Report(
        replayed=before.won.total(),
        before=before.accuracy,
        after=after.accuracy,
        screened_before=before.screened,
        screened_after=after.screened,
        moved=len(moved),
        towards=verdicts["towards"],
        away=verdicts["away"],
        ways=_ways(moved),
        rules=_rules(before, after, changes, rules),
        tickets=tuple(moved),
    )


def _ways(moved: Sequence[Moved]) -> tuple[Way, ...]:
    tickets = Counter((each.before, each.after) for each in moved)
    judged = Counter((each.before, each.after, each.verdict) for each in moved)
    commonest = sorted(tickets, key=lambda way: (-tickets[way], way))
    return tuple(Way(*way, tickets[way], judged[*way, "towards"], judged[*way, "away"]) for way in commonest)


def _rules(before: _Tally, after: _Tally, changes: Sequence[_Change], rules: Iterable[str]) -> tuple[RuleReplayed, ...]:
    gained = Counter(change.after.rule for change in changes if change.before.rule != change.after.rule)
    lost = Counter(change.before.rule for change in changes if change.before.rule != change.after.rule)
    judged: Counter[tuple[str, str]] = Counter()
    for change in changes:
        if moved := change.moved:
            judged.update((rule, moved.verdict) for rule in {moved.rule_before, moved.rule_after})
    return tuple(
        RuleReplayed(
            rule=rule,
            won_before=before.won[rule],
            won_after=after.won[rule],
            before=before.of(rule),
            after=after.of(rule),
            gained=gained[rule],
            lost=lost[rule],
            towards=judged[rule, "towards"],
            away=judged[rule, "away"],
        )
        for rule in dict.fromkeys(rules)
        if before.won[rule] or after.won[rule]
    )
