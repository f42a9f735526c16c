"""The mails the hub writes by itself, in the languages of the municipality."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FALLBACK = "nl"
RECEIPT = "receipt"
"""The letter that confirms where a rule chose none."""


@dataclass(frozen=True)
class Letter:
    """A subject and a text, ready to send."""

    subject: str
    text: str


def receipt(name: str, languages: Sequence[str], *, reference: str, municipality: str) -> Letter:
    """The letter of this name that says something came in, in the first of these languages that it is written in.

    A name of another version of the hub, or none, is the plain receipt.
    """
    forms = _letters().get(name) or _letters()[RECEIPT]
    form = forms[next((language for language in languages if language in forms), FALLBACK)]
    return Letter(*(form[part].format(reference=reference, municipality=municipality) for part in ("subject", "text")))


def names() -> frozenset[str]:
    """The letters there are."""
    return frozenset(_letters())


@cache
def _letters() -> dict[str, dict[str, dict[str, Any]]]:
    letters: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "letters.yaml").read_text("utf-8"))
    return letters
