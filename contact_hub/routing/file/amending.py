"""Changes one rule in the text of the rules file and leaves every other byte, comments too, as a person wrote it."""

from dataclasses import replace
from datetime import date

from yaml import MappingNode

from contact_hub.routing.explaining import NoSuchRule
from contact_hub.routing.file import in_place
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.rules import SECTIONS, Rulebook, Status
from contact_hub.routing.said import said


def amended(text: str, rule_id: str, *, status: Status, until: date | None) -> str:
    """The text in which this rule has this status and last day, and all else is as it was.

    Raises NoSuchRule, and RulebookError for a text with mistakes or one in which the rule can't be changed safely.
    """
    before = read_rulebook(text)
    rule = next((each for each in before.rules if each.id == rule_id), None)
    if rule is None:
        raise NoSuchRule(rule_id)
    wanted = {
        "status": (rule.status, status, "active"),
        "until": (_written(rule.until), _written(until), ""),
    }
    found = text
    for key, (is_now, shall_be, unsaid) in wanted.items():
        if is_now != shall_be:
            found = _with(found, rule_id, key, "" if shall_be == unsaid else shall_be)
    if not _only_this(before, read_rulebook(found), rule_id, status, until):
        what = said("The rule “%(rule)s” can't be changed by a button.", rule=rule_id)
        raise RulebookError([Mistake(rule.line, 1, what, said("Change it in the text."))])
    return found


def _with(text: str, rule_id: str, key: str, value: str) -> str:
    """The text with `key: value` in the rule, or without the key where the value is empty."""
    block = _block_of(text, rule_id)
    if value:
        return in_place.put(text, block, key, value, behind="id")
    return in_place.without(text, block, key) if in_place.value(block, key) else text


def _block_of(text: str, rule_id: str) -> MappingNode:
    root = in_place.document(text)
    for section in filter(None, (in_place.value(root, name) for name in SECTIONS)):
        for item in section.value:
            named = in_place.value(item, "id")
            if named is not None and named.value == rule_id:
                assert isinstance(item, MappingNode)  # it has keys
                return item
    raise NoSuchRule(rule_id)


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _only_this(before: Rulebook, after: Rulebook, rule_id: str, status: Status, until: date | None) -> bool:
    """Whether the rule became what was asked for, and every other stayed what it was."""
    wanted = [replace(rule, status=status, until=until) if rule.id == rule_id else rule for rule in before.rules]
    shown = [replace(rule, line=0, yes=(), no=()) for rule in wanted]
    return shown == [replace(rule, line=0, yes=(), no=()) for rule in after.rules]
