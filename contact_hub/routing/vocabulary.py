"""Finds all words of all rules that occur in one folded text, in one go over its words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from contact_hub.routing.text import fold

_Key = TypeVar("_Key")
_STEM = 3
"""Leading (or trailing) characters by which beginnings (or endings) of words are looked up."""


def needle_of(word: str) -> str:
    """The string to look for in folded text: ` w ` the word, ` w` begins with, `w ` ends with, `w` anywhere.

    Empty when nothing of the word is left after folding.
    """
    folded = fold(word.strip("*"))
    if not folded.strip():
        return ""
    if word.startswith("*"):
        folded = folded.removeprefix(" ")
    return folded.removesuffix(" ") if word.endswith("*") else folded


def plainly_found(needles: Iterable[str], folded: str) -> frozenset[str]:
    """The definition: the needles that occur in the folded text."""
    return frozenset(needle for needle in needles if needle in folded)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The needles of a rulebook, sorted by how they are found soonest; finds exactly what `plainly_found` finds."""

    words: frozenset[str]
    beginnings: dict[str, tuple[str, ...]]
    endings: dict[str, tuple[str, ...]]
    phrases: dict[tuple[str, str], tuple[str, ...]]
    anywhere: tuple[str, ...]

    @classmethod
    def of(cls, needles: Iterable[str]) -> "Vocabulary":
        """Sorts the needles."""
        words: set[str] = set()
        beginnings: dict[str, list[str]] = defaultdict(list)
        endings: dict[str, list[str]] = defaultdict(list)
        phrases: dict[tuple[str, str], list[str]] = defaultdict(list)
        anywhere: list[str] = []
        for needle in sorted(set(needles)):
            bare = needle.strip()
            pair = _whole_words(needle)[:2]
            if len(pair) > 1:
                phrases[pair[0], pair[1]].append(needle)
            elif needle == f" {bare} ":
                words.add(bare)
            elif needle == f" {bare}" and " " not in bare and len(bare) >= _STEM:
                beginnings[bare[:_STEM]].append(bare)
            elif needle == f"{bare} " and " " not in bare and len(bare) >= _STEM:
                endings[bare[-_STEM:]].append(bare)
            else:
                anywhere.append(needle)
        return cls(frozenset(words), _fixed(beginnings), _fixed(endings), _fixed(phrases), tuple(anywhere))

    def found_in(self, folded: str) -> set[str]:
        """The needles that occur in the folded text."""
        written = folded.split()
        tokens = set(written)
        found = {f" {word} " for word in self.words & tokens}
        for token in [token for token in tokens if token[:_STEM] in self.beginnings]:
            found.update(f" {begin}" for begin in self.beginnings[token[:_STEM]] if token.startswith(begin))
        for token in [token for token in tokens if token[-_STEM:] in self.endings]:
            found.update(f"{end} " for end in self.endings[token[-_STEM:]] if token.endswith(end))
        for pair in self.phrases.keys() & set(pairwise(written)):
            found.update(phrase for phrase in self.phrases[pair] if phrase in folded)
        found.update(needle for needle in self.anywhere if needle in folded)
        return found


def _whole_words(needle: str) -> list[str]:
    """The words of a needle that must stand whole in a text: those with a space on either side."""
    return needle.split(" ")[1:-1]


def _fixed(groups: dict[_Key, list[str]]) -> dict[_Key, tuple[str, ...]]:
    return {key: tuple(members) for key, members in groups.items()}
