"""What somebody typed, taken apart into words and phrases that must be there or must not."""

import re
from dataclasses import dataclass

from contact_hub.stems import folded

WORD = re.compile(r"\w+(?:[.@+'’-]\w+)*")
_PARTS = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """Words that must stand in the ticket, or with `absent` must not; several only as one phrase, in this order."""

    words: tuple[str, ...]
    absent: bool = False
    quoted: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the very words are meant, and no other form of them."""
        return self.quoted or len(self.words) > 1


def terms_in(typed: str) -> tuple[Term, ...]:
    """What somebody typed, as terms: words, "phrases" in quotation marks, and either with - before what is not wanted."""
    found = []
    for part in _PARTS.finditer(typed):
        quoted = part["phrase"] is not None
        words = tuple(WORD.findall(folded(part["phrase"] if quoted else part["word"])))
        if words:
            found.append(Term(words, absent=bool(part["no"]), quoted=quoted))
    return tuple(found)


def words_of(name: str) -> list[str]:
    """The words of a name, folded."""
    return WORD.findall(folded(name))
