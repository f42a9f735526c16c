"""What an agent's letter begins and ends with: salutation and signature, around what the agent wrote, in any language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from contact_hub.letters import file, spoken

NAMES = ("answer", "question", "closing")
"""The beginnings there are: a plain answer, a request for information, and what closes a question."""

_HERE = "\0"  # where the agent's own words stand: no text has it


@dataclass(frozen=True)
class Writing:
    """Who writes to whom about what; `citizen` is empty where nobody knows the name."""

    citizen: str
    agent: str
    municipality: str
    reference: str


def begin(name: str, language: str, text: str, writing: Writing) -> str:
    """The letter of this name around what was written so far: an older beginning is taken off first, and no word is lost."""
    before, after = _around(name, language, writing)
    return f"{before}{own_words(text, writing)}{after}"


def own_words(text: str, writing: Writing) -> str:
    """What the agent wrote between the beginning and the end of a letter; all of it where they were changed by hand."""
    written = text.replace("\r\n", "\n").strip()
    fitting = [
        (len(before + after), written[len(before) : len(written) - len(after)]) for before, after in _all(writing, written)
    ]
    return max(fitting, default=(0, written))[1].strip()


def attribution(language: str, name: str, at: datetime) -> str:
    """The line above what is quoted: who wrote it, and when; `at` is in the zone of the municipality."""
    form = file("beginnings")["letter"]
    language = spoken([language], form)
    day = str(format_date(at, "d MMMM y" if language != "de" else "d. MMMM y", locale=language))
    return str(form[language]["wrote"].format(day=day, time=f"{at:%H:%M}", name=name))


def languages(allowed: Sequence[str]) -> tuple[str, ...]:
    """Those of these languages that letters are written in; there is always one."""
    written = file("beginnings")["letter"]
    return tuple(each for each in allowed if each in written) or (spoken((), written),)


def _all(writing: Writing, written: str) -> Iterator[tuple[str, str]]:
    """What stands around the text, by every beginning that fits it."""
    for name in NAMES:
        for language in file("beginnings")["letter"]:
            before, after = (each.strip() for each in _around(name, language, writing))
            if len(written) >= len(before) + len(after) and written.startswith(before) and written.endswith(after):
                yield before, after


def _around(name: str, language: str, writing: Writing) -> tuple[str, str]:
    form = file("beginnings")["letter"]
    language = spoken([language], form)
    salutation = form[language]["named" if writing.citizen else "unnamed"].format(name=writing.citizen)
    bodies = file("beginnings").get(name) or file("beginnings")["answer"]
    letter = form[language]["text"].format(
        salutation=salutation,
        body=bodies[language].format(text=_HERE),
        agent=writing.agent,
        municipality=writing.municipality,
        reference=writing.reference,
    )
    before, _, after = letter.partition(_HERE)
    return before, after
