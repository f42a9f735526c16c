"""Finds all words of all rules that occur in one folded text, in one go over its words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from contact_hub.routing.text import fold

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
    phrases: dict[str, tuple[str, ...]]
    anywhere: tuple[str, ...]

    @classmethod
    def of(cls, needles: Iterable[str]) -> "Vocabulary":
        """Sorts the needles."""
        words: set[str] = set()
        beginnings: dict[str, list[str]] = defaultdict(list)
        endings: dict[str, list[str]] = defaultdict(list)
        phrases: dict[str, list[str]] = defaultdict(list)
        anywhere: list[str] = []
        for needle in sorted(set(needles)):
            bare = needle.strip()
            whole = _whole_words(needle)
            if " " in bare and whole:
                phrases[max(whole, key=len)].append(needle)
            elif needle == f" {bare} ":
                words.add(bare)
            elif needle == f" {bare}" and len(bare) >= _STEM:
                beginnings[bare[:_STEM]].append(bare)
            elif needle == f"{bare} " and len(bare) >= _STEM:
                endings[bare[-_STEM:]].append(bare)
            else:
                anywhere.append(needle)
        return cls(frozenset(words), _fixed(beginnings), _fixed(endings), _fixed(phrases), tuple(anywhere))

    def found_in(self, folded: str) -> set[str]:
        """The needles that occur in the folded text."""
        tokens = set(folded.split())
        found = {f" {word} " for word in self.words & tokens}
        beginnings, endings = self.beginnings, self.endings
        for token in tokens:
            for beginning in beginnings.get(token[:_STEM], ()):
                if token.startswith(beginning):
                    found.add(f" {beginning}")
            for ending in endings.get(token[-_STEM:], ()):
                if token.endswith(ending):
                    found.add(f"{ending} ")
        for key in self.phrases.keys() & tokens:
            found.update(phrase for phrase in self.phrases[key] if phrase in folded)
        found.update(needle for needle in self.anywhere if needle in folded)
        return found


def _whole_words(needle: str) -> list[str]:
    parts = needle.split(" ")
    return [part for part in parts[1:-1] if part]


def _fixed(groups: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(members) for key, members in groups.items()}
