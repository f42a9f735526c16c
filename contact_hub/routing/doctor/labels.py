"""Labels that contradict each other, or say the same twice."""

from collections.abc import Hashable, Iterator
from itertools import combinations, islice

from contact_hub.contact import Contact
from contact_hub.routing.conditions import Condition, Contains, Either, Every, Not
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.doctor.logic import Unproved
from contact_hub.routing.doctor.made_up import written
from contact_hub.routing.doctor.proof import Proof
from contact_hub.routing.fields import one_name_of
from contact_hub.routing.rules import Rule
from contact_hub.routing.said import Said, said
from contact_hub.routing.words import AtLeast, Plain, Word

_CALLED = {"topic": said("topics"), "language": said("languages"), "due": said("terms"), "receipt": said("receipts")}
MOST_PAIRS = 500
"""So many pairs of labels that differ are looked at."""


def conflicting(proof: Proof) -> Iterator[Finding]:
    """Pairs of labels of which one message may have both, though they say different things; unless a test says which wins."""
    differing = ((one, other, each) for one, other in _pairs(proof) for each in _differences(one, other))
    for one, other, (part, first, second) in islice(differing, MOST_PAIRS):
        if not any(_have_both(proof, one, other, contact) for contact in _settled(proof, part)):
            contact = _with_both(proof, one, other)
            if contact:
                yield _conflict(one, other, _CALLED[part], first, second, contact)


def alike(proof: Proof) -> Iterator[Finding]:
    """Labels under the same condition."""
    first: dict[Hashable, Rule] = {}
    for rule in proof.active("label"):
        above = first.setdefault((rule.until, _essence(rule.when)), rule)
        if above is not rule:
            what = said("The labels “%(above)s” and “%(rule)s” have the same condition.", above=above.id, rule=rule.id)
            yield found("same-labels", (rule.id, above.id), rule.line, what, said("Make one label of them."))


def _conflict(one: Rule, other: Rule, what: Said, first: str, second: str, contact: Contact) -> Finding:
    fact = said(
        "“%(one)s” and “%(other)s” can label the same message, but name different %(what)s: “%(first)s” and “%(second)s”; the"
        " upper one wins.",
        one=one.id,
        other=other.id,
        what=what,
        first=first,
        second=second,
    )
    remedy = said("Let one of them leave out what the other takes, or add a test that shows which is right.")
    return found("labels-conflict", (one.id, other.id), other.line, fact, remedy, written(contact))


def _pairs(proof: Proof) -> Iterator[tuple[Rule, Rule]]:
    """Labels two by two, of those that say anything on which two can differ."""
    speaking = [rule for rule in proof.active("label") if any(value for _, value in _sayings(rule))]
    return combinations(speaking, 2)


def _sayings(rule: Rule) -> tuple[tuple[str, str], ...]:
    """What of a ticket only one label can say, as the file and its tests call it, with what this one says."""
    then = rule.then
    return ("topic", then.topic), ("language", then.language), ("due", then.due), ("receipt", then.receipt)


def _differences(one: Rule, other: Rule) -> Iterator[tuple[str, str, str]]:
    for (part, first), (_, second) in zip(_sayings(one), _sayings(other), strict=True):
        if first and second and first != second:
            yield part, first, second


def _with_both(proof: Proof, one: Rule, other: Rule) -> Contact | None:
    together = [proof.of(one), proof.of(other), *proof.none_of(proof.active("screen"))]
    try:
        return proof.contact(together, lambda contact: _have_both(proof, one, other, contact))
    except Unproved:
        return None


def _have_both(proof: Proof, one: Rule, other: Rule, contact: Contact) -> bool:
    reading = proof.reading(contact)
    return one.holds(reading) and other.holds(reading) and {one.id, other.id} <= set(proof.decided(contact).labels)


def _settled(proof: Proof, part: str) -> Iterator[Contact]:
    """The messages of which a test says what this part of their decision must be; an example says nothing of it."""
    return (promise.contact for promise in proof.rulebook.promises if part in promise.expect)


def _essence(condition: Condition) -> Hashable:
    """What a condition says, whatever the order in which it says it."""
    if isinstance(condition, Every | Either):
        return type(condition).__name__, frozenset(map(_essence, condition.parts))
    if isinstance(condition, Not):
        return "Not", _essence(condition.part)
    if isinstance(condition, Contains):
        return one_name_of(condition.field), frozenset(map(_core, condition.words))
    return repr(condition)


def _core(word: Word) -> Hashable:
    if isinstance(word, AtLeast):
        return word.number, frozenset(map(_core, word.words))
    return word.needle if isinstance(word, Plain) else f"\0{word.written}"
