"""Letters begin and end as the municipality writes them, in any of its languages, and keep every word of the agent."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from channels.email.quoting import divided
from contact_hub import letters
from contact_hub.letters import beginnings
from contact_hub.letters.beginnings import NAMES, Writing
from contact_hub.web.answer_box import BEGINNINGS

LANGUAGES = ("nl", "fr", "en", "de")
ROOS = Writing(citizen="Roos {Peeters}", agent="Anna Claes", municipality="Lindervelde", reference="26-000001-K")
WORDS = "Dat kan, zie {bijlage}.\n\nTot morgen!"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_letter_has_a_salutation_and_a_signature_around_the_words(name: str, language: str) -> None:
    letter = beginnings.begin(name, language, WORDS, ROOS)
    assert "Roos {Peeters}" in letter.splitlines()[0]
    assert WORDS in letter
    assert [line.rpartition(" ")[2] for line in letter.splitlines()[-3:]] == ["Claes", "Lindervelde", "26-000001-K"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_name_the_salutation_has_none(language: str) -> None:
    first = beginnings.begin("answer", language, WORDS, Writing("", "Anna", "Lindervelde", "26-000001-K")).splitlines()[0]
    assert first.endswith(",")
    assert " ," not in first


def test_a_change_of_letter_or_language_keeps_the_words_alone() -> None:
    text = WORDS
    for name in (*NAMES, *NAMES):
        for language in LANGUAGES:
            text = beginnings.begin(name, language, text, ROOS).replace("\n", "\r\n")  # as a browser sends it
    assert beginnings.own_words(text, ROOS) == WORDS


def test_a_letter_that_was_changed_by_hand_is_kept_whole() -> None:
    changed = beginnings.begin("answer", "nl", WORDS, ROOS).replace("Beste", "Dag")
    assert changed in beginnings.begin("answer", "nl", changed, ROOS)


def test_no_words_yet_are_no_words_later() -> None:
    assert beginnings.own_words(beginnings.begin("question", "fr", "", ROOS), ROOS) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_to_us_is_told_apart_from_what_we_quoted(language: str) -> None:
    at = datetime(2026, 3, 3, 10, 12, tzinfo=ZoneInfo("Europe/Brussels"))
    quoted = f"{beginnings.attribution(language, 'Roos Peeters', at)}\n> Mag ik iets vragen?"
    assert divided(f"Bedankt, dat helpt.\n\n{quoted}")[0].strip() == "Bedankt, dat helpt."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_who_has_the_question_now(language: str) -> None:
    facts = {"reference": "26-000001-K", "municipality": "Lindervelde"}
    named, unnamed = (letters.notice(language, service=service, **facts) for service in ("Wegen", ""))
    assert "Wegen" in named.text
    assert "Wegen" not in unnamed.text
    assert "  " not in unnamed.text
    assert "26-000001-K" in named.subject
    assert named.language == language


def test_a_language_without_letters_gets_those_of_the_municipality() -> None:
    assert beginnings.languages(("fi", "fr")) == ("fr",)
    assert beginnings.languages(("fi",)) == ("nl",)


def test_the_desk_offers_every_beginning_there_is() -> None:
    assert tuple(BEGINNINGS) == NAMES
