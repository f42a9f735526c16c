"""Which of the four languages of the desk a text is written in."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("nl", "fr", "en", "de")

_FEWEST_LETTERS = 20
_ENOUGH_CHARACTERS = 500


def language_of(text: str) -> str:
    """'nl', 'fr', 'en' or 'de', judged by the start of the text; '' where it has fewer than twenty letters."""
    start = text[:_ENOUGH_CHARACTERS]
    if sum(map(str.isalpha, start)) < _FEWEST_LETTERS:
        return ""
    language, _ = _identifier().classify(start)
    return str(language)


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded at first need, and then without the weights of the hundred other languages (30 MB less)."""
    every = LanguageIdentifier.from_model_file(MODEL_FILE)
    every.set_languages(LANGUAGES)
    return LanguageIdentifier(
        every.nb_ptc, every.nb_pc, every.nb_classes, every.tk_nextmove, every.tk_output, tk_row=every.tk_row
    )
