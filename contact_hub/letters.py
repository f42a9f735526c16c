"""The mails the hub writes by itself, in the languages of the municipality."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FALLBACK = "nl"


@dataclass(frozen=True)
class Letter:
    """A subject and a text, ready to send."""

    subject: str
    text: str


def receipt(language: str, *, reference: str, municipality: str) -> Letter:
    """The confirmation that something came in, with its reference."""
    forms = _letters()["receipt"]
    form = forms.get(language) or forms[FALLBACK]
    return Letter(*(form[part].format(reference=reference, municipality=municipality) for part in ("subject", "text")))


@cache
def _letters() -> dict[str, dict[str, dict[str, Any]]]:
    letters: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "letters.yaml").read_text("utf-8"))
    return letters
