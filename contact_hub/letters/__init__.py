"""The letters of the municipality, in its languages: those the hub writes by itself, and those agents begin with."""

from collections.abc import Collection, Mapping, Sequence
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
    language: str


def receipt(name: str, languages: Sequence[str], *, reference: str, municipality: str) -> Letter:
    """The letter of this name that says something came in, in the first of these languages that it is written in.

    A name of another version of the hub, or none, is the plain receipt.
    """
    forms = file("receipts").get(name) or file("receipts")[RECEIPT]
    return _filled(forms, spoken(languages, forms), reference=reference, municipality=municipality)


def notice(language: str, *, reference: str, municipality: str, service: str) -> Letter:
    """The letter that says the question was passed on: to this `service`, or to one that stays unnamed."""
    forms = file("notices")["handed_over"]
    language = spoken([language], forms)
    told = forms[language]["service" if service else "unnamed"].format(service=service)
    return _filled(forms, language, reference=reference, municipality=municipality, service=told)


def names() -> frozenset[str]:
    """The receipts there are."""
    return frozenset(file("receipts"))


def spoken(languages: Sequence[str], written: Collection[str]) -> str:
    """The first of these languages in which something is written."""
    return next((language for language in languages if language in written), FALLBACK)


@cache
def file(name: str) -> dict[str, dict[str, Any]]:
    """The letters of one file beside this one."""
    letters: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text("utf-8"))
    return letters


def _filled(forms: Mapping[str, Any], language: str, **facts: str) -> Letter:
    form = forms[language]
    return Letter(form["subject"].format(**facts), form["text"].format(**facts), language)
