"""The log of calls in a real browser: by keyboard alone, on any screen, free of barriers."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contact_hub.database import reading
from contact_hub.tickets import Ticket
from tests.browser.conftest import barriers


def test_a_call_is_logged_by_keyboard_alone(desk: Page) -> None:
    desk.get_by_role("link", name="Log a call").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("What is the question?")).to_be_focused()
    desk.keyboard.type("Is the desk open on Saturday?")
    for typed in ("Roos", "014 00 00 03", ""):
        desk.keyboard.press("Tab")
        desk.keyboard.type(typed)
    desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_label("Solved now")).to_be_checked()
    expect(desk.get_by_label("How did it end?")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
    assert (ticket.status, ticket.outcome) == ("resolved", "resolved_first_line")
    expect(desk.locator(".reference")).to_have_text(ticket.reference)
    expect(desk.get_by_role("link", name="Log the next one")).to_be_focused()


def test_only_what_belongs_to_the_choice_is_asked(desk: Page) -> None:
    desk.goto("/calls/new")
    expect(desk.get_by_label("To which queue?")).to_be_hidden()
    desk.get_by_label("Hand over").check()
    expect(desk.get_by_label("To which queue?")).to_be_visible()
    expect(desk.get_by_label("How did it end?")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_log_has_no_barriers(desk: Page, width: int, scheme: str) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    desk.emulate_media(color_scheme=scheme)
    desk.goto("/calls/new")
    assert barriers(desk) == []
    desk.get_by_label("Hand over").check()
    desk.get_by_role("button", name="Log it").click()
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_label("What is the question?").fill("A question")
    desk.get_by_label("Solved now").check()
    desk.get_by_role("button", name="Log it").click()
    expect(desk.locator(".reference")).to_be_visible()
    assert barriers(desk) == []
