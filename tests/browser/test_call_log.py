"""The log of calls in a real browser: by keyboard alone, on any screen, free of barriers."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contact_hub.database import Session, reading
from contact_hub.tickets import Ticket
from tests.browser.conftest import barriers
from tests.builders import a_ticket


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
    desk.get_by_role("button", name="Log it", exact=True).click()
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_label("What is the question?").fill("A question")
    desk.get_by_label("Solved now").check()
    desk.get_by_role("button", name="Log it", exact=True).click()
    expect(desk.locator(".reference")).to_be_visible()
    assert barriers(desk) == []


def test_a_known_caller_with_a_solved_question_takes_at_most_25_keys_beside_the_text(desk: Page) -> None:
    """Counted as a person presses them: the letters of the question itself are not among them."""
    with Session.begin() as session:
        earlier = a_ticket(session, channel="phone", sender="014 00 00 03", sender_name="Roos Peeters")
    keys = 0

    def press(*pressed: str) -> None:
        nonlocal keys
        keys += len(pressed)
        for key in pressed:
            desk.keyboard.press(key)

    desk.locator("body").press("l")
    keys += 1
    expect(desk.get_by_label("What is the question?")).to_be_focused()
    desk.keyboard.type("Is the desk open on Saturday?")
    press("Tab", *"peet")
    expect(desk.get_by_role("button", name="Roos Peeters")).to_be_visible()
    press("ArrowDown", "Enter")
    expect(desk.get_by_label("Number or e-mail address")).to_have_value("+3214000003")
    expect(desk.get_by_label("Topic")).to_be_focused()
    press("Tab", "ArrowDown", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        call = session.scalars(select(Ticket).where(Ticket.id != earlier.id)).one()
    assert (call.status, call.person_id) == ("resolved", earlier.person_id)
    assert keys <= 25


def test_what_was_typed_before_the_page_was_lost_is_offered_again(desk: Page) -> None:
    desk.goto("/calls/new")
    with desk.expect_response("**/calls/half-written"):
        desk.get_by_label("What is the question?").fill("Who pays for the bent lamp post?")
    desk.goto("/calls/new")
    desk.get_by_text("1 call half written down").click()
    desk.get_by_role("link", name="Who pays for the bent lamp post?").click()
    expect(desk.get_by_label("What is the question?")).to_have_value("Who pays for the bent lamp post?")
