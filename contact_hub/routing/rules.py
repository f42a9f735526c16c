"""The desk of a municipality as its rules file describes it, and the decision it takes for a contact."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from contact_hub.contact import Contact
from contact_hub.routing.calendars import Calendar
from contact_hub.routing.conditions import Condition
from contact_hub.routing.fields import Reading
from contact_hub.routing.vocabulary import Vocabulary
from contact_hub.routing.words import Evidence

Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
Tier = Literal["front", "back"]
Visibility = Literal["default", "restricted", "confidential"]
Unit = Literal["hours", "working days", "days", "months"]
Section = Literal["screen", "label", "route"]
SECTIONS: tuple[Section, ...] = ("screen", "label", "route")
Status = Literal["active", "shadow", "off"]

DEFAULT = "default"
"""The rule named in a decision that no route rule took."""
MOST_EVIDENCE = 50


@dataclass(frozen=True, slots=True)
class Municipality:
    """Whose desk this is; `languages` has the first choice first."""

    name: str
    timezone: str
    languages: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time a queue gives itself."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Queue:
    """A team's work list; `names` by language, `calendar` the id of the one its clock runs on."""

    id: str
    names: Mapping[str, str]
    tier: Tier = "back"
    visibility: Visibility = "default"
    clock: Clock | None = None
    contact: str = ""
    deputy: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about, the queue that answers it, and whether the first line can."""

    id: str
    names: Mapping[str, str]
    queue: str
    first_line: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule says about a contact; what is empty it leaves to others."""

    queue: str = ""
    priority: Priority | None = None
    topic: str = ""
    tags: tuple[str, ...] = ()
    due: str = ""
    note: str = ""
    language: str = ""
    receipt: str = ""


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
    yes: tuple[Contact, ...] = ()
    no: tuple[Contact, ...] = ()
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


@dataclass(frozen=True, slots=True)
class Astray:
    """An example or a test that does not hold, in words."""

    rule: str
    example: str
    what: str
    line: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a contact goes, by which rule and by which of its words."""

    queue: str
    priority: Priority = "normal"
    topic: str = ""
    tags: tuple[str, ...] = ()
    rule: str = DEFAULT
    screened: bool = False
    evidence: tuple[Evidence, ...] = ()
    labels: tuple[str, ...] = ()
    due: str = ""
    note: str = ""
    language: str = ""
    receipt: str = ""
    shadows: tuple[str, ...] = ()

    def as_record(self) -> dict[str, object]:
        """The decision as it is stored: values JSON knows."""
        return asdict(self)


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

    def decide(self, contact: Contact) -> Decision:
        """Where the contact goes: by the first screen rule that holds, else the first route rule, else the default."""
        reading = Reading(contact, self._vocabulary, self._zone)
        shadows = tuple(rule.id for rule in self._in_shadow if rule.holds(reading))
        screen = _first(self._active["screen"], reading)
        if screen:
            return self._decision(reading, screen, [], shadows)
        labels = [rule for rule in self._active["label"] if rule.holds(reading)]
        return self._decision(reading, _first(self._active["route"], reading), labels, shadows)

    def examples_astray(self) -> list[Astray]:
        """The examples and tests of the file that its rules do not keep."""
        return [*self._examples_astray(), *self._promises_broken()]

    def _decision(self, reading: Reading, rule: Rule | None, labels: list[Rule], shadows: tuple[str, ...]) -> Decision:
        contact = reading.contact
        then = rule.then if rule else self.default
        said = [then, *(label.then for label in labels)]
        topic = _first_said(action.topic for action in said) or (contact.topic if contact.topic in self.topics else "")
        return Decision(
            queue=then.queue,
            priority=_highest(said),
            topic=topic,
            tags=tuple(dict.fromkeys(tag for action in said for tag in action.tags)),
            rule=rule.id if rule else DEFAULT,
            screened=rule is not None and rule.section == "screen",
            evidence=tuple(islice(dict.fromkeys(rule.when.evidence(reading)), MOST_EVIDENCE)) if rule else (),
            labels=tuple(label.id for label in labels),
            due=_first_said(action.due for action in said),
            note="\n".join(action.note for action in said if action.note),
            language=_first_said(action.language for action in said) or contact.language,
            receipt=_first_said(action.receipt for action in said),
            shadows=shadows,
        )

    def _examples_astray(self) -> Iterator[Astray]:
        for rule in self.rules:
            for contact in rule.yes:
                if not self._takes(rule, contact):
                    what = "should be taken by this rule, but " + self._taken_instead(rule, contact)
                    yield Astray(rule.id, _told(contact), what, rule.line)
            for contact in rule.no:
                if self._takes(rule, contact):
                    yield Astray(rule.id, _told(contact), "should not be taken by this rule, but is", rule.line)

    def _promises_broken(self) -> Iterator[Astray]:
        for promise in self.promises:
            decided = self.decide(promise.contact).as_record()
            for name, wanted in promise.expect.items():
                got = decided[name]
                kept = set(wanted) <= set(got) if isinstance(wanted, tuple) and isinstance(got, tuple) else got == wanted
                if not kept:
                    what = f"expected {name} {_shown(wanted)}, but the rule {decided['rule']} says {_shown(got)}"
                    yield Astray("tests", promise.name, what, promise.line)

    def _takes(self, rule: Rule, contact: Contact) -> bool:
        if rule.status != "active":
            return rule.holds(Reading(contact, Vocabulary.of(rule.when.needles()), self._zone))
        decision = self.decide(contact)
        return rule.id in decision.labels if rule.section == "label" else rule.id == decision.rule

    def _taken_instead(self, rule: Rule, contact: Contact) -> str:
        reading = Reading(contact, Vocabulary.of(rule.when.needles()), self._zone)
        if not rule.holds(reading):
            return "its condition does not hold"
        return f"the rule {self.decide(contact).rule} takes it first"

    @cached_property
    def _live(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.status != "off")

    @cached_property
    def _active(self) -> Mapping[Section, tuple[Rule, ...]]:
        active = [rule for rule in self._live if rule.status == "active"]
        return {section: tuple(rule for rule in active if rule.section == section) for section in SECTIONS}

    @cached_property
    def _in_shadow(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self._live if rule.status == "shadow")

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.of(needle for rule in self._live for needle in rule.when.needles())

    @cached_property
    def _zone(self) -> ZoneInfo:
        return self.municipality.zone


def _first(rules: Iterable[Rule], reading: Reading) -> Rule | None:
    for rule in rules:
        if rule.holds(reading):
            return rule
    return None


def _first_said(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _highest(said: Iterable[Action]) -> Priority:
    """The highest priority that the rule and the labels name; normal when none does."""
    named = [action.priority for action in said if action.priority]
    return max(named, key=PRIORITIES.index, default="normal")


def _told(contact: Contact) -> str:
    return " / ".join(part for part in (contact.subject, contact.message) if part)[:120]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
