"""Adds up what a replay found: the counts as they stand, and the report of what passes from one taker to another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from contact_hub.contact import Contact
from contact_hub.routing.replay.edits import Taker
from contact_hub.routing.replay.replayed import Accuracy, Moved, Report, RuleReplayed, Way


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
class Shift:
    """Tickets, each with its place in the past, that one taker loses to another or sends elsewhere than before."""

    before: Taker
    after: Taker
    tickets: Sequence[tuple[int, Past]]

    @property
    def moves(self) -> bool:
        """Whether the tickets change their queue."""
        return self.before.queue != self.after.queue

    @property
    def towards(self) -> int:
        """How many move to where people put them."""
        return self._belonging_to(self.after.queue) if self.moves else 0

    @property
    def away(self) -> int:
        """How many move away from where people put them."""
        return self._belonging_to(self.before.queue) if self.moves else 0

    def moved(self) -> list[tuple[int, Moved]]:
        """The tickets that change their queue, by place."""
        before, after = self.before, self.after
        return [
            (
                place,
                Moved(past.ticket, past.reference, before.queue, after.queue, before.rule, after.rule, past.final),
            )
            for place, past in (self.tickets if self.moves else ())
        ]

    def _belonging_to(self, queue: str) -> int:
        return sum(past.final == queue for _, past in self.tickets)


class Counts:
    """How many tickets each rule takes, and how many of them stand where people put them."""

    def __init__(self, other: "Counts | None" = None) -> None:
        self.won: Counter[str] = Counter(other.won if other else ())
        self.judged: Counter[str] = Counter(other.judged if other else ())
        self.right: Counter[str] = Counter(other.right if other else ())
        self.screened: int = other.screened if other else 0

    def add(self, taker: Taker, tickets: Sequence[tuple[int, Past]], times: int = 1) -> None:
        """Counts tickets that this one takes; `times` -1 takes them out again."""
        self.won[taker.rule] += len(tickets) * times
        self.judged[taker.rule] += sum(past.final != "" for _, past in tickets) * times
        self.right[taker.rule] += sum(past.final == taker.queue for _, past in tickets) * times
        self.screened += len(tickets) * times * taker.screened

    def of(self, rule: str) -> Accuracy:
        """How often the rule is right."""
        return Accuracy(self.judged[rule], self.right[rule])

    @property
    def accuracy(self) -> Accuracy:
        """How often any is right."""
        return Accuracy(self.judged.total(), self.right.total())

    @cached_property
    def unmoved(self) -> Mapping[str, RuleReplayed]:
        """The rules that take tickets, as they are reported where nothing changes for them."""
        return {
            rule: RuleReplayed(rule, won, won, self.of(rule), self.of(rule), 0, 0, 0, 0)
            for rule, won in self.won.items()
            if won
        }


def report(before: Counts, shifts: Sequence[Shift], rules: Iterable[str]) -> Report:
    """What the shifts make of the counts; `rules` has the rules in the order in which they are to be named."""
    after = Counts(before)
    for shift in shifts:
        after.add(shift.before, shift.tickets, -1)
        after.add(shift.after, shift.tickets)
    moved = [each for _, each in sorted((pair for shift in shifts for pair in shift.moved()), key=lambda pair: pair[0])]
    return Report(
        replayed=before.won.total(),
        before=before.accuracy,
        after=after.accuracy,
        screened_before=before.screened,
        screened_after=after.screened,
        moved=len(moved),
        towards=sum(shift.towards for shift in shifts),
        away=sum(shift.away for shift in shifts),
        ways=_ways(shifts),
        rules=tuple(_rules(before, after, shifts, rules)),
        tickets=tuple(moved),
    )


def _ways(shifts: Iterable[Shift]) -> tuple[Way, ...]:
    tickets, towards, away = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for shift in shifts:
        if shift.moves:
            way = (shift.before.queue, shift.after.queue)
            tickets[way] += len(shift.tickets)
            towards[way] += shift.towards
            away[way] += shift.away
    return tuple(
        Way(*way, tickets[way], towards[way], away[way]) for way in sorted(tickets, key=lambda way: (-tickets[way], way))
    )


def _rules(before: Counts, after: Counts, shifts: Iterable[Shift], rules: Iterable[str]) -> Iterable[RuleReplayed]:
    gained, lost, towards, away = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    touched = set[str]()
    for shift in shifts:
        both = {shift.before.rule, shift.after.rule}
        touched |= both
        if len(both) == 2:
            gained[shift.after.rule] += len(shift.tickets)
            lost[shift.before.rule] += len(shift.tickets)
        for rule in both:
            towards[rule] += shift.towards
            away[rule] += shift.away
    standing = before.unmoved
    for rule in dict.fromkeys(rule for rule in rules if rule in touched or rule in standing):
        if rule in touched:
            accuracies = before.of(rule), after.of(rule)
            counts = gained[rule], lost[rule], towards[rule], away[rule]
            yield RuleReplayed(rule, before.won[rule], after.won[rule], *accuracies, *counts)
        else:
            yield standing[rule]
