"""The chat widget in a real browser: what was typed is never lost, whatever becomes of the line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from contact_hub import chats, database, editions, live
from contact_hub.database import Session, reading
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.application import served, settings_for
from tests.browser.conftest import barriers
from tests.builders import PASSWORD, an_agent, publish_rules

PATIENCE = 30_000  # milliseconds until a line is up again at the latest
SMALL = {"width": 390, "height": 844}


@pytest.fixture
def town(sqlite_url: str, redis_url: str) -> Iterator[str]:
    """The address of the demo town."""
    editions.forget()
    with served(settings_for(sqlite_url, redis_url, demo=True)) as address:
        with Session.begin() as session:
            publish_rules(session)
        yield address + "/demo/town"
    live.connect(None)
    editions.forget()
    database.disconnect()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=SMALL, locale="nl-BE", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def visitor(context: BrowserContext, town: str) -> Page:
    """A page with the chat opened."""
    page = context.new_page()
    page.goto(town)
    page.get_by_role("button", name="Chat met ons").click()
    return page


def say(page: Page, text: str) -> None:
    page.get_by_label("Uw bericht").fill(text)
    page.keyboard.press("Enter")


def said() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Message.text).filter_by(kind="said").order_by(Message.id)))


def answered(text: str) -> None:
    with live.change() as session:
        ticket = session.scalars(select(Ticket)).one()
        chats.answer(session, ticket, text, by=an_agent(session, "agent", "onthaal", name="Anna Claes"))


def test_a_question_gets_its_answer_in_the_same_window(visitor: Page) -> None:
    say(visitor, "Wanneer is het loket open?")
    expect(visitor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    answered("Elke dag vanaf negen uur.")
    expect(visitor.get_by_role("log")).to_contain_text("Elke dag vanaf negen uur.")
    assert said() == ["Wanneer is het loket open?"]


def test_what_is_typed_without_a_connection_leaves_once_when_it_is_back(visitor: Page, context: BrowserContext) -> None:
    say(visitor, "Hallo")
    expect(visitor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    visitor.goto("about:blank")
    visitor.go_back()
    context.set_offline(True)
    visitor.get_by_label("Uw bericht").fill("Zonder verbinding")
    visitor.keyboard.press("Enter")
    context.set_offline(False)
    expect(visitor.get_by_role("log").get_by_text("Verstuurd", exact=True)).to_have_count(2, timeout=PATIENCE)
    assert said() == ["Hallo", "Zonder verbinding"]


def test_the_conversation_is_there_again_after_a_reload(visitor: Page) -> None:
    say(visitor, "Is er iemand?")
    expect(visitor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    answered("Ja hoor.")
    visitor.reload()
    expect(visitor.get_by_role("log").locator(".text")).to_have_text(["Is er iemand?", "Ja hoor."])


def test_two_pages_of_one_visitor_show_the_same(visitor: Page, context: BrowserContext, town: str) -> None:
    say(visitor, "Op het ene tabblad")
    expect(visitor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    second = context.new_page()
    second.goto(town)
    expect(second.get_by_role("log")).to_contain_text("Op het ene tabblad")
    say(second, "Op het andere")
    expect(visitor.get_by_role("log")).to_contain_text("Op het andere")
    assert said() == ["Op het ene tabblad", "Op het andere"]


def test_the_chat_works_by_keyboard(context: BrowserContext, town: str) -> None:
    page = context.new_page()
    page.goto(town)
    page.get_by_role("button", name="Chat met ons").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Uw bericht")).to_be_focused()
    page.keyboard.type("Eerste regel")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("tweede regel")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Verstuurd", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat met ons")).to_be_focused()
    assert said() == ["Eerste regel\ntweede regel"]


def test_a_file_is_sent_along_by_a_button_in_the_language_of_the_page(visitor: Page) -> None:
    say(visitor, "Er ligt iets op straat")
    attach = visitor.get_by_role("button", name="Bestand meesturen")
    expect(attach).to_be_enabled()
    with visitor.expect_file_chooser() as chooser:
        attach.press("Enter")
    chooser.value.set_files({"name": "straat.txt", "mimeType": "text/plain", "buffer": b"een zetel"})
    expect(visitor.get_by_role("log").get_by_role("link", name="straat.txt")).to_be_visible()


def test_the_chat_has_no_barriers(visitor: Page) -> None:
    say(visitor, "Is er iemand?")
    expect(visitor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    assert barriers(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_without_scripts_the_page_leads_to_the_form(chromium: Browser, town: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="nl-BE")
    page = context.new_page()
    page.goto(town)
    page.get_by_role("link", name="Een vraag stellen").click()
    expect(page.get_by_label("Uw vraag")).to_be_visible()
    context.close()


def test_an_agent_answers_from_the_ticket_and_the_visitor_reads_it(visitor: Page, chromium: Browser, town: str) -> None:
    say(visitor, "Wanneer is het loket open?")
    expect(visitor.get_by_text("Verstuurd", exact=True)).to_be_visible()
    with Session.begin() as session:
        anna = an_agent(session, "agent", "onthaal", name="Anna Claes")
        anna.language = "en"
        reference = session.scalars(select(Ticket)).one().reference
    context = chromium.new_context(base_url=town.removesuffix("/demo/town"))
    desk = context.new_page()
    desk.goto(f"/tickets/{reference}")
    desk.get_by_label("E-mail address").fill(anna.email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_label("Your answer").fill("Elke dag vanaf negen uur.")
    names = ["uren.txt", "plan.txt"]
    desk.locator(".answer-files input[type=file]").set_input_files(
        [{"name": each, "mimeType": "text/plain", "buffer": b"9 uur"} for each in names]
    )
    expect(desk.get_by_text("uren.txt, plan.txt")).to_be_visible()
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(visitor.get_by_role("log")).to_contain_text("Elke dag vanaf negen uur.")
    expect(visitor.get_by_role("log").get_by_role("link")).to_have_text(names)
    expect(visitor.get_by_role("link", name=names[-1])).to_be_in_viewport()
    say(visitor, "Dank u")
    expect(desk.get_by_role("region", name="Conversation").get_by_text("Dank u")).to_be_visible()
    context.close()
