"""Conditions that change nothing, because those beside them say as much."""

from collections.abc import Iterator

from contact_hub.routing.conditions import Condition, Either, Every, Not
from contact_hub.routing.doctor.alone import Alone
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.doctor.logic import Unproved
from contact_hub.routing.doctor.proof import Proof
from contact_hub.routing.protection.parts import line_of
from contact_hub.routing.said import said
from contact_hub.routing.shown import shown


def idle_conditions(proof: Proof) -> Iterator[Finding]:
    """The conditions of rules that could be left out."""
    for rule in proof.rules:
        for group in _groups(rule.when):
            try:
                idle = list(_idle_parts(proof.alone(rule), group))
            except Unproved:
                continue  # what is not proved is not said
            for part in idle:
                what = said(
                    "In “%(rule)s”, the condition `%(part)s` changes nothing: the others beside it say as much.",
                    rule=rule.id,
                    part=shown(part),
                )
                remedy = said("Take it out, or correct it if it was meant otherwise.")
                yield found("idle-condition", (rule.id,), max(line_of(part), rule.line), what, remedy)


def _groups(condition: Condition) -> Iterator[Every | Either]:
    if isinstance(condition, Every | Either):
        if len(condition.parts) > 1:
            yield condition
        for part in condition.parts:
            yield from _groups(part)
    elif isinstance(condition, Not):
        yield from _groups(condition.part)


def _idle_parts(rule: Alone, group: Every | Either) -> Iterator[Condition]:
    """The parts that the others imply (or, of `any`, that imply one of the others); of equal ones, the later."""
    others = list(group.parts)
    for part in reversed(group.parts):
        rest = [each for each in others if each is not part]
        if isinstance(group, Every):
            counts = rule.can_be(rest, [part]) or not rule.can_be(rest)
        else:
            counts = rule.can_be([part], rest) or not rule.can_be((), rest)
        if not counts:
            others = rest
            yield part
