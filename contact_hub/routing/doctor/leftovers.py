"""What lies about in a file: queues nothing reaches, lists and topics nobody uses, rules past their day or without examples."""

from collections.abc import Collection, Iterator
from datetime import date

from contact_hub.contact import CHANNELS
from contact_hub.routing.conditions import Condition, Either, Every, Not, OneOf
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.said import said


def unreached_queues(rulebook: Rulebook, dead: Collection[str]) -> Iterator[Finding]:
    """Queues to which no rule that can win sends anything, nor the default."""
    live = [rule.then for rule in rulebook.rules if rule.status == "active" and rule.id not in dead]
    actions = [rulebook.default, *live]
    reached = {queue for action in actions for queue in (action.queue, *(also.queue for also in action.also))}
    for queue in rulebook.queues.values():
        if queue.id not in reached:
            what = said("No rule ever sends anything to the queue “%(queue)s”.", queue=queue.id)
            remedy = said("Write a rule for it, or remove the queue if nobody hands tickets over to it either.")
            yield found("unreached-queue", (), queue.line, what, remedy)


def unused(rulebook: Rulebook) -> Iterator[Finding]:
    """Named lists and topics that no rule uses."""
    for each in rulebook.written.lists:
        if not each.used:
            what = said("No rule uses the list “%(list)s”.", list=each.name)
            yield found("unused-list", (), each.line, what, said("Use it in a rule, or remove it."))
    rules = [rule for rule in rulebook.rules if rule.status != "off"]
    used = {topic for rule in rules for topic in _values_asked(rule.when, "topic")}
    for action in (rulebook.default, *(rule.then for rule in rules)):
        used |= {action.topic, *(also.topic for also in action.also)}
    for topic in rulebook.topics.values():
        if topic.id not in used:
            what = said("No rule gives a message the topic “%(topic)s”, nor asks for it.", topic=topic.id)
            remedy = said("Name it in a rule, or remove it if agents do not choose it either.")
            yield found("unused-topic", (), topic.line, what, remedy)


def unknown_channels(rulebook: Rulebook) -> Iterator[Finding]:
    """Rules that ask for a door the hub does not ship."""
    for rule in rulebook.rules:
        for channel in sorted(set(_values_asked(rule.when, "channel")).difference(CHANNELS)):
            what = said(
                "“%(rule)s” asks for the channel “%(channel)s”, which is no door of the hub.", rule=rule.id, channel=channel
            )
            remedy = said(
                "Write one of %(channels)s, or keep it if a door of your own is called so.", channels=", ".join(CHANNELS)
            )
            yield found("unknown-channel", (rule.id,), rule.line, what, remedy)


def past_their_day(rulebook: Rulebook, today: date) -> Iterator[Finding]:
    """Rules that stopped counting before today."""
    for rule in rulebook.rules:
        if rule.status != "off" and rule.until is not None and rule.until < today:
            what = said(
                "“%(rule)s” counted until %(until)s; for %(days)s days it has done nothing.",
                rule=rule.id,
                until=rule.until.isoformat(),
                days=(today - rule.until).days,
            )
            yield found("past-until", (rule.id,), rule.line, what, said("Remove it, or give it a later day."))


def without_examples(rulebook: Rulebook) -> Iterator[Finding]:
    """Rules that do not show what they are for."""
    for rule in rulebook.rules:
        if rule.status == "off" or (rule.yes and rule.no):
            continue
        if rule.yes:
            what = said("“%(rule)s” has no example of a message that it must leave alone.", rule=rule.id)
        elif rule.no:
            what = said("“%(rule)s” has no example of a message that it must take.", rule=rule.id)
        else:
            what = said("“%(rule)s” has no examples, so nothing tells when a change breaks it.", rule=rule.id)
        remedy = said("Write one message under `yes` and one that looks like it under `no`.")
        yield found("no-example", (rule.id,), rule.line, what, remedy)


def failing_examples(rulebook: Rulebook) -> Iterator[Finding]:
    """Examples and tests that the rules do not keep."""
    for each in rulebook.examples_astray():
        rules = (each.rule,) if each.rule != "tests" else ()
        what = said("%(rule)s: “%(example)s” %(what)s.", rule=each.rule, example=each.example, what=each.what)
        remedy = said("Change the rules, or the example if it asks for too much.")
        yield found("example-fails", rules, each.line, what, remedy)


def _values_asked(condition: Condition, field: str) -> Iterator[str]:
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from _values_asked(part, field)
    elif isinstance(condition, Not):
        yield from _values_asked(condition.part, field)
    elif isinstance(condition, OneOf) and condition.field == field:
        yield from condition.values
