"""Makes texts comparable: case, accents, entities and hyphens folded away, with the way back to the original."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

READ_AT_MOST = 200_000
"""Characters of one field that rules read; what lies behind is kept, shown and searched, but decides nothing."""

_LETTERS = str.maketrans({"ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ħ": "h", "þ": "th"})
_ASCII = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_PIECE = re.compile(rf"(?P<entity>{_ENTITY.pattern})|(?P<plain>[\x00-\x25\x27-\x7f]+)|(?P<single>.)", re.DOTALL)
_LONE_E = re.compile(r" e (?=mail|loket|box|boek|fiets|bike|step|inclusi|id )")


class _Folded(dict[str, str]):
    """Remembers what each character folds to."""

    def __missing__(self, character: str) -> str:
        folded = "".join(_kept(part) for part in _bare(character))
        self[character] = folded
        return folded


def _bare(character: str) -> str:
    lowered = unicodedata.normalize("NFKD", character).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFKD", lowered)


def _kept(part: str) -> str:
    category = unicodedata.category(part)
    if category[0] == "M" or category == "Cf":
        return ""
    return part if part.isalnum() else " "


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The words of a text, folded, joined by single spaces with one at either end; a single space if there are none."""
    text = text[:READ_AT_MOST]
    if "&" in text:
        text = _ENTITY.sub(_decoded, text)
    if not text.isascii():
        text = _NOT_ASCII.sub(_folded, text)
    words = text.translate(_ASCII).split()
    return _joined(words)


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


def _joined(words: list[str]) -> str:
    joined = f" {' '.join(words)} " if words else " "
    return _LONE_E.sub(" e", joined) if " e " in joined else joined


def _decoded(entity: re.Match[str]) -> str:
    return html.unescape(entity.group())


def _folded(character: re.Match[str]) -> str:
    return _FOLDED[character.group()]


@dataclass(frozen=True, slots=True)
class Trace:
    """A folded text that knows where in the original each of its characters came from.

    `spaced` is the text before its spaces were joined; `starts` and `ends` belong to its characters.
    """

    folded: str
    spaced: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind `folded[start:end]`, which must hold more than spaces."""
        first = start - self.folded.count(" ", 0, start)
        last = end - self.folded.count(" ", 0, end) - 1
        return self.starts[self._place_of(first)], self.ends[self._place_of(last)]

    def _place_of(self, letter: int) -> int:
        """The place in `spaced` of its nth letter: that number, and as many more as spaces stand up to there."""
        place, reached = -1, letter
        while place != reached:
            place, reached = reached, letter + self.spaced.count(" ", 0, reached + 1)
        return place

    def places(self, needle: str, at_most: int) -> Iterator[tuple[int, int]]:
        """The spans of the original words in which a needle first occurs."""
        bare = needle.strip()
        offset = needle.index(bare)
        position = self.folded.find(needle)
        while position >= 0 and at_most > 0:
            start = position + offset
            yield self.span(self.folded.rindex(" ", 0, start) + 1, self.folded.index(" ", start + len(bare)))
            at_most -= 1
            position = self.folded.find(needle, start + len(bare))


def trace(text: str) -> Trace:
    """Folds as `fold` does and keeps, for each character that is not a space, its span in the original."""
    text = text[:READ_AT_MOST]
    if text.isascii() and "&" not in text:
        return _traced(text.translate(_ASCII), range(len(text)), range(1, len(text) + 1))
    spaced: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECE.finditer(text):
        _follow(piece, spaced, starts, ends)
    return _traced("".join(spaced), starts, ends)


def _traced(spaced: str, starts: Sequence[int], ends: Sequence[int]) -> Trace:
    return Trace(_joined(spaced.split()), spaced, starts, ends)


def _follow(piece: re.Match[str], spaced: list[str], starts: list[int], ends: list[int]) -> None:
    start, end = piece.span()
    if piece.lastgroup == "plain":
        spaced.append(piece.group().translate(_ASCII))
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))
        return
    written = _decoded(piece) if piece.lastgroup == "entity" else piece.group()
    folded = "".join([_FOLDED[character] for character in written]).translate(_ASCII)
    if not folded and ends:
        ends[-1] = end
    spaced.append(folded)
    starts.extend([start] * len(folded))
    ends.extend([end] * len(folded))
