"""The language a command answers in: the one that is asked for, else that of the terminal."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import click

Translate = Callable[[str], str]
LANGUAGES = ("nl", "fr", "en", "de")
_ASKED = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # as gettext asks them


def language_here() -> str:
    """The language of this terminal where it is one of the four, else English."""
    asked = next(filter(None, map(os.environ.get, _ASKED)), "")
    language = re.split(r"[_.@:-]", asked, maxsplit=1)[0].lower()
    return language if language in LANGUAGES else "en"


def in_language(language: str) -> Translate:
    """Translates sentences into one of the four languages; English is what they are written in."""
    from babel.support import Translations

    catalogues = Path(__file__).parent.parent / "translations"
    return Translations.load(catalogues, [language]).gettext


answers_in = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=language_here,
    show_default="that of the terminal, else en",
    help="The language of the answer.",
)
