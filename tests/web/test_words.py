"""What the hub says by itself is stored once and read in the language of the page."""

import pytest
from flask import Flask
from flask_babel import force_locale

from contact_hub import troubles
from contact_hub.web.words import REASONS, reason_words

pytestmark = pytest.mark.either_database


def everything_that_can_go_wrong() -> list[str]:
    return [value for name, value in vars(troubles).items() if name.isupper()]


def test_every_trouble_can_be_said_on_a_page() -> None:
    assert [trouble for trouble in everything_that_can_go_wrong() if trouble not in REASONS] == []


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_every_trouble_is_said_in_the_language_of_the_page(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        for trouble in everything_that_can_go_wrong():
            assert reason_words(trouble) != trouble


def test_the_detail_behind_a_trouble_stays_as_it_is(app: Flask) -> None:
    with app.test_request_context(), force_locale("nl"):
        assert reason_words(f"{troubles.READING_FAILED}: ValueError").endswith(": ValueError")
        assert reason_words("the citizen called: back on Monday") == "the citizen called: back on Monday"
