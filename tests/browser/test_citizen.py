"""A citizen's pages in a real browser: without scripts, by keyboard, on a small screen, and free of barriers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from channels.web_form.tokens import QUICKEST
from contact_hub.database import reading
from contact_hub.tickets import Ticket
from tests.browser.conftest import barriers

SMALL = {"width": 390, "height": 844}


@pytest.fixture
def page(chromium: Browser, hub: str) -> Iterator[Page]:
    """A small telephone that speaks Dutch and runs no scripts."""
    context = chromium.new_context(base_url=hub, viewport=SMALL, locale="nl-BE", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(chromium: Browser, hub: str) -> Iterator[Page]:
    """The same where scripts run, so that axe-core can look."""
    context = chromium.new_context(base_url=hub, viewport=SMALL, locale="nl-BE", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def step(page: Page, name: str) -> None:
    page.locator(f"button[name=step][value={name}]").click()


def send(page: Page) -> None:
    """Sends it once the time trap lets go: this browser is quicker than people."""
    page.wait_for_timeout(QUICKEST * 1000)
    step(page, "send")


def fill_in(page: Page) -> None:
    page.get_by_label("Waar is het?").fill("Molenweg 14")
    page.get_by_label("Put of schade in weg of stoep").check()
    page.get_by_label("Wat ziet u?").fill("Een diepe put in de weg.")


def test_a_report_goes_from_the_list_of_forms_to_its_receipt_without_scripts(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Melding in de straat").click()
    fill_in(page)
    page.get_by_label("Foto").set_input_files({"name": "put.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 100_000})
    step(page, "review")
    expect(page.get_by_text("put.jpg")).to_be_visible()
    expect(page.get_by_text("Molenweg 14")).to_be_visible()
    send(page)
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
    expect(page.locator(".reference")).to_have_text(ticket.reference)


def test_the_list_of_mistakes_leads_to_the_fields(page: Page) -> None:
    page.goto("/forms/street")
    page.get_by_label("Wat ziet u?").fill("Een put")
    step(page, "review")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Waar is het?")).to_be_in_viewport()
    expect(page.get_by_label("Wat ziet u?")).to_have_value("Een put")


def test_another_language_amid_a_form_keeps_every_word(page: Page) -> None:
    page.goto("/forms/street")
    fill_in(page)
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signaler un problème dans la rue")
    expect(page.get_by_label("Où est-ce ?")).to_have_value("Molenweg 14")
    page.goto("/")
    expect(page.get_by_role("link", name="Poser une question")).to_be_visible()


def test_a_form_can_be_filled_in_by_keyboard_alone(page: Page) -> None:
    page.goto("/forms/question")
    page.get_by_label("Waarover gaat het?").focus()
    page.keyboard.type("Reispas")
    page.keyboard.press("Tab")
    page.keyboard.type("Hoe vraag ik er een aan?")
    page.get_by_label("Uw postcode").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hoe vraag ik er een aan?")).to_be_visible()


@pytest.mark.parametrize("form", ["street", "question", "move"])
def test_a_form_has_no_barriers_and_no_sideways_scrolling(scripted: Page, form: str) -> None:
    scripted.goto(f"/forms/{form}")
    assert barriers(scripted) == []
    step(scripted, "review")
    assert scripted.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_files_are_chosen_by_keyboard_in_the_language_of_the_page(scripted: Page) -> None:
    scripted.goto("/forms/street")
    choose = scripted.get_by_role("button", name="Bestanden kiezen")
    expect(choose).to_have_accessible_name("Foto (niet verplicht) Bestanden kiezen")
    expect(scripted.get_by_text("Geen bestand gekozen")).to_be_visible()
    with scripted.expect_file_chooser() as chooser:
        choose.press("Enter")
    chooser.value.set_files([{"name": f"put-{each}.jpg", "mimeType": "image/jpeg", "buffer": b"x"} for each in (1, 2)])
    expect(scripted.get_by_role("status")).to_have_text("put-1.jpg, put-2.jpg")
    fill_in(scripted)
    step(scripted, "review")
    expect(scripted.get_by_text("put-2.jpg")).to_be_visible()


def test_the_pages_around_a_form_have_no_barriers(scripted: Page) -> None:
    scripted.goto("/")
    assert barriers(scripted) == []
    scripted.goto("/forms/street")
    step(scripted, "review")
    assert barriers(scripted) == []
    fill_in(scripted)
    step(scripted, "review")
    assert barriers(scripted) == []
    send(scripted)
    expect(scripted.locator(".reference")).to_be_visible()
    assert barriers(scripted) == []
