"""The search in a real browser: operators offered while typing, and no barriers."""

from itertools import product

from playwright.sync_api import Page, expect

from tests.browser.conftest import barriers
from tests.browser.test_desk import arrives, hears


def test_operators_and_their_values_are_offered_while_typing(desk: Page) -> None:
    desk.goto("/desk")
    arrives(subject="Een put in de brug", message="put in de weg")
    arrives(subject="De brug aan het park", message="Een boom")
    hears(desk)
    desk.keyboard.press("/")
    desk.keyboard.type("brug")
    desk.keyboard.press("Enter")
    expect(desk.locator(".found li")).to_have_count(2)
    field = desk.get_by_label("Search in all tickets you see")
    field.press("End")
    desk.keyboard.type(" que")
    expect(desk.get_by_role("option", name="queue: in this queue")).to_be_visible()
    desk.keyboard.press("Enter")
    desk.keyboard.type("road")
    desk.keyboard.press("Enter")
    expect(field).to_have_value("brug queue:wegen ")
    desk.keyboard.press("Enter")
    expect(desk.locator(".found li")).to_have_count(1)
    expect(desk.locator(".found mark")).to_have_text("brug")


def test_the_search_of_the_inbox_offers_operators_too(desk: Page) -> None:
    desk.goto("/desk")
    hears(desk)
    desk.keyboard.press("/")
    desk.keyboard.type("brug que")
    expect(desk.get_by_role("option", name="queue: in this queue")).to_be_visible()
    desk.keyboard.press("Enter")
    desk.keyboard.type("road")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Search", exact=True)).to_have_value("brug queue:wegen ")


def test_the_search_has_no_barriers(desk: Page) -> None:
    arrives(subject="De brug")
    for width, asked in product((390, 1280), ("", "brug queue:moon", "brug")):
        desk.set_viewport_size({"width": width, "height": 844})
        desk.goto(f"/desk/search?q={asked}")
        assert barriers(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
