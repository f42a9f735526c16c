"""Prints a decision: where a contact goes, by which rule, and because of what."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contact_hub.routing.decisions import Decision
    from contact_hub.routing.rules import Rulebook

TICKS = {True: "✓", False: "✗"}


def lines(rulebook: "Rulebook", decision: "Decision", words: Iterable[str]) -> Iterator[str]:
    """What there is to say, a line each; `words` are those that the rule goes by, as they are to be shown."""
    rule = next((each for each in rulebook.rules if each.id == decision.rule), None)
    facts = {
        "queue": decision.queue,
        "priority": decision.priority,
        "topic": decision.topic,
        "tags": ", ".join(decision.tags),
        "rule": f"{rule.id}, line {rule.line} {rule.name}".strip() if rule else "none takes it: the default",
        "because": rule.why if rule else "",
        "words": ", ".join(words),
        "labels": ", ".join(decision.labels),
        "also": ", ".join(each.topic or each.queue for each in decision.also),
        "confidential": "yes" if decision.confidential else "",
        "runners-up": ", ".join(decision.runners_up),
    }
    for name, value in facts.items():
        if value:
            yield f"{name:<14}{value}"
    for near in decision.near_misses:
        yield f"{'nearly':<14}{near.rule}: {near.missing}"
