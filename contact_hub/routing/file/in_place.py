"""Writes single values into the text of a rules file, and leaves every other byte, comments too, as a person wrote it."""

import re
from collections.abc import Iterator

import yaml

Edit = tuple[int, int, str]
"""From where to where in the text, and what stands there instead."""


class Tangled(ValueError):
    """A comment stands within what would be written anew, and would be lost."""


def document(text: str) -> yaml.MappingNode:
    """What stands in the text, which has no mistakes, with the place of everything."""
    root = yaml.compose(text, Loader=yaml.CBaseLoader)
    assert isinstance(root, yaml.MappingNode)  # it was read as a rulebook
    return root


def value(block: yaml.Node | None, key: str) -> yaml.Node | None:
    """What stands behind this key; None where it stands nowhere."""
    pairs = block.value if isinstance(block, yaml.MappingNode) else ()
    return next((given for named, given in pairs if named.value == key), None)


def put(text: str, block: yaml.MappingNode, key: str, written: str, *, behind: str = "") -> str:
    """The text with `key: written` in this block; a new key comes right behind another, else last. Raises Tangled."""
    given = value(block, key)
    if given is not None:
        blank = "" if given.start_mark.index < end_of(given) else " "
        return applied(text, [(given.start_mark.index, end_of(_untangled(text, given)), blank + written)])
    named, before = next((pair for pair in block.value if pair[0].value == behind), block.value[-1])
    words = f"{key}: {written}"
    if block.flow_style:
        return applied(text, [(end_of(before), end_of(before), f", {words}")])
    return applied(text, [line_below(text, before, f"{' ' * named.start_mark.column}{words}")])


def without(text: str, block: yaml.MappingNode, key: str) -> str:
    """The text without this key, which is there: its own lines, else it alone with its comma. Raises Tangled."""
    named, given = next(pair for pair in block.value if pair[0].value == key)
    start, end = named.start_mark.index, end_of(_untangled(text, given))
    begin, last = lines_around(text, start, end)
    rest = text[end:last].strip()
    if not text[begin:start].strip() and (not rest or rest.startswith("#")):
        return text[:begin] + text[last:]
    follows = re.match(r"\s*,\s*", text[end:]) if block.flow_style else None
    before = re.sub(r",\s*$", "", text[:start]) if block.flow_style and not follows else text[:start]
    return before + text[end + (follows.end() if follows else 0) :]


def with_member(text: str, members: yaml.SequenceNode, pairs: dict[str, str]) -> str:
    """The text with one member more at the end of a list that has some: keys with what is written behind them."""
    last = members.value[-1]
    written = [f"{key}: {words}" for key, words in pairs.items()]
    if members.flow_style:
        return applied(text, [(end_of(last), end_of(last), f", {{{', '.join(written)}}}")])
    indent = " " * members.start_mark.column
    lines = [f"{indent}{'  ' if place else '- '}{line}" for place, line in enumerate(written)]
    return applied(text, [line_below(text, last, *lines)])


def line_above(text: str, block: yaml.MappingNode, line: str) -> Edit:
    """A line of its own above the first of a block of lines."""
    place, _ = lines_around(text, block.start_mark.index, block.start_mark.index)
    return place, place, line + _ending(text)


def line_below(text: str, node: yaml.Node, *lines: str) -> Edit:
    """Lines of their own below the one on which something ends."""
    ending = _ending(text)
    _, place = lines_around(text, node.start_mark.index, end_of(node))
    first = "" if text[:place].endswith("\n") else ending
    return place, place, first + "".join(line + ending for line in lines)


def lines_around(text: str, start: int, end: int) -> tuple[int, int]:
    """From where to where the whole lines go on which a passage stands, with the end of the last."""
    below = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, below + 1 if below >= 0 else len(text)


def applied(text: str, edits: list[Edit]) -> str:
    """The text with these edits, which do not overlap."""
    for start, end, words in sorted(edits, key=lambda each: each[:2], reverse=True):
        text = text[:start] + words + text[end:]
    return text


def end_of(node: yaml.Node) -> int:
    """Where it ends; what ends by indentation ends with the last thing in it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return int(node.end_mark.index)
    return max((end_of(leaf) for leaf in _leaves(node)), default=int(node.end_mark.index))


def has_comment(text: str, node: yaml.Node) -> bool:
    """Whether somebody wrote a comment within it."""
    between, place = "", node.start_mark.index
    for leaf in _leaves(node):
        between += text[place : leaf.start_mark.index]
        place = leaf.end_mark.index
    return "#" in between + text[place : end_of(node)]


def _ending(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _untangled(text: str, node: yaml.Node) -> yaml.Node:
    if has_comment(text, node):
        raise Tangled
    return node


def _leaves(node: yaml.Node) -> Iterator[yaml.Node]:
    """The single values in it, from first to last; also lists and keys without any."""
    if isinstance(node, yaml.ScalarNode) or not node.value:
        yield node
        return
    for each in node.value:
        for part in each if isinstance(each, tuple) else (each,):
            yield from _leaves(part)
