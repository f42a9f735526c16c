"""Which texts hold which words: found by a whole word, a beginning, an ending, a part of a word or a phrase."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

_IN_VAIN = 20  # texts a word may stand in for each one found already, before it is quicker to read these
_LAST = "\U0010ffff"  # sorts behind every letter


class Postings:
    """The distinct words of many folded texts, each with the places of the texts it stands in."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            for word in set(text.split()):
                found[word].append(place)
        self._places: Mapping[str, array[int]] = {word: array("I", places) for word, places in found.items()}
        self._sorted = sorted(found)
        self._reversed = sorted(word[::-1] for word in found)
        self._lines = "\n".join(["", *found, ""])  # every word on a line of its own, to be searched in one go

    def around(self, needle: str) -> set[int]:
        """The places of all texts that can contain the needle, and of no others when it `is_one_word`.

        A needle is a word, a part of one or a phrase as `Plain.needle` has it: a space stands where a word must end. Of a
        phrase the rarest words are looked for.
        """
        first, *others = needle.split(" ")
        if not others:
            return self._places_of(self._with(first))
        *whole, last = others
        parts: list[Sequence[str]] = [[word] for word in whole if word in self._places]
        if len(parts) < len(whole):
            return set()
        if first:
            parts.append(self._ending(first))
        if last:
            parts.append(self._beginning(last))
        rarest, *rest = sorted(parts, key=self._held)
        found = self._places_of(rarest)
        for words in rest:
            if self._held(words) > _IN_VAIN * len(found):
                break
            found &= self._places_of(words)
        return found

    def _held(self, words: Iterable[str]) -> int:
        return sum(len(self._places[word]) for word in words)

    def _places_of(self, words: Iterable[str]) -> set[int]:
        return set().union(*[self._places[word] for word in words])

    def _beginning(self, letters: str) -> Sequence[str]:
        words = self._sorted
        return words[bisect_left(words, letters) : bisect_left(words, letters + _LAST)]

    def _ending(self, letters: str) -> Sequence[str]:
        words, backwards = self._reversed, letters[::-1]
        return [word[::-1] for word in words[bisect_left(words, backwards) : bisect_left(words, backwards + _LAST)]]

    def _with(self, letters: str) -> Iterator[str]:
        place = self._lines.find(letters)
        while place >= 0:
            end = self._lines.index("\n", place)
            yield self._lines[self._lines.rindex("\n", 0, place) + 1 : end]
            place = self._lines.find(letters, end)


def is_one_word(needle: str) -> bool:
    """Whether a needle lies within one word, so that the words alone tell where it stands."""
    return " " not in needle.strip()
