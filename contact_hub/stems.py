"""The stems of words in the four languages, by which a word is found in its other forms; capitals and accents don't count."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

LANGUAGES = ("dutch", "french", "german", "english")
STEMMERS = ("dutch_porter", *LANGUAGES[1:])  # those that PostgreSQL knows by these names
MOST_WORDS = 10_000  # different words of one text that are looked at; no mail may hold the hub up by the number of them
LONGEST_WORD = 40  # characters; what is longer is no word that has forms
REMEMBERED = 100_000  # words whose stems are kept
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def folded(given: str) -> str:
    """In small letters, without accents; as long as before, so that places in it are places in what was given."""
    return "".join(map(_plain, given))


def stems_of_text(given: str | None) -> str:
    """The stems of all its words, each once, as the index of SQLite keeps them."""
    words = dict.fromkeys(word for word in _LETTERS.findall(folded(given or "")) if len(word) <= LONGEST_WORD)
    return " ".join(sorted({stem for word in list(words)[:MOST_WORDS] for stem in stems(word)}))


@lru_cache(REMEMBERED)
def stems(word: str) -> frozenset[str]:
    """What all forms of a folded word share, in each of the languages it may be of."""
    return frozenset(each.stemWord(word) for each in _stemmers())


@cache
def _stemmers() -> list[Any]:
    return [snowballstemmer.stemmer(language) for language in STEMMERS]


@cache
def _plain(letter: str) -> str:
    small = letter.lower()
    bare = unicodedata.normalize("NFD", small)[0] if small else letter
    return bare if len(bare) == len(letter) else letter
