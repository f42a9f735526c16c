"""Reads words, phrases, patterns and named lists of a rules file."""

from collections import defaultdict
from collections.abc import Iterator

import re2

from contact_hub.routing.file.marked import Block, Items, Node, Scalar
from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.file.schema import Schema
from contact_hub.routing.patterns import MOST_STEPS, MOST_STEPS_TOGETHER, Expression, compiled, steps_of
from contact_hub.routing.said import said
from contact_hub.routing.text import needle_of
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word
from contact_hub.routing.written import NamedList, Written

MOST_WORDS = 500_000
"""Words of all lists together, counted each time a list is used."""

DEEPEST_LISTS = 50
"""Lists that one may be read through, each inside the one before."""

_ENTRY_KEYS = ("pattern", "list", "at least", "of")
_LONGEST_PATTERN = 2_000


class Wording(Schema):
    """Reads words; knows the named lists of the file."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(mistakes)
        self._lists: dict[str, Node] = {}
        self._read: dict[str, tuple[Word, ...]] = {}
        self._reading: list[str] = []
        self._named_in: dict[str, set[str]] = defaultdict(set)
        self._repeated: list[Word] = []
        self._count = 0
        self._steps = 0

    def take_lists(self, node: Node) -> None:
        """Reads the named lists."""
        self._lists = self.block(node, "lists")
        for name, value in self._lists.items():
            self._listed(name, value)

    def written(self) -> Written:
        """What the file says about words beside its rules; ask when all rules are read."""
        used = [""]
        for name in used:
            used.extend(self._named_in[name].difference(used))
        lists = [NamedList(name, words, self._lists[name].line, name in used) for name, words in self._read.items()]
        return Written(tuple(sorted(lists, key=lambda each: each.line)), tuple(self._repeated))

    def words_of(self, node: Node) -> tuple[Word, ...]:
        """The words of a value: one, or a list of them; each counts once."""
        self.filled(node)
        items = node.items if isinstance(node, Items) else [node]
        words: dict[Word, Word] = {}
        for word in (word for item in items for word in self._entry(item)):
            if words.setdefault(word, word) is not word:
                self._repeated.append(word)
        return tuple(words)

    def _entry(self, node: Node) -> Iterator[Word]:
        self._count += 1
        if isinstance(node, Scalar):
            yield from self._plain(node)
            return
        given = self.block(node, said("An entry of a list"), _ENTRY_KEYS)
        if given.keys() == {"pattern"}:
            yield from self._pattern(given["pattern"])
        elif given.keys() == {"list"}:
            yield from self._named(given["list"])
        elif given.keys() == {"at least", "of"}:
            yield from self._at_least(given["at least"], given["of"])
        elif isinstance(node, Block) and all(key.value in _ENTRY_KEYS for key, _ in node.pairs):
            mend = said("Write a word, {pattern: …}, {list: …} or {at least: 2, of: […]}.")
            self.wrong(node, said("This is no word."), mend)

    def _plain(self, node: Scalar) -> Iterator[Plain]:
        written = node.value.strip()
        bare = written.removeprefix("*").removesuffix("*")
        if "*" in bare:
            self.wrong(
                node,
                said("“%(written)s” has a star inside.", written=written[:80]),
                said("A star may stand only at the beginning or the end."),
            )
            return
        needle = needle_of(written)
        if not needle.strip():
            self.wrong(
                node,
                said("“%(written)s” holds no letter or digit.", written=written[:80]),
                said("Write a word, or leave it out."),
            )
            return
        yield Plain(written, needle, node.line)

    def _pattern(self, node: Node) -> Iterator[Pattern]:
        written = self.word(node, "pattern")
        if not written:
            return
        if len(written) > _LONGEST_PATTERN:
            self.wrong(
                node, said("This pattern is too long."), said("Keep it under %(most)s characters.", most=_LONGEST_PATTERN)
            )
            return
        try:
            pattern = compiled(written)
        except (re2.error, UnicodeEncodeError) as error:
            reason = error.args[0]
            told = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            mend = said("See the syntax of RE2; it knows no look-ahead and no back-references.")
            self.wrong(node, said("This pattern cannot be read: %(told)s.", told=told), mend)
            return
        if pattern.fullmatch(b""):
            self.wrong(
                node, said("This pattern fits every text."), said("Say what must be there: + in place of *, for example.")
            )
        elif self._is_affordable(node, steps_of(pattern)):
            yield Pattern(written, Expression(written), node.line)

    def _is_affordable(self, node: Node, steps: int) -> bool:
        if steps > MOST_STEPS:
            what = said(
                "This pattern costs too much: it compiles to %(steps)s steps, and %(most)s are the most.",
                steps=steps,
                most=MOST_STEPS,
            )
            self.wrong(node, what, said("Repeat less, such as .{0,20} between two words, or write it as words."))
            return False
        self._steps += steps
        if self._steps > MOST_STEPS_TOGETHER:
            what = said("The patterns of this file cost too much together, from this one on.")
            self.wrong(node, what, said("Write some of them as words."))
        return self._steps <= MOST_STEPS_TOGETHER

    def _named(self, node: Node) -> tuple[Word, ...]:
        name = self.word(node, "list")
        if not name:
            return ()
        if name not in self._lists:
            self.unknown(node, said("There is no list “%(name)s”.", name=name[:80]), self._lists)
            return ()
        if name in self._reading:
            self.wrong(node, said("The list “%(name)s” includes itself.", name=name), said("Take it out of itself."))
            return ()
        self._named_in[self._reading[-1] if self._reading else ""].add(name)
        is_near = len(self._reading) < DEEPEST_LISTS
        words = self._listed(name, self._lists[name]) if is_near else ()
        self._count += len(words)
        if not is_near or self._count > MOST_WORDS:
            self.wrong(
                node, said("The lists of this file grow too large together."), said("Include fewer lists in each other.")
            )
            return ()
        return words

    def _listed(self, name: str, node: Node) -> tuple[Word, ...]:
        if name not in self._read:
            self._reading.append(name)
            self._read[name] = self.words_of(node)
            self._reading.pop()
        return self._read[name]

    def _at_least(self, number: Node, of: Node) -> Iterator[AtLeast]:
        written = self.word(number, "at least")
        words = self.words_of(of)
        if written and not (written.isascii() and written.isdigit() and 0 < int(written[:9]) <= max(1, len(words))):
            mend = said("Write a number from 1 to %(count)s.", count=len(words))
            self.wrong(
                number,
                said("“at least %(written)s” of %(count)s words cannot be.", written=written[:80], count=len(words)),
                mend,
            )
        elif written and words:
            yield AtLeast(int(written), words, number.line)
