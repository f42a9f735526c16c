"""Explains one rule for one contact, whole: what held, what did not, by which words, and what came of it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from contact_hub.contact import Contact
from contact_hub.routing import conditions as c
from contact_hub.routing.asking import asked, given
from contact_hub.routing.decisions import Decision
from contact_hub.routing.fields import Reading
from contact_hub.routing.nearly import near_miss
from contact_hub.routing.rules import Rule, Rulebook, Section, Status
from contact_hub.routing.said import Said, said
from contact_hub.routing.words import AtLeast, Evidence

Kind = Literal["all", "any", "not", "words", "at least", "value"]
Outcome = Literal["won", "added", "failed", "past", "off", "shadow", "screened", "beaten"]


class NoSuchRule(LookupError):
    """The rulebook has no rule of this name."""


@dataclass(frozen=True, slots=True)
class Node:
    """One condition of a rule: whether it holds, what it asks for, and what the contact has there.

    `asks` and `found` are written as in the file; `evidence` says where found words stand. `parts` are the conditions
    inside it: those of `all`, `any` and `not`, and each `at least` among words; `number` is that of an `at least`.
    """

    kind: Kind
    holds: bool
    field: str = ""
    asks: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parts: tuple["Node", ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one rule for one contact. `holds` tells of its conditions alone; `until` is a date or empty."""

    rule: str
    name: str
    why: str
    owner: str
    section: Section
    status: Status
    until: str
    holds: bool
    outcome: Outcome
    because: Said
    tree: Node

    def as_record(self) -> dict[str, Any]:
        """The explanation in values JSON knows."""
        return {**asdict(self), "because": self.because.as_record()}


def explain(rulebook: Rulebook, contact: Contact, rule_id: str) -> Explanation:
    """The whole tree of one rule for this contact, and what came of it. Raises NoSuchRule."""
    rule = next((rule for rule in rulebook.rules if rule.id == rule_id), None)
    if rule is None:
        raise NoSuchRule(rule_id)
    reading = Reading(contact, rulebook.municipality.zone)
    tree = explained(rule.when, reading)
    outcome, because = _outcome(rule, rulebook.decide(contact), reading)
    return Explanation(
        rule=rule.id,
        name=rule.name,
        why=rule.why,
        owner=rule.owner,
        section=rule.section,
        status=rule.status,
        until=rule.until.isoformat() if rule.until else "",
        holds=tree.holds,
        outcome=outcome,
        because=because,
        tree=tree,
    )


def words_read(rulebook: Rulebook, contact: Contact, decision: Decision) -> list[str]:
    """What the contact says at the places by which it was decided, each once."""
    reading = Reading(contact, rulebook.municipality.zone)
    return list(dict.fromkeys(reading.original(each.field)[each.start : each.end] for each in decision.evidence))


def explained(condition: c.Condition, reading: Reading) -> Node:
    """One condition and all inside it, true and false."""
    match condition:
        case c.Every(parts):
            return Node("all", condition.holds(reading), parts=tuple(explained(part, reading) for part in parts))
        case c.Either(parts):
            return Node("any", condition.holds(reading), parts=tuple(explained(part, reading) for part in parts))
        case c.Not(part):
            return Node("not", condition.holds(reading), parts=(explained(part, reading),))
        case c.Contains(field, words):
            return _words(
                condition, reading, tuple(_at_least(field, word, reading) for word in words if isinstance(word, AtLeast))
            )
    field, asks = asked(condition)
    return Node("value", condition.holds(reading), field, asks, given(condition, reading))


def _words(condition: c.Contains, reading: Reading, parts: tuple[Node, ...]) -> Node:
    field, asks = asked(condition)
    evidence = tuple(condition.evidence(reading))
    return Node("words", condition.holds(reading), field, asks, given(condition, reading), evidence, parts)


def _at_least(field: str, some: AtLeast, reading: Reading) -> Node:
    counted = c.Contains(field, some.words)
    node = _words(counted, reading, tuple(_at_least(field, word, reading) for word in some.words if isinstance(word, AtLeast)))
    return Node(
        "at least", some.stands_in(field, reading), field, node.asks, node.found, node.evidence, node.parts, some.number
    )


def _outcome(rule: Rule, decision: Decision, reading: Reading) -> tuple[Outcome, Said]:
    if rule.status == "off":
        return "off", said("The rule is off.")
    if not rule.when.holds(reading):
        near = near_miss(rule, reading)
        return "failed", near.missing if near else said("Its conditions do not hold.")
    if not rule.holds(reading):
        return "past", said("The rule counted until %(day)s.", day=f"{rule.until}")
    if rule.status == "shadow":
        return "shadow", said("The rule is in shadow: that it holds is recorded, and it decides nothing.")
    if rule.id == decision.rule:
        return "won", said("This rule took the contact.")
    if rule.id in decision.labels:
        return "added", said("This label was added.")
    if decision.screened:
        return "screened", said("The screen rule “%(rule)s” took the contact before this one could.", rule=decision.rule)
    return "beaten", said("The rule “%(rule)s” stands above it and took the contact.", rule=decision.rule)
