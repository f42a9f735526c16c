"""What the hub says by itself is stored once and read in the language of the page."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from contact_hub import troubles
from contact_hub.web import languages
from contact_hub.web.words import REASONS, moment, reason_words

pytestmark = pytest.mark.either_database


def everything_that_can_go_wrong() -> list[str]:
    return [value for name, value in vars(troubles).items() if name.isupper()]


def test_every_trouble_can_be_said_on_a_page() -> None:
    assert [trouble for trouble in everything_that_can_go_wrong() if trouble not in REASONS] == []


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_every_trouble_is_said_in_the_language_of_the_page(app: Flask, language: str) -> None:
    with app.test_request_context(), languages.speaking(language):
        for trouble in everything_that_can_go_wrong():
            assert reason_words(trouble) != trouble


def test_the_detail_behind_a_trouble_stays_as_it_is(app: Flask) -> None:
    with app.test_request_context(), languages.speaking("nl"):
        assert reason_words(f"{troubles.READING_FAILED}: ValueError").endswith(": ValueError")
        assert reason_words("the citizen called: back on Monday") == "the citizen called: back on Monday"


def test_french_keeps_a_space_before_the_colon_of_a_trouble(app: Flask) -> None:
    with app.test_request_context(), languages.speaking("fr"):
        assert reason_words(f"{troubles.READING_FAILED}: ValueError").endswith("\N{NO-BREAK SPACE}: ValueError")


def test_what_is_written_in_another_language_keeps_the_one_around_it(app: Flask) -> None:
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert "mars" in moment(at)
        with languages.speaking("de"):
            assert ("März" in moment(at), languages.language()) == (True, "de")
        assert ("mars" in moment(at), languages.language()) == (True, "fr")
