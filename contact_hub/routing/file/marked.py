"""Reads YAML into nodes that know their line; every scalar stays the string it was written as."""

import re
from dataclasses import dataclass, field

import yaml

from contact_hub.routing.file.mistakes import MOST_MISTAKES, Mistake
from contact_hub.routing.said import Said, said

LARGEST = 5_000_000
DEEPEST = 30
_PROBLEMS = {
    "did not find expected key": said("A key is expected here."),
    "did not find expected '-' indicator": said("A dash for the next member of the list is expected here."),
    "did not find expected ',' or ']'": said("A comma or a closing ] is missing before this."),
    "did not find expected ',' or '}'": said("A comma or a closing } is missing before this."),
    "could not find expected ':'": said("A colon is missing: a key stands here without one."),
    "mapping values are not allowed in this context": said("A second colon stands here, outside of quotes."),
    "found unexpected end of stream": said("A quote that is opened here is never closed."),
    "found character that cannot start any token": said("No value can begin with this character, unless it stands in quotes."),
    "found unknown escape character": said("Behind this backslash stands no sign that YAML knows."),
    "block sequence entries are not allowed in this context": said("A dash cannot begin a list here."),
    "control characters are not allowed": said("A character stands here that no text has."),
}
_NEEDS_QUOTES = re.compile(r"""(?:^|[\[,:\s-])\s*([*&][^\s,\]}'"]+)""")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as written."""

    value: str
    line: int
    column: int


@dataclass(slots=True)
class Items:
    """A list."""

    line: int
    column: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """Keys with their values, in the order of the file; a key may still stand there twice."""

    line: int
    column: int
    pairs: list[tuple[Scalar, "Node"]] = field(default_factory=list)


Node = Scalar | Items | Block


def read_marked(text: str, mistakes: list[Mistake]) -> Node | None:
    """The document in the text. What is wrong is added to `mistakes`; None when nothing can be read at all.

    Anchors and aliases are refused, and so is what is larger or deeper than any rules file should be.
    """
    if len(text) > LARGEST:
        mistakes.append(
            Mistake(
                1, 1, said("The file has more than %(most)s characters.", most=f"{LARGEST:,}"), said("Is this the right file?")
            )
        )
        return None
    try:
        return _Tree(mistakes).grown_from(text)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        mistakes.append(Mistake(line, 1, said("This is not readable text."), said("Save the file as UTF-8.")))
    except yaml.MarkedYAMLError as error:
        mistakes.append(_as_mistake(error, text))
    except yaml.YAMLError:
        mistakes.append(
            Mistake(1, 1, said("The file holds characters that no text has."), said("Save the file as plain UTF-8."))
        )
    return None


class _Tree:
    def __init__(self, mistakes: list[Mistake]) -> None:
        self._mistakes = mistakes
        self._open: list[Items | Block] = []
        self._keys: list[Scalar | None] = []
        self._root: Node | None = None

    def grown_from(self, text: str) -> Node | None:
        documents = 0
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._wrong(event, said("A second document begins here."), said("Remove the line with ---."))
                    break
            if len(self._open) > DEEPEST:
                self._wrong(event, said("This is nested too deeply to be read."), said("Take it apart into several rules."))
                return None
            if len(self._mistakes) >= MOST_MISTAKES:
                return None
            self._take(event)
        return self._root

    def _take(self, event: yaml.Event) -> None:
        line, column = _place(event)
        if isinstance(event, yaml.AliasEvent):
            star = f"*{event.anchor}"
            self._wrong(
                event,
                said("YAML reads %(star)s as a reference.", star=star),
                said('Put quotes around it: "%(star)s".', star=star),
            )
            self._add(Scalar(star, line, column))
            return
        anchor = getattr(event, "anchor", None)
        if anchor:
            self._wrong(
                event,
                said("YAML reads &%(anchor)s as an anchor.", anchor=anchor),
                said("Put quotes around it, or write it out."),
            )
        if isinstance(event, yaml.ScalarEvent):
            self._add(Scalar(event.value, line, column))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(Items(line, column))
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(Block(line, column))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _begin(self, node: Items | Block) -> None:
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        inside = self._open[-1]
        key = self._keys[-1]
        if isinstance(inside, Items):
            inside.items.append(node)
        elif key is not None:
            inside.pairs.append((key, node))
            self._keys[-1] = None
        elif isinstance(node, Scalar):
            self._keys[-1] = node
        else:
            self._mistakes.append(
                Mistake(node.line, node.column, said("A key must be a single word."), said("Put quotes around it."))
            )
            self._keys[-1] = Scalar("", node.line, node.column)

    def _wrong(self, event: yaml.Event, what: Said, mend: Said) -> None:
        line, column = _place(event)
        self._mistakes.append(Mistake(line, column, what, mend))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _as_mistake(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    column = mark.column if mark else 0
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    starred = _NEEDS_QUOTES.search(written)
    if starred and "expected alphabetic" in (error.problem or ""):
        return Mistake(
            line + 1,
            starred.start(1) + 1,
            said("YAML cannot read %(starred)s here.", starred=starred[1]),
            said('Put quotes around it: "%(starred)s".', starred=starred[1]),
        )
    problem = _PROBLEMS.get(error.problem or "", said("This is not YAML: %(problem)s.", problem=error.problem or ""))
    return Mistake(line + 1, column + 1, problem, _advice(written))


def _advice(written: str) -> Said:
    if "\t" in written:
        return said("Use spaces in place of tabs.")
    return said("Look at the indentation, the colons and the quotes on this line and the one above it.")
