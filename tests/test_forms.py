"""Form files are read strictly, and all that is wrong with one is said at once."""

from pathlib import Path

import pytest

from contact_hub.forms import LANGUAGES, FormError, published, read_form
from contact_hub.settings import HERE

GOOD = """\
id: report
title: {nl: Melding, fr: Signalement, en: Report, de: Meldung}
intro: {nl: Meld het, fr: Signalez, en: Report it, de: Melden Sie es}
topic: wegdek
fields:
  - name: what
    type: choice
    required: yes
    label: {nl: Wat, fr: Quoi, en: What, de: Was}
    choices:
      - {value: hole, label: {nl: Put, fr: Trou, en: Hole, de: Loch}}
"""


def mistakes_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(FormError) as caught:
        read_form(text)
    return [(mistake.line, str(mistake.what)) for mistake in caught.value.mistakes]


def test_a_good_form_is_read_whole() -> None:
    form = read_form(GOOD)
    assert (form.id, form.topic, form.title["fr"]) == ("report", "wegdek", "Signalement")
    assert form.fields[0].required
    assert form.fields[0].choice("hole").label["de"] == "Loch"


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = GOOD.replace("id: report", "id: Report!").replace("en: Report it, ", "").replace("type: choice", "type: chioce")
    text = text.replace("required: yes", "requird: yes")
    found = mistakes_of(text)
    assert [line for line, _ in found] == [1, 3, 7, 8]
    assert any("chioce" in what for _, what in found)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("name: what", "name: token"),
        ("name: what", "name: Wat is het"),
        ("required: yes", "required: perhaps"),
        ("type: choice", "type: text"),
        ("fields:", "fields: []\nrest:"),
        ("topic: wegdek", "topic: [a, b]"),
    ],
)
def test_what_can_not_be_shown_is_refused(was: str, becomes: str) -> None:
    assert mistakes_of(GOOD.replace(was, becomes, 1))


@pytest.mark.parametrize("text", ["", "- 1", "id: [", "a: &b c", "\x00", "just words"])
def test_rubbish_is_a_mistake_and_no_crash(text: str) -> None:
    assert mistakes_of(text)


def test_a_field_stands_once() -> None:
    twice = GOOD + GOOD[GOOD.index("  - name: what") :]
    assert any("twice" in what for _, what in mistakes_of(twice))


def test_a_broken_form_does_not_take_the_others_along(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("id: [")
    (tmp_path / "2.yaml").write_text(GOOD)
    (tmp_path / "3.yaml").write_bytes(b"id: \xff")
    assert list(published(tmp_path)) == ["report"]


def test_the_forms_of_lindervelde_speak_every_language() -> None:
    forms = published(HERE / "forms")
    assert list(forms) == ["street", "question", "move"]
    for form in forms.values():
        texts = [
            form.title,
            form.intro,
            *(field.label for field in form.fields),
            *(field.help for field in form.fields if field.help),
        ]
        assert all(set(text) == set(LANGUAGES) for text in texts)
