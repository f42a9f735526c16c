"""Where a rule stands in the text of the rules file: its lines, with the comment right above it."""

import re
from dataclasses import dataclass

import yaml

from contact_hub.routing.rules import SECTIONS

_PART = re.compile(r"(\w+)\s*:")
_DASH = re.compile(r"\s*-(\s|$)")
_COMMENT = re.compile(r"\s*#")


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a text as they stand there; `first` and `last` count from 1, `comment` is what they say above the rule."""

    first: int
    last: int
    lines: tuple[str, ...]
    comment: str


def passage_of(text: str, line: int) -> Passage:
    """The rule that was read at this line of the text, which has no mistakes; all lines it stands on, even when shared."""
    lines = text.splitlines()
    begin = _with_dash(lines, line - 1)
    end = _end(lines, begin)
    above = begin
    while above and _COMMENT.match(lines[above - 1]):
        above -= 1
    said = (each.strip().lstrip("#").strip() for each in lines[above:begin])
    comment = "\n".join(each for each in said if any(map(str.isalnum, each)))  # the rest are lines drawn around it
    return Passage(above + 1, end + 1, tuple(lines[above : end + 1]), comment)


def line_of(text: str, rule: str) -> int:
    """The line that names this rule, in a text that may have mistakes; 0 where none does."""
    named = re.compile(rf"""(?:[\s,{{-]|^)id\s*:\s*(["']?){re.escape(rule)}\1\s*(?:[,}}#]|$)""")
    part = ""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _PART.match(line)
        part = found[1] if found else part
        if part in SECTIONS and named.search(line):
            return number
    return 0


def _with_dash(lines: list[str], place: int) -> int:
    """The line with the dash that begins the rule: a dash may stand alone on the line above."""
    above = place - 1
    return above if place and not _DASH.match(lines[place]) and _DASH.fullmatch(lines[above].rstrip()) else place


def _end(lines: list[str], begin: int) -> int:
    """The last line of the member of a list that begins here, as YAML itself reads it."""
    if not _DASH.match(lines[begin]):
        return begin  # within brackets, where a line may hold several
    depth, end = 0, 0
    for event in yaml.parse("\n".join(lines[begin:]), Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        end = max(end, _last_line(event))
        if depth == 1 and isinstance(event, yaml.CollectionEndEvent):
            break  # the first member of the list is read
    return begin + end


def _last_line(event: yaml.Event) -> int:
    """The last line of a scalar, a ] or a }; what ends by indentation ends at whatever follows, and so counts for nothing."""
    start, end = event.start_mark, event.end_mark
    if start is None or end is None or start.index == end.index:
        return 0
    return end.line - (end.column == 0)
