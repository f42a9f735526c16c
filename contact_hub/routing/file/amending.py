"""Changes one rule in the text of the rules file and leaves every other byte, comments too, as a person wrote it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from contact_hub.routing.explaining import NoSuchRule
from contact_hub.routing.file.marked import Block, Items, Node, Scalar, read_marked
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.rules import SECTIONS, Rulebook, Status
from contact_hub.routing.said import said

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


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
    lines = text.splitlines(keepends=True)
    block = _block_of(text, rule_id)
    named, given = next(((name, node) for name, node in block.pairs if name.value == key), (None, None))
    if named is not None and isinstance(given, Scalar):
        if value:
            start, end = _place_of(lines, given)
            return text[:start] + value + text[end:]
        return _without(text, lines, block, named, given)
    return _beside_id(text, lines, block, f"{key}: {value}") if value else text


def _without(text: str, lines: Sequence[str], block: Block, named: Scalar, given: Scalar) -> str:
    """Takes out the key with its value: its line where it has one of its own, else it alone with its comma."""
    start, _ = _place_of(lines, named)
    _, end = _place_of(lines, given)
    line = lines[named.line - 1]
    begin = _offset(lines, named.line, 1)
    before, after = text[begin:start], text[end : begin + len(line)]
    if not before.strip() and (not after.strip() or after.lstrip().startswith("#")):
        return text[:begin] + text[begin + len(line) :]
    if _is_flow(lines, block):
        follows = re.match(r"\s*,\s*", text[end:])
        if follows:
            return text[:start] + text[end + follows.end() :]
        return re.sub(r",\s*$", "", text[:start]) + text[end:]
    return text[:start] + text[end:]


def _beside_id(text: str, lines: Sequence[str], block: Block, words: str) -> str:
    """Puts the words right after the rule's id: on a line of their own in a block, behind a comma within braces."""
    key, name = next((key, node) for key, node in block.pairs if key.value == "id" and isinstance(node, Scalar))
    assert isinstance(name, Scalar)  # chosen so
    _, end = _place_of(lines, name)
    if _is_flow(lines, block):
        return f"{text[:end]}, {words}{text[end:]}"
    line_end = _offset(lines, name.line, 1) + len(lines[name.line - 1])
    ending = "\r\n" if lines[name.line - 1].endswith("\r\n") else "\n"
    first = text[:line_end] if text[:line_end].endswith("\n") else text[:line_end] + ending
    return f"{first}{' ' * (key.column - 1)}{words}{ending}{text[line_end:]}"


def _block_of(text: str, rule_id: str) -> Block:
    root = read_marked(text, [])
    sections = [node for key, node in root.pairs if key.value in SECTIONS] if isinstance(root, Block) else []
    for item in (item for node in sections if isinstance(node, Items) for item in node.items):
        if isinstance(item, Block) and any(_is_id(key, node, rule_id) for key, node in item.pairs):
            return item
    raise NoSuchRule(rule_id)


def _is_id(key: Scalar, node: Node, rule_id: str) -> bool:
    return key.value == "id" and isinstance(node, Scalar) and node.value == rule_id


def _is_flow(lines: Sequence[str], block: Block) -> bool:
    return lines[block.line - 1][block.column - 1] == "{"


def _place_of(lines: Sequence[str], scalar: Scalar) -> tuple[int, int]:
    """Where a scalar of one line stands in the text, its quotes included."""
    start = _offset(lines, scalar.line, scalar.column)
    rest = lines[scalar.line - 1][scalar.column - 1 :]
    quoted = _QUOTED.match(rest)
    return start, start + (quoted.end() if quoted else len(scalar.value))


def _offset(lines: Sequence[str], line: int, column: int) -> int:
    return sum(map(len, lines[: line - 1])) + column - 1


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _only_this(before: Rulebook, after: Rulebook, rule_id: str, status: Status, until: date | None) -> bool:
    """Whether the rule became what was asked for, and every other stayed what it was."""
    wanted = [replace(rule, status=status, until=until) if rule.id == rule_id else rule for rule in before.rules]
    shown = [replace(rule, line=0, yes=(), no=()) for rule in wanted]
    return shown == [replace(rule, line=0, yes=(), no=()) for rule in after.rules]
