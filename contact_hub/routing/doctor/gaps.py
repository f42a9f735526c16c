"""Messages that slip past a rule, or into one, because of a `not`."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from contact_hub.contact import Contact
from contact_hub.routing.conditions import Condition, Either, Every, Not
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.doctor.logic import Unproved
from contact_hub.routing.doctor.made_up import written
from contact_hub.routing.doctor.proof import Proof, negated_fields
from contact_hub.routing.protection.parts import line_of
from contact_hub.routing.rules import Rule
from contact_hub.routing.said import said
from contact_hub.routing.shown import shown

_OFTEN_MISSING = ("postcode", "language", "topic", "form", "sender", "sender domain", "recipient")


def slipping_through(proof: Proof) -> Iterator[Finding]:
    """The messages that an urgent rule lets go because of a `not`, unless an example shows that this is meant."""
    for rule in [*proof.active("label"), *proof.active("route")]:
        if rule.then.priority == "urgent":
            for part, without in _without_a_not(rule.when):
                if not any(_is_let_go(proof, rule, without, contact) for contact in _agreed(proof, rule)):
                    yield from _slipping(proof, rule, part, without)


def without_a_field(proof: Proof) -> Iterator[Finding]:
    """The rules that also take contacts without a field their `not` looks at, unless an example shows that this is meant."""
    for rule in [*proof.active("label"), *proof.active("route")]:
        for field in sorted(set(negated_fields(rule.when))):
            is_meant = any(_is_taken_without(proof, rule, field, contact) for contact in rule.yes)
            if (field in _OFTEN_MISSING or field.startswith("form.")) and not is_meant:
                yield from _missing(proof, rule, field)


def _slipping(proof: Proof, rule: Rule, part: Not, without: Condition) -> Iterator[Finding]:
    active = [other for section in ("screen", "label", "route") for other in proof.active(section) if other is not rule]
    beside = [other for other in active if other.section == "screen" or other.then.priority == "urgent"]
    together = [proof.meaning.of(without), -proof.of(rule), *proof.none_of(beside)]
    contact = _tried(proof, together, lambda each: _is_let_go(proof, rule, without, each))
    if contact:
        what = said(
            "“%(rule)s” is urgent, but its `%(part)s` lets a message go that it would take: that one stands in “%(queue)s”.",
            rule=rule.id,
            part=shown(part),
            queue=proof.decided(contact).queue,
        )
        remedy = said("If that is right, put such a message under its `no` examples; if not, make the `not` narrower.")
        yield found("urgent-not", (rule.id,), max(line_of(part), rule.line), what, remedy, written(contact))


def _missing(proof: Proof, rule: Rule, field: str) -> Iterator[Finding]:
    together = [proof.of(rule), -proof.meaning.has(field)]
    contact = _tried(proof, together, lambda each: _is_taken_without(proof, rule, field, each))
    if contact:
        what = said("“%(rule)s” also takes messages without %(field)s, because of its `not`.", rule=rule.id, field=f"`{field}`")
        remedy = said(
            "If that is right, put such a message under its `yes` examples; if not, add `has: %(field)s`.", field=field
        )
        yield found("takes-missing", (rule.id,), rule.line, what, remedy, written(contact))


def _tried(proof: Proof, together: list[int], shows: Callable[[Contact], bool]) -> Contact | None:
    """A message that shows it; none when there is none, or the prover gave up."""
    try:
        return proof.contact(together, shows)
    except Unproved:
        return None


def _agreed(proof: Proof, rule: Rule) -> list[Contact]:
    """The messages of which somebody wrote down what must become of them."""
    return [*rule.no, *(promise.contact for promise in proof.rulebook.promises)]


def _is_let_go(proof: Proof, rule: Rule, without: Condition, contact: Contact) -> bool:
    reading = proof.reading(contact)
    return without.holds(reading) and not rule.holds(reading) and proof.decided(contact).priority != "urgent"


def _is_taken_without(proof: Proof, rule: Rule, field: str, contact: Contact) -> bool:
    reading = proof.reading(contact)
    if reading.has(field) or not rule.holds(reading):
        return False
    decided = proof.decided(contact)
    return rule.id in (decided.rule, *decided.labels)


def _without_a_not(condition: Condition) -> Iterator[tuple[Not, Condition]]:
    """Each `not` that narrows the condition, and the condition without it."""
    if isinstance(condition, Not):
        yield condition, Every(())
    elif isinstance(condition, Every | Either):
        for place, part in enumerate(condition.parts):
            for dropped, less in _without_a_not(part):
                yield dropped, replace(condition, parts=(*condition.parts[:place], less, *condition.parts[place + 1 :]))
