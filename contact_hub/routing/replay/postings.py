"""Which texts hold which words: found by a whole word, a beginning, an ending, a part of a word or a phrase."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import TypeAlias

_LAST = "\U0010ffff"  # sorts behind every letter
_DRAWERS = 1 << 16  # for pairs of neighbouring words: so many that few pairs share one

Places: TypeAlias = "array[int]"
_NONE = partial(array, "I")


class Postings:
    """The distinct words of many folded texts, each with the places of the texts it stands in."""

    def __init__(self, texts: Iterable[str]) -> None:
        words: defaultdict[str, Places] = defaultdict(_NONE)
        pairs: defaultdict[int, Places] = defaultdict(_NONE)
        for place, text in enumerate(texts):
            written = text.split()
            for word in set(written):
                words[word].append(place)
            for drawer in {pair % _DRAWERS for pair in map(hash, pairwise(written))}:
                pairs[drawer].append(place)
        self._words: Mapping[str, Places] = dict(words)
        self._pairs: Mapping[int, Places] = dict(pairs)
        self._sorted = sorted(words)
        self._reversed = sorted(word[::-1] for word in words)
        self._lines = "\n".join(["", *words, ""])  # every word on a line of its own, to be searched in one go

    def around(self, needle: str) -> set[int]:
        """The places of all texts that can contain the needle, and of no others when it `is_one_word`.

        A needle is a word, a part of one or a phrase as `Plain.needle` has it: a space stands where a word must end. Of a
        phrase it is the rarest part that is looked for.
        """
        first, *others = needle.split(" ")
        if not others:
            return set().union(*self._with(first))
        *whole, last = others
        choices = [[self._pairs.get(hash(pair) % _DRAWERS, _NONE())] for pair in pairwise(whole)]
        if len(whole) == 1:
            choices.append([self._words.get(whole[0], _NONE())])
        if first:
            choices.append(self._ending(first))
        if last:
            choices.append(self._beginning(last))
        return set().union(*min(choices, key=lambda places: sum(map(len, places))))

    def _beginning(self, letters: str) -> list[Places]:
        words = self._sorted
        found = words[bisect_left(words, letters) : bisect_left(words, letters + _LAST)]
        return [self._words[word] for word in found]

    def _ending(self, letters: str) -> list[Places]:
        words, backwards = self._reversed, letters[::-1]
        found = words[bisect_left(words, backwards) : bisect_left(words, backwards + _LAST)]
        return [self._words[word[::-1]] for word in found]

    def _with(self, letters: str) -> Iterator[Places]:
        place = self._lines.find(letters)
        while place >= 0:
            end = self._lines.index("\n", place)
            yield self._words[self._lines[self._lines.rindex("\n", 0, place) + 1 : end]]
            place = self._lines.find(letters, end)


def is_one_word(needle: str) -> bool:
    """Whether a needle lies within one word, so that the words alone tell where it stands."""
    return " " not in needle.strip()
