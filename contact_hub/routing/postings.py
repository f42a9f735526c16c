"""Which texts hold which words: found by a whole word, a beginning, an ending, a part of a word or a phrase."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

_LAST = "\U0010ffff"  # sorts behind every letter


class Postings:
    """The distinct words of many folded texts, each with the places of the texts it stands in."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            for word in set(text.split()):
                found[word].append(place)
        self._places: Mapping[str, array[int]] = {word: array("I", places) for word, places in found.items()}

    def around(self, needle: str) -> set[int]:
        """The places of all texts that can contain the needle, and of no others when it `is_one_word`.

        A needle is a word, a part of one or a phrase as `Plain.needle` has it: a space stands where a word must end.
        """
        first, *others = needle.split(" ")
        if not others:
            return self._places_of(self._with(first))
        *whole, last = others
        parts = [self._places_of([word]) for word in whole]
        if first:
            parts.append(self._places_of(self._ending(first)))
        if last:
            parts.append(self._places_of(self._beginning(last)))
        return set.intersection(*sorted(parts, key=len))

    def _places_of(self, words: Iterable[str]) -> set[int]:
        return set().union(*[self._places[word] for word in words if word in self._places])

    def _beginning(self, letters: str) -> Sequence[str]:
        words = self._sorted
        return words[bisect_left(words, letters) : bisect_left(words, letters + _LAST)]

    def _ending(self, letters: str) -> Sequence[str]:
        words, backwards = self._reversed, letters[::-1]
        return [word[::-1] for word in words[bisect_left(words, backwards) : bisect_left(words, backwards + _LAST)]]

    def _with(self, letters: str) -> Sequence[str]:
        return [word for word in self._places if letters in word]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._places)

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(word[::-1] for word in self._places)


def is_one_word(needle: str) -> bool:
    """Whether a needle lies within one word, so that the words alone tell where it stands."""
    return " " not in needle.strip()
