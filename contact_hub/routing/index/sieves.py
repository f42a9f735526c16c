"""Leaves out of long lists of words those that are known not to stand in a contact's texts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain

from contact_hub.routing.fields import originals_of
from contact_hub.routing.index.sight import Found, can_be_found
from contact_hub.routing.words import Plain, Word

SHORT = 8
"""Lists of so many words are gone through sooner than sieved."""


class Sieves:
    """A sieve for each list of words, made when first asked and kept with it; the `common` needles were not looked for."""

    def __init__(self, common: Collection[str]) -> None:
        self._common = common
        self._known: dict[int, _Sieve] = {}

    def sieved(self, found: Found, field: str, words: Sequence[Word]) -> Sequence[Word]:
        """Of the words, in their order, those that may stand in the field, given what was `found` in a contact."""
        if len(words) <= SHORT or not all(part in found for part in originals_of(field)):
            return words
        sieve = self._known.get(id(words))
        if sieve is None:
            sieve = self._known[id(words)] = _Sieve(words, self._common)
        return sieve.passing(found, field)


class _Sieve:
    def __init__(self, words: Sequence[Word], common: Collection[str]) -> None:
        self.words = words
        self._places: dict[str, list[int]] = defaultdict(list)
        self._others: list[int] = []
        for place, word in enumerate(words):
            sought = isinstance(word, Plain) and can_be_found(word.needle) and word.needle not in common
            (self._places[word.needle] if isinstance(word, Plain) and sought else self._others).append(place)
        self._needles = frozenset(self._places)

    def passing(self, found: Found, field: str) -> Sequence[Word]:
        standing = {needle for part in originals_of(field) for needle in self._needles & found[part]}
        return [self.words[place] for place in sorted(chain(self._others, *[self._places[needle] for needle in standing]))]
