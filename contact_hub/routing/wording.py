"""Reads words, phrases, patterns and named lists of a rules file."""

from collections.abc import Iterator

import re2

from contact_hub.routing.marked import Block, Items, Node, Scalar
from contact_hub.routing.mistakes import Mistake
from contact_hub.routing.schema import Schema
from contact_hub.routing.vocabulary import needle_of
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

MOST_WORDS = 500_000
"""Words of all lists together, counted each time a list is used."""

_ENTRY_KEYS = ("pattern", "list", "at least", "of")
_LONGEST_PATTERN = 2_000


class Wording(Schema):
    """Reads words; knows the named lists of the file."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(mistakes)
        self._lists: dict[str, Node] = {}
        self._read: dict[str, tuple[Word, ...]] = {}
        self._reading: list[str] = []
        self._count = 0

    def take_lists(self, node: Node) -> None:
        """Reads the named lists."""
        self._lists = self.block(node, "lists")
        for name, value in self._lists.items():
            self._listed(name, value)

    def words_of(self, node: Node) -> tuple[Word, ...]:
        """The words of a value: one, or a list of them; each counts once."""
        items = node.items if isinstance(node, Items) else [node]
        if not items:
            self.wrong(node, "This list is empty.", "Add a word, or leave the list out.")
        return tuple(dict.fromkeys(word for item in items for word in self._entry(item)))

    def _entry(self, node: Node) -> Iterator[Word]:
        self._count += 1
        if isinstance(node, Scalar):
            yield from self._plain(node)
            return
        given = self.block(node, "An entry of a list", _ENTRY_KEYS)
        if given.keys() == {"pattern"}:
            yield from self._pattern(given["pattern"])
        elif given.keys() == {"list"}:
            yield from self._named(given["list"])
        elif given.keys() == {"at least", "of"}:
            yield from self._at_least(given["at least"], given["of"])
        elif isinstance(node, Block) and all(key.value in _ENTRY_KEYS for key, _ in node.pairs):
            mend = "Write a word, {pattern: …}, {list: …} or {at least: 2, of: […]}."
            self.wrong(node, "This is no word.", mend)

    def _plain(self, node: Scalar) -> Iterator[Plain]:
        written = node.value.strip()
        bare = written.removeprefix("*").removesuffix("*")
        if "*" in bare:
            self.wrong(node, f"“{written[:80]}” has a star inside.", "A star may stand only at the beginning or the end.")
            return
        needle = needle_of(written)
        if not needle.strip():
            self.wrong(node, f"“{written[:80]}” holds no letter or digit.", "Write a word, or leave it out.")
            return
        yield Plain(written, needle)

    def _pattern(self, node: Node) -> Iterator[Pattern]:
        written = self.word(node, "pattern")
        if not written:
            return
        if len(written) > _LONGEST_PATTERN:
            self.wrong(node, "This pattern is too long.", f"Keep it under {_LONGEST_PATTERN} characters.")
            return
        try:
            compiled = re2.compile(written, _options())
        except (re2.error, UnicodeEncodeError) as error:
            reason = error.args[0]
            told = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            mend = "See the syntax of RE2; it knows no look-ahead and no back-references."
            self.wrong(node, f"This pattern cannot be read: {told}.", mend)
            return
        if compiled.fullmatch(b""):
            self.wrong(node, "This pattern fits every text.", "Say what must be there: + in place of *, for example.")
            return
        yield Pattern(written, compiled)

    def _named(self, node: Node) -> tuple[Word, ...]:
        name = self.word(node, "list")
        if not name:
            return ()
        if name not in self._lists:
            self.unknown(node, f"There is no list “{name[:80]}”.", self._lists)
            return ()
        if name in self._reading:
            self.wrong(node, f"The list “{name}” includes itself.", "Take it out of itself.")
            return ()
        words = self._listed(name, self._lists[name])
        self._count += len(words)
        if self._count > MOST_WORDS:
            self.wrong(node, "The lists of this file grow too large together.", "Include fewer lists in each other.")
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
            mend = f"Write a number from 1 to {len(words)}."
            self.wrong(number, f"“at least {written[:80]}” of {len(words)} words cannot be.", mend)
        elif written and words:
            yield AtLeast(int(written), words)


def _options() -> "re2.Options":
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 4 << 20
    return options
