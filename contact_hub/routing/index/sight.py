"""A contact as the index sees it: what was found in its texts of all that the rules look for."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from ahocorasick_rs import AhoCorasick, Implementation

from contact_hub.routing.fields import Reading
from contact_hub.routing.index.literals import Literals
from contact_hub.routing.text import READ_AT_MOST, fold

ADDRESSES = "addresses"
"""The part that stands for all addresses of a contact, looked at in one go."""
MARKS = {"sender": "\n", "sender domain": "\r", "recipient": "\f"}
"""What stands on either side of an address meanwhile, by its field."""

Found = Mapping[str, set[str] | frozenset[str]]
"""The needles that were found, by the part they stand in."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOTHING: frozenset[str] = frozenset()


def can_be_found(needle: str) -> bool:
    """Whether the finder answers for this needle as `needle in text` does; the few others are looked for one by one."""
    return bool(needle.strip()) and "  " not in needle and "\n" not in needle and can_be_sought(needle)


def can_be_sought(needle: str) -> bool:
    """Whether a finder takes this at all."""
    return needle != "" and not _SURROGATE.search(needle)


class Finder:
    """Finds all needles of all rules that occur in a text, in one pass over it; made ready when first asked."""

    def __init__(self, needles: Iterable[str]) -> None:
        self._needles = sorted(set(needles))

    def __reduce__(self) -> tuple[type["Finder"], tuple[list[str]]]:
        return Finder, (self._needles,)

    def found_in(self, text: str) -> set[str]:
        """The needles that occur in the text."""
        return set(self._automaton.find_matches_as_strings(text, overlapping=True))

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._needles, implementation=Implementation.ContiguousNFA, store_patterns=True)


class Sight:
    """What a finder found in one contact; each part is looked at once and only when asked."""

    __slots__ = ("_address_finder", "_finder", "_found", "_written", "reading")

    def __init__(self, reading: Reading, finder: Finder, address_finder: Finder) -> None:
        self.reading = reading
        self._finder = finder
        self._address_finder = address_finder
        self._found: dict[str, set[str] | frozenset[str]] = {}
        self._written: dict[str, set[str] | frozenset[str]] = {}

    @property
    def so_far(self) -> Found:
        """What was found in the parts that were looked at; it holds on to no contact."""
        return self._found

    def found(self, part: str) -> set[str] | frozenset[str]:
        """The needles in one original field, or in all addresses."""
        known = self._found.get(part)
        if known is None:
            if part == ADDRESSES:
                known = self._found_in_addresses()
            else:
                folded = self.reading.folded(part)
                known = self._finder.found_in(folded) if len(folded) > 1 else _NOTHING
            self._found[part] = known
        return known

    def letters(self, part: str) -> set[str] | frozenset[str]:
        """The needles in one original field, for patterns.

        Patterns read `&eacute;` as it is written: where there may be such, what is found in it undecoded counts too.
        """
        text = self.reading.original(part)
        if "&" not in text:
            return self.found(part)
        known = self._written.get(part)
        if known is None:
            undecoded = fold(text[:READ_AT_MOST].replace("&", " "))
            known = self._written[part] = self.found(part) | self._finder.found_in(undecoded)
        return known

    def holds(self, literals: Literals, part: str) -> bool:
        """Whether an original field holds the letters that a pattern needs."""
        found = self.letters(part)
        for strings in literals:  # noqa: SIM110 - a generator costs more than what it asks
            if strings.isdisjoint(found):
                return False
        return True

    def _found_in_addresses(self) -> set[str] | frozenset[str]:
        marked = ""
        for field, mark in MARKS.items():
            for address in self.reading.addresses(field):
                marked += mark + address + mark
        return self._address_finder.found_in(marked if marked.isascii() else _SURROGATE.sub("?", marked))
