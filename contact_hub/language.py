"""Which of the four languages of the desk a text is written in."""

from functools import cache

import gcld3

# What CLD3 calls a short Dutch or German text now and then.
NEIGHBOURS = {"nl": "nl", "fy": "nl", "af": "nl", "fr": "fr", "ca": "fr", "en": "en", "de": "de", "lb": "de", "nds": "nl"}

_FEWEST_LETTERS = 20
_ENOUGH_CHARACTERS = 500


def language_of(text: str) -> str:
    """'nl', 'fr', 'en' or 'de', judged by the start of the text.

    '' where it has fewer than twenty letters or is in none of the four.
    """
    start = text[:_ENOUGH_CHARACTERS]
    if sum(map(str.isalpha, start)) < _FEWEST_LETTERS:
        return ""
    return NEIGHBOURS.get(_identifier().FindLanguage(start).language, "")


@cache
def _identifier() -> gcld3.NNetLanguageIdentifier:
    """CLD3's small network: 3 MB, where other detectors of its quality hold 45 and more."""
    return gcld3.NNetLanguageIdentifier(0, _ENOUGH_CHARACTERS)
