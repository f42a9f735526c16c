"""What every part of the rules file is read with: takes a node for what it should be, or notes the mistake."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from contact_hub.routing.file.marked import Block, Items, Node, Scalar
from contact_hub.routing.file.mistakes import MOST_MISTAKES, Mistake
from contact_hub.routing.said import Said, said

MISSING = Scalar("", 1, 1)
SHOWN = 80
"""Characters of a wrong value that a mistake repeats."""


class Schema:
    """Reads nodes and gathers what is wrong with them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes

    def wrong(self, node: Node, what: Said, mend: Said) -> None:
        """Notes a mistake at this node, unless there are plenty already."""
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(node.line, node.column, what, mend))

    def block(
        self, node: Node, what: Said | str, known: Collection[str] | None = None, needed: Collection[str] = ()
    ) -> dict[str, Node]:
        """Keys and values; each key once, and only known ones (any, when `known` is None)."""
        if not isinstance(node, Block):
            self.wrong(
                node,
                said("%(what)s must be keys with values.", what=what),
                said("Write it as `key: value` lines or {key: value}."),
            )
            return {}
        found: dict[str, Node] = {}
        for key, value in node.pairs:
            if known is not None and key.value not in known:
                self.unknown(key, said("%(what)s knows no key “%(written)s”.", what=what, written=key.value[:SHOWN]), known)
            elif key.value in found:
                self.wrong(
                    key, said("The key “%(written)s” stands here twice.", written=key.value[:SHOWN]), said("Keep one of them.")
                )
            else:
                found[key.value] = value
        for name in needed:
            if name not in found:
                self.wrong(
                    node, said("%(what)s lacks “%(name)s”.", what=what, name=name), said("Add `%(name)s: …`.", name=name)
                )
        return found

    def items(self, node: Node, what: Said | str) -> list[Node]:
        """The members of a list."""
        if isinstance(node, Items):
            return node.items
        if not (isinstance(node, Scalar) and not node.value):
            self.wrong(
                node, said("%(what)s must be a list.", what=what), said("Begin each member on its own line with a dash.")
            )
        return []

    def word(self, node: Node, what: Said | str) -> str:
        """A single value that says something."""
        if isinstance(node, Scalar) and node.value.strip():
            return node.value.strip()
        mend = said("Write a value behind it.") if isinstance(node, Scalar) else said("Write one value, not a list or keys.")
        self.wrong(node, said("%(what)s must be a single value.", what=what), mend)
        return ""

    def words(self, node: Node, what: Said | str) -> Iterator[Scalar]:
        """Single values: a list of them, or one alone."""
        for item in node.items if isinstance(node, Items) else [node]:
            if self.word(item, what) and isinstance(item, Scalar):
                yield item

    def filled(self, node: Node) -> Node:
        """The node as it is; a list without members is noted, for it says nothing."""
        if isinstance(node, Items) and not node.items:
            self.wrong(node, said("This list is empty."), said("Add a word, or leave the list out."))
        return node

    def one_of(self, node: Node, what: Said | str, choices: Collection[str]) -> str:
        """One of a few values; empty when it is none of them."""
        value = self.word(node, what)
        if value and value not in choices:
            self.unknown(node, said("%(what)s cannot be “%(written)s”.", what=what, written=value[:SHOWN]), choices)
            return ""
        return value

    def yes_or_no(self, node: Node, what: Said | str) -> bool:
        """Yes or no, in the ways people write it."""
        return self.one_of(node, what, ("yes", "no", "true", "false")) in ("yes", "true")

    def unknown(self, node: Node, what: Said, known: Collection[str]) -> None:
        """Notes a name that does not exist, with the one that may have been meant."""
        if len(self.mistakes) >= MOST_MISTAKES:
            return
        written = node.value if isinstance(node, Scalar) else ""
        near = get_close_matches(written[:100], known, n=1)
        if near:
            self.wrong(node, what, said("Did you mean “%(near)s”?", near=near[0]))
        elif known:
            self.wrong(node, what, said("Choose from: %(names)s.", names=", ".join(sorted(known)[:40])))
        else:
            self.wrong(node, what, said("There are none yet: add it first."))
