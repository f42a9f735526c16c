"""Pages suit their reader: light or dark, contrast, density and keys are kept in the browser."""

import pytest

from tests.web.conftest import Desk

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize(
    ("name", "value"), [("theme", "dark"), ("contrast", "more"), ("density", "compact"), ("shortcuts", "off")]
)
def test_a_choice_is_kept_and_leads_back(reception: Desk, name: str, value: str) -> None:
    assert f'data-{name}="{value}"' not in reception.page("/desk/inbox")

    answer = reception.post(f"/preferences/{name}", value=value, next="/desk/search")

    assert answer.location == "/desk/search"
    assert f'data-{name}="{value}"' in reception.page("/desk/inbox")


@pytest.mark.parametrize("value", ["", "purple", "more"])
def test_what_is_no_choice_changes_nothing(reception: Desk, value: str) -> None:
    reception.post("/preferences/theme", value=value)
    assert "data-theme" not in reception.page("/desk/inbox")


def test_nobody_is_led_elsewhere_or_offered_more(reception: Desk) -> None:
    assert reception.post("/preferences/theme", value="dark", next="https://evil.example/").location == "/desk"
    assert reception.post("/preferences/colour", value="red").status_code == 404
