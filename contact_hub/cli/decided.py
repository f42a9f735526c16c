"""Prints a decision: where a contact goes, by which rule, and because of what."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from contact_hub.cli.speaking import Translate
from contact_hub.routing.said import Said, said

if TYPE_CHECKING:
    from contact_hub.routing.decisions import Decision
    from contact_hub.routing.rules import Rule, Rulebook

TICKS = {True: "✓", False: "✗"}
_NARROWEST = 12  # characters for what a line tells of
_NEARLY = said("nearly")


def lines(rulebook: "Rulebook", decision: "Decision", words: Iterable[str], translate: Translate) -> Iterator[str]:
    """What there is to say, a line each; `words` are those that the rule goes by, as they are to be shown."""
    rule = next((each for each in rulebook.rules if each.id == decision.rule), None)
    facts = [
        (said("queue"), decision.queue),
        (said("priority"), decision.priority),
        (said("topic"), decision.topic),
        (said("tags"), ", ".join(decision.tags)),
        (said("rule"), _named(rule).through(translate)),
        (said("because"), rule.why if rule else ""),
        (said("words"), ", ".join(words)),
        (said("labels"), ", ".join(decision.labels)),
        (said("also"), ", ".join(each.topic or each.queue for each in decision.also)),
        (said("confidential"), said("yes").through(translate) if decision.confidential else ""),
        (said("runners-up"), ", ".join(decision.runners_up)),
        *((_NEARLY, f"{near.rule}: {near.missing.through(translate)}") for near in decision.near_misses),
    ]
    told = [(name.through(translate), value) for name, value in facts if value]
    width = max(_NARROWEST, *(len(name) for name, _ in told)) + 2
    for name, value in told:
        yield f"{name:<{width}}{value}"


def _named(rule: "Rule | None") -> Said:
    if rule is None:
        return said("none takes it: the default")
    return said("%(rule)s, line %(line)s %(name)s", rule=rule.id, line=rule.line, name=rule.name)
