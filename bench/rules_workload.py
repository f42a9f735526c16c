"""Made-up rules and contacts of a large town, always the same ones for the same seed: what the rules are measured with."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import yaml

from contact_hub.contact import Contact

SHARES = (("words", 60), ("pattern", 15), ("field", 15), ("nested", 10))
LANGUAGES = (("nl", 60), ("fr", 20), ("en", 12), ("de", 8))
SHORTEST, LONGEST = 300, 3_000  # characters of a contact

_LISTS = yaml.safe_load((Path(__file__).parent / "rules_words.yaml").read_text())
FUNCTION: dict[str, list[str]] = {language: words.split() for language, words in _LISTS["function"].items()}
PLAIN: dict[str, list[str]] = {language: words.split() for language, words in _LISTS["plain"].items()}
HEADS, TAILS, SYLLABLES, FRENCH, FRENCH_OF, ENGLISH, ENGLISH_OF = (
    _LISTS[name].split() for name in ("heads", "tails", "syllables", "french", "french_of", "english", "english_of")
)


def rules(count: int, seed: int = 3) -> str:
    """A rules file with `count` route rules for twenty queues."""
    dice = random.Random(seed)
    kinds, weights = zip(*SHARES, strict=True)
    queues = "\n".join(f"  - {{id: q{number}, name: {{nl: Dienst {number}}}, tier: back}}" for number in range(20))
    lines = [
        f"  - {{id: r{number}, when: {_WHEN[kind](dice)}, then: {{queue: q{dice.randrange(20)}}}}}"
        for number, kind in enumerate(dice.choices(kinds, weights, k=count))
    ]
    return f"{_DESK}queues:\n{queues}\nroute:\n" + "\n".join(lines) + "\ndefault: {queue: q0}\n"


def contacts(count: int = 500, seed: int = 5) -> list[Contact]:
    """Contacts of 300 to 3,000 characters in four languages."""
    dice = random.Random(seed)
    return [_contact(dice, number) for number in range(count)]


def _contact(dice: random.Random, number: int) -> Contact:
    language = dice.choices(*zip(*LANGUAGES, strict=True))[0]
    email = dice.random() < 0.7
    return Contact(
        channel="email" if email else "webform",
        external_id=str(number),
        received=datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(minutes=37 * number),
        subject=" ".join(_words(dice, language, 6)).capitalize(),
        message=_text(dice, language, dice.randint(SHORTEST, LONGEST)),
        sender=f"{_name(dice)}@{_domain(dice)}",
        recipients=(f"{dice.choice(HEADS)}@lindervelde.example",),
        language=language,
        form="" if email else f"form-{dice.randrange(3_000)}",
        postcode=str(dice.randint(1000, 9999)),
    )


def _text(dice: random.Random, language: str, length: int) -> str:
    text = ""
    while len(text) < length:
        words = list(_words(dice, language, dice.randint(6, 18)))
        words[len(words) // 2] += dice.choice(["", ",", ",", ":"])
        text += " ".join(words).capitalize() + dice.choice([". ", ". ", "? ", "!\n", ".\n\n"])
    return text[:length]


def _words(dice: random.Random, language: str, count: int) -> Iterator[str]:
    for _ in range(count):
        chance = dice.random()
        if chance < 0.52:
            yield dice.choice(FUNCTION[language])
        elif chance < 0.84:
            yield dice.choice(PLAIN[language])
        elif chance < 0.94:
            yield _term(dice, language)
        elif chance < 0.97:
            yield _name(dice).capitalize()
        else:
            yield str(dice.randint(1, 2030)) if chance < 0.99 else f"{dice.randint(1000, 9999)}-{dice.randint(10, 999)}"


def _term(dice: random.Random, language: str) -> str:
    if language in ("nl", "de"):
        return _spoken(dice) + dice.choice(["", "", "", "en", "s"])
    if language == "fr":
        return f"{_few(dice, FRENCH)} de {_few(dice, FRENCH_OF)}"
    return f"{_few(dice, ENGLISH)} {_few(dice, ENGLISH_OF)}"


def _entry(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.55:
        word = _compound(dice)
        return f'"{dice.choice(("", "", "*"))}{word}{dice.choice(("", "*", "*"))}"'
    if chance < 0.65:
        return f'"{_compound(dice)} {dice.choice(PLAIN["nl"])}"'
    if chance < 0.75:
        return f'"{dice.choice(FRENCH)} de {dice.choice(FRENCH_OF)} {dice.choice(PLAIN["fr"])}"'
    if chance < 0.85:
        return f'"{dice.choice(ENGLISH)} {dice.choice(ENGLISH_OF)} {dice.choice(PLAIN["en"])}"'
    return f'"{_name(dice)}{dice.choice(("", " " + _name(dice), "*"))}"'


def _listed(dice: random.Random, fewest: int = 2, most: int = 9) -> str:
    return f"[{', '.join(_entry(dice) for _ in range(dice.randint(fewest, most)))}]"


def _pattern(dice: random.Random) -> str:
    word, other = _compound(dice), _compound(dice)
    return dice.choice(
        [
            rf"\b{word}(en|s)?\b",
            rf"{word}\s+(nr|nummer)?\.?\s*\d{{1,4}}",
            rf"({word}|{other})\s+\w+",
            rf"\b{word}\b.{{0,40}}\b{dice.choice(PLAIN['nl'])}\b",
            rf"{_name(dice)}(straat|laan|weg|plein)?\s+\d+",
            rf"dossier\s*:?\s*{dice.randint(1000, 9999)}-\d+",
            rf"{dice.randint(1000, 9999)}-{dice.randint(10, 99)}\d?",
        ]
    )


def _field(dice: random.Random) -> str:
    return dice.choice(
        [
            f"{{form: [{', '.join(f'form-{dice.randrange(3_000)}' for _ in range(dice.randint(1, 4)))}]}}",
            f'{{sender domain: ["{_domain(dice)}"]}}',
            f'{{sender: ["{_name(dice)}@{_domain(dice)}", "{_name(dice)}@*"]}}',
            f'{{postcode: ["{_postcodes(dice)}", "{dice.randint(1000, 9999)}"], channel: [email, webform]}}',
            f'{{recipient: "{dice.choice(HEADS)}@lindervelde.example", postcode: "{_postcodes(dice)}", language: [nl, fr]}}',
        ]
    )


def _nested(dice: random.Random) -> str:
    return dice.choice(
        [
            f"{{any: [{{text: {_listed(dice)}}}, {{all: [{{text: {_listed(dice)}}}, {{subject: {_listed(dice)}}}]}}],"
            f" not: {{text: {_listed(dice)}}}}}",
            f"{{all: [{{text: {_listed(dice)}}}, {{text: [{_common(dice)}, {_common(dice)}]}}], channel: [email, webform]}}",
            f"{{text: {{at least: 2, of: {_listed(dice, 4)}}}, language: [nl, de]}}",
            f'{{message: {_listed(dice)}, not: {{postcode: "{_postcodes(dice)}"}}}}',
            f'{{text: [{{pattern: "{_compound(dice)}[a-z]*"}}, {_entry(dice)}], not: {{channel: phone}}}}',
        ]
    )


def _common(dice: random.Random) -> str:
    return f'"{dice.choice(PLAIN[dice.choice(list(PLAIN))])}"'


def _postcodes(dice: random.Random) -> str:
    first = dice.randint(1000, 9979)
    return f"{first}-{first + dice.randint(1, 20)}"


def _compound(dice: random.Random) -> str:
    """A word as rules name it: two parts, and in one of two a third."""
    return dice.choice(HEADS) + (dice.choice(HEADS) if dice.random() < 0.5 else "") + dice.choice(TAILS)


def _spoken(dice: random.Random) -> str:
    """A word as people use it: made in the same way, some far more often than others."""
    return _few(dice, HEADS) + (_few(dice, HEADS) if dice.random() < 0.5 else "") + _few(dice, TAILS)


def _few(dice: random.Random, words: list[str]) -> str:
    """One of the words, the first ones more often, as in any language."""
    if len(words) not in _WEIGHTS:
        _WEIGHTS[len(words)] = list(accumulate(1 / (place + 3) for place in range(len(words))))
    return dice.choices(words, cum_weights=_WEIGHTS[len(words)])[0]


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=3))


def _domain(dice: random.Random) -> str:
    return f"{dice.choice(HEADS)}{dice.choice(TAILS)}.example"


_WEIGHTS: dict[int, list[float]] = {}
_WHEN: dict[str, Callable[[random.Random], str]] = {
    "words": lambda dice: f"{{text: {_listed(dice)}}}",
    "pattern": lambda dice: f"{{text: {{pattern: '{_pattern(dice)}'}}}}",
    "field": _field,
    "nested": _nested,
}
_DESK = "format: 1\nmunicipality: {name: Lindervelde, timezone: Europe/Brussels, languages: [nl, fr, en, de]}\n"
