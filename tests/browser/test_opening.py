"""A ticket opens where reading goes on, and stays where one was."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contact_hub import intake, live
from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.tickets import Ticket
from tests import builders
from tests.browser.signing_in import sign_in

LONG = "\n".join(f"Regel {number}" for number in range(60))


@pytest.fixture
def reference(hub: str, agent: Agent) -> str:
    """A long question that Anna took, and a longer one since."""
    with live.change() as session:
        ticket = builders.a_ticket(session, sender="roos@example.org", message_id="a@x", message=LONG, received=now())
        ticket.claim(agent)
        again = builders.a_contact(
            sender="roos@example.org", answers=("a@x",), message=f"Toch nog iets\n{LONG}", received=now()
        )
        intake.take_in(session, [again])
        return ticket.reference


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}], ids=["wide", "telephone"])
def test_a_ticket_opens_at_what_is_new_and_the_back_button_where_one_was(
    desk: Page, reference: str, size: dict[str, int]
) -> None:
    desk.goto("/desk")
    desk.set_viewport_size(size)  # type: ignore[arg-type]
    desk.get_by_role("link", name="Een vraag").click()
    expect(desk.get_by_text("New since")).to_be_in_viewport()
    expect(desk.locator(".message .words", has_text="Toch nog iets")).to_be_in_viewport()
    expect(desk.locator("body")).to_be_focused()
    desk.evaluate("scrollTo(0, 100)")
    desk.get_by_role("link", name="Search").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Search")
    desk.go_back()
    expect(desk.get_by_text("New since")).to_be_attached()
    expect(desk.get_by_text("New since")).not_to_be_in_viewport()


def test_a_ticket_with_nothing_new_opens_with_the_words_of_its_newest_message_above_the_answer(
    desk: Page, reference: str, agent: Agent
) -> None:
    with live.change() as session:
        ticket = session.scalars(select(Ticket)).one()
        again = builders.a_contact(sender="roos@example.org", answers=("a@x",), message="Is er een wachtlijst?", received=now())
        intake.take_in(session, [again])
        ticket.release(agent)
        ticket.claim(agent)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"/tickets/{reference}")
    asked = desk.locator(".message .words", has_text="wachtlijst")
    expect(asked).to_be_in_viewport()
    bottom, covered = asked.bounding_box(), desk.locator(".desk-work").bounding_box()
    assert bottom
    assert covered
    assert bottom["y"] + bottom["height"] <= covered["y"]


def test_without_scripts_a_link_leads_to_what_is_new(chromium: Browser, hub: str, agent: Agent, reference: str) -> None:
    page = chromium.new_context(base_url=hub, java_script_enabled=False).new_page()
    sign_in(page, agent)
    page.goto(f"/tickets/{reference}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("New since")).to_be_in_viewport()
    page.context.close()
