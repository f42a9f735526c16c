"""The rules of a municipality, and the decision they take for a contact."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from contact_hub.contact import Contact
from contact_hub.routing.calendars import Calendar
from contact_hub.routing.conditions import Condition
from contact_hub.routing.decisions import DEFAULT, PRIORITIES, Action, Also, Decision, NearMiss, Priority
from contact_hub.routing.fields import Reading
from contact_hub.routing.index.matcher import Matcher
from contact_hub.routing.municipality import Clock, Municipality, Queue, Tier, Topic, Unit, Visibility
from contact_hub.routing.nearly import Clauses, near_miss
from contact_hub.routing.said import Said, said
from contact_hub.routing.written import Written

__all__ = [
    "DEFAULT",
    "PRIORITIES",
    "SECTIONS",
    "Action",
    "Also",
    "Astray",
    "Clock",
    "Decision",
    "Municipality",
    "Priority",
    "Promise",
    "Queue",
    "Rule",
    "Rulebook",
    "Section",
    "Status",
    "Tier",
    "Topic",
    "Unit",
    "Visibility",
]

Section = Literal["screen", "label", "route"]
SECTIONS: tuple[Section, ...] = ("screen", "label", "route")
Status = Literal["active", "shadow", "off"]

MOST_EVIDENCE = 50
MOST_NEAR_MISSES = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """When this holds, do that. `until` is the last day on which it counts; `line` is where it stands in the file."""

    id: str
    section: Section
    when: Condition
    then: Action
    name: str = ""
    why: str = ""
    owner: str = ""
    status: Status = "active"
    until: date | None = None
    yes: Sequence[Contact] = ()
    no: Sequence[Contact] = ()
    line: int = 0

    def holds(self, reading: Reading) -> bool:
        """Whether the contact fulfils the rule on the day it was received."""
        return (self.until is None or reading.received.date() <= self.until) and self.when.holds(reading)


@dataclass(frozen=True, slots=True)
class Promise:
    """A test of the whole file: this contact is to be decided so. `expect` names parts of the decision."""

    name: str
    contact: Contact
    expect: Mapping[str, str | bool | tuple[str, ...]]
    line: int = 0

    def broken_by(self, decision: Decision) -> Iterator[Said]:
        """In words, each part of the decision that is not as expected."""
        for name, wanted in self.expect.items():
            got = _named(decision.also) if name == "also" else getattr(decision, name)
            kept = set(wanted) <= set(got) if isinstance(wanted, tuple) and isinstance(got, tuple) else got == wanted
            if not kept:
                yield said(
                    "expected %(name)s %(wanted)s, but the rule %(rule)s says %(got)s",
                    name=name,
                    wanted=_shown(wanted),
                    rule=_shown(decision.rule),
                    got=_shown(got),
                )


@dataclass(frozen=True, slots=True)
class Astray:
    """An example or a test that does not hold, in words."""

    rule: str
    example: str
    what: Said
    line: int


@dataclass(frozen=True)
class Rulebook:
    """A whole rules file, read and found good."""

    municipality: Municipality
    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    calendars: Mapping[str, Calendar]
    rules: tuple[Rule, ...]
    default: Action
    promises: tuple[Promise, ...] = ()
    written: Written = field(default_factory=Written)

    def decide(self, contact: Contact) -> Decision:
        """Where the contact goes: by the first screen rule that holds, else the first route rule, else the default."""
        reading = Reading(contact, self._zone)
        holding = self.matcher.holding(reading)
        rules = bisect_left(holding, len(self._live))
        near = self._clauses.near_misses({place - len(self._live) for place in holding[rules:]}, reading)
        return self._decision(reading, [self._live[place] for place in holding[:rules]], near)

    def decide_plainly(self, contact: Contact) -> Decision:
        """The definition of `decide`: the same decision, by asking rule after rule."""
        reading = Reading(contact, self._zone)
        near = [near_miss(rule, reading) for rule in self._live if _routes(rule)]
        return self._decision(reading, [rule for rule in self._live if rule.holds(reading)], filter(None, near))

    def examples_astray(self) -> list[Astray]:
        """The examples and tests of the file that its rules do not keep."""
        return [*self._examples_astray(), *self._promises_broken()]

    def _decision(self, reading: Reading, rules: Sequence[Rule], near: Iterable[NearMiss]) -> Decision:
        """The decision by the live rules that hold, in their order."""
        contact = reading.contact
        screens, labels, routes = _by_section(rules)
        rule = next(iter(screens or routes), None)
        then = rule.then if rule else self.default
        actions = [then, *(label.then for label in labels)]
        topic = _first_said(action.topic for action in actions) or (contact.topic if contact.topic in self.topics else "")
        return Decision(
            queue=then.queue,
            priority=_highest(actions),
            topic=topic,
            tags=tuple(dict.fromkeys(tag for action in actions for tag in action.tags)),
            rule=rule.id if rule else DEFAULT,
            screened=bool(screens),
            evidence=tuple(islice(dict.fromkeys(rule.when.evidence(reading)), MOST_EVIDENCE)) if rule else (),
            labels=tuple(label.id for label in labels),
            due=_first_said(action.due for action in actions),
            note="\n".join(action.note for action in actions if action.note),
            language=_first_said(action.language for action in actions) or contact.language,
            receipt=_first_said(action.receipt for action in actions),
            shadows=tuple(rule.id for rule in rules if rule.status == "shadow"),
            also=_elsewhere(actions, then.queue, topic),
            confidential=any(action.confidential for action in actions),
            runners_up=tuple(other.id for other in routes if other is not rule),
            near_misses=tuple(islice(near, MOST_NEAR_MISSES)),
        )

    def _examples_astray(self) -> Iterator[Astray]:
        for rule in self.rules:
            for contact in rule.yes:
                if not self._takes(rule, contact):
                    yield Astray(rule.id, _told(contact), self._taken_instead(rule, contact), rule.line)
            for contact in rule.no:
                if self._takes(rule, contact):
                    yield Astray(rule.id, _told(contact), said("should not be taken by this rule, but is"), rule.line)

    def _promises_broken(self) -> Iterator[Astray]:
        for promise in self.promises:
            for what in promise.broken_by(self.decide(promise.contact)):
                yield Astray("tests", promise.name, what, promise.line)

    def _takes(self, rule: Rule, contact: Contact) -> bool:
        if rule.status != "active":
            return rule.holds(Reading(contact, self._zone))
        screens, labels, routes = _by_section(self._holding(Reading(contact, self._zone)))
        return rule in labels if rule.section == "label" else rule in (screens or routes)[:1]

    def _holding(self, reading: Reading) -> list[Rule]:
        holding = self.matcher.holding(reading)
        return [self._live[place] for place in holding[: bisect_left(holding, len(self._live))]]

    def _taken_instead(self, rule: Rule, contact: Contact) -> Said:
        reading = Reading(contact, self._zone)
        if not rule.holds(reading):
            return said("should be taken by this rule, but its condition does not hold")
        return said("should be taken by this rule, but the rule %(rule)s takes it first", rule=self.decide(contact).rule)

    @cached_property
    def _live(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.status != "off")

    @cached_property
    def _clauses(self) -> Clauses:
        return Clauses((place, rule) for place, rule in enumerate(self._live) if _routes(rule))

    @cached_property
    def matcher(self) -> Matcher:
        """Finds, in one go, the live rules that hold and, behind their places, the clauses that do."""
        return Matcher.of([*self._live, *self._clauses.all])

    @cached_property
    def _zone(self) -> ZoneInfo:
        return self.municipality.zone


def _by_section(rules: Iterable[Rule]) -> tuple[list[Rule], list[Rule], list[Rule]]:
    """Of the rules that hold, the active ones of screen, label and route; what is screened out gets no label."""
    screens, labels, routes = [
        [rule for rule in rules if rule.section == section and rule.status == "active"] for section in SECTIONS
    ]
    return screens, [] if screens else labels, routes


def _routes(rule: Rule) -> bool:
    return rule.section == "route" and rule.status == "active"


def _first_said(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _highest(actions: Iterable[Action]) -> Priority:
    """The highest priority that the rule and the labels name; normal when none does."""
    named = [action.priority for action in actions if action.priority]
    return max(named, key=PRIORITIES.index, default="normal")


def _elsewhere(actions: Iterable[Action], queue: str, topic: str) -> tuple[Also, ...]:
    """The second tickets asked for, each once; none where the first stands already."""
    asked = dict.fromkeys(also for action in actions for also in action.also)
    return tuple(also for also in asked if also.queue != queue or also.topic not in ("", topic))


def _named(also: Iterable[Also]) -> tuple[str, ...]:
    """The queues and topics of second tickets."""
    return tuple(name for each in also for name in (each.queue, each.topic) if name)


def _told(contact: Contact) -> str:
    return " / ".join(part for part in (contact.subject, contact.message) if part)[:120]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
