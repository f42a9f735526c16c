"""Anywhere by typing, and a page that tells its keys."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import barriers
from tests.browser.test_desk import arrives, hears


def typed(desk: Page, words: str, *, fits: str) -> None:
    """Opens the palette, types, and chooses what fits first."""
    desk.keyboard.press("Control+k")
    expect(desk.get_by_role("combobox", name="Go to, or do")).to_be_focused()
    desk.keyboard.type(words)
    expect(desk.get_by_role("option", name=fits, exact=True)).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")


def test_typing_leads_to_a_queue_a_verb_and_a_ticket(desk: Page) -> None:
    desk.goto("/desk")
    reference = arrives(subject="Een vraag over de markt")
    hears(desk)
    typed(desk, "róads", fits="Roads")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Roads")
    hears(desk)
    typed(desk, reference, fits=f"Open ticket “{reference}”")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Een vraag over de markt")
    hears(desk)
    typed(desk, "note for", fits="Note for colleagues")
    expect(desk.get_by_label("Note", exact=True)).to_be_focused()
    typed(desk, "markt", fits="Look for “markt”")
    expect(desk.get_by_role("link", name="Een vraag over de markt")).to_be_visible()


def test_typing_offers_the_tickets_that_hold_the_words(desk: Page) -> None:
    desk.goto("/desk")
    reference = arrives(subject="Een vraag over de kermis", sender_name="Roos Peeters")
    arrives(subject="De ombudsman over de kermis")
    hears(desk)
    desk.keyboard.press("Control+k")
    desk.keyboard.type("kermis")
    offered = desk.get_by_role("option", name=f"{reference} · Roos Peeters · Een vraag over de kermis", exact=True)
    expect(offered).to_be_visible()
    expect(desk.locator("#palette-items li")).to_have_count(2)  # to look for the words, and the ticket that one may see
    expect(desk.locator("#palette-0")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Een vraag over de kermis")


def test_the_arrows_walk_and_escape_leaves(desk: Page) -> None:
    desk.goto("/desk")
    hears(desk)
    desk.keyboard.press("Control+k")
    desk.keyboard.type("over")
    expect(desk.get_by_role("option", name="Overdue")).to_be_visible()
    assert barriers(desk) == []
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#palette-1")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("combobox", name="Go to, or do")).to_be_hidden()


def test_a_question_mark_shows_the_keys(desk: Page) -> None:
    desk.goto("/desk")
    hears(desk)
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_contain_text("log a call")
    assert barriers(desk) == []
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_hidden()
