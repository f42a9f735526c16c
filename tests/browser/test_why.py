"""Asking why not: with the keyboard alone, in place, and without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from contact_hub.agents import Agent
from contact_hub.database import Session
from tests import builders
from tests.browser.conftest import barriers
from tests.browser.signing_in import sign_in


@pytest.fixture
def reference(hub: str) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, message="een pothole naast de boom").reference


def test_a_rule_is_chosen_with_the_keyboard_and_shown_in_place(desk: Page, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    desk.get_by_role("link", name="Why not another rule?").press("Enter")
    expect(desk.get_by_label("Rule", exact=True)).to_be_visible()
    desk.evaluate("document.body.dataset.stayed = 'yes'")

    desk.get_by_label("Rule", exact=True).press("t")  # trees or taxes: the first one that begins so

    expect(desk.locator(".tree")).to_be_visible()
    assert re.search(r"/why\?rule=t\w+$", desk.url)
    assert desk.evaluate("document.body.dataset.stayed") == "yes"


def test_the_same_works_without_scripts(chromium: Browser, hub: str, agent: Agent, reference: str) -> None:
    page = chromium.new_context(base_url=hub, java_script_enabled=False).new_page()
    sign_in(page, agent)
    page.goto(f"/tickets/{reference}/why")
    page.get_by_label("Rule", exact=True).select_option("trees")
    page.get_by_role("button", name="Show").click()

    expect(page.locator(".tree mark").first).to_have_text("boom")
    page.context.close()


def test_the_page_is_free_of_barriers(desk: Page, reference: str) -> None:
    for width in (1280, 390):
        desk.set_viewport_size({"width": width, "height": 800})
        desk.goto(f"/tickets/{reference}/why?rule=trees")
        assert barriers(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
