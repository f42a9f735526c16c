"""The draft of the rules in a real browser: what is typed is kept, checked at its line, tried and published."""

import string
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from contact_hub import drafts, editions, next_edition
from contact_hub.database import Session, reading
from contact_hub.drafts import Draft
from tests import builders
from tests.browser.signing_in import sign_in
from tests.browser.test_accessibility import assert_open_to_all

DRAFT = "/rules/drafts/1"


@pytest.fixture
def desk(context: BrowserContext, hub: str) -> Iterator[Page]:
    """Sofie is signed in and has a draft; nothing may be wrong in the browser's console."""
    with Session.begin() as session:
        sofie = builders.an_agent(session, "supervisor", name="Sofie Janssens")
        sofie.language = "en"
        newest = editions.newest(session)
        assert newest
        drafts.begin(session, newest, by=sofie.name, name="Draft of Sofie")
    page = context.new_page()
    sign_in(page, sofie)
    said: list[str] = []
    page.on(
        "console",
        lambda message: said.append(message.text) if message.type == "error" and "status of" not in message.text else None,
    )
    page.goto(DRAFT)
    yield page
    assert said == []


def type_at_line(page: Page, line: int, words: str) -> None:
    """Puts words at the end of a line, with the keyboard."""
    editor = page.get_by_role("textbox", name="The rules")
    editor.focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(words)


def kept_text() -> str:
    with reading() as session:
        return session.get_one(Draft, 1).text


def test_what_is_typed_is_kept_without_a_button(desk: Page) -> None:
    type_at_line(desk, 1, " # mine")
    expect(desk.get_by_text("Kept", exact=True)).to_be_visible()
    assert kept_text() == builders.RULES.replace("format: 1", "format: 1 # mine", 1)


def test_the_keys_of_the_desk_are_letters_in_the_editor(desk: Page) -> None:
    every_key = string.ascii_letters + string.digits + "?/,."
    type_at_line(desk, 1, f" # {every_key}")
    expect(desk.get_by_text("Kept", exact=True)).to_be_visible()
    assert kept_text() == builders.RULES.replace("format: 1", f"format: 1 # {every_key}", 1)


def test_a_mistake_is_marked_at_its_line_and_said_beside_it_as_one_types(desk: Page) -> None:
    expect(desk.get_by_text("This may be published")).to_be_visible()
    type_at_line(desk, 1, "\nnonsense: yes")
    expect(desk.get_by_text("1 thing must be mended first")).to_be_visible()
    expect(desk.locator(".cm-lint-marker-error")).to_have_count(1)
    desk.get_by_role("link", name="Line 2").click()
    expect(desk.get_by_role("textbox", name="The rules")).to_be_focused()
    desk.keyboard.press("Shift+ArrowDown")
    desk.keyboard.press("Delete")
    expect(desk.get_by_text("This may be published")).to_be_visible()
    expect(desk.locator(".cm-lint-marker-error")).to_have_count(0)


def test_a_message_is_tried_on_what_stands_in_the_editor(desk: Page) -> None:
    desk.get_by_label("What the citizen writes").fill("Er viel een meteoor")
    expect(desk.locator("#tried")).to_contain_text("no rule: everything else")
    desk.get_by_role("textbox", name="The rules").focus()
    desk.keyboard.press("Control+f")
    desk.keyboard.type("gevaar")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    desk.keyboard.type("gevaar, meteoor")
    expect(desk.locator("#tried mark")).to_have_text("meteoor")


def test_a_rule_is_changed_where_it_stands(desk: Page) -> None:
    desk.goto("/rules?find=boom")
    desk.get_by_role("link", name="trees").click()
    desk.get_by_role("button", name="Change this rule in a draft").click()
    expect(desk.get_by_role("textbox", name="The rules")).to_be_focused()
    desk.keyboard.press("End")
    desk.keyboard.type(" # here")
    expect(desk.get_by_text("Kept", exact=True)).to_be_visible()
    with reading() as session:
        text = session.get_one(Draft, 2).text
    assert [line for line in text.splitlines() if "# here" in line] == [
        "  - {id: trees, when: {text: [boom]}, then: {queue: groen}} # here"
    ]


def test_while_the_check_runs_the_page_says_so_and_what_it_found_before_stays(desk: Page) -> None:
    held: list[Route] = []
    desk.route("**/rules/drafts/check", lambda route: held.append(route))
    expect(desk.get_by_text("The check runs")).to_be_hidden()
    type_at_line(desk, 1, "\nnonsense: yes")
    expect(desk.get_by_text("The check runs")).to_be_visible()
    expect(desk.get_by_text("This may be published")).to_be_visible()
    held.pop().continue_()
    expect(desk.get_by_text("1 thing must be mended first")).to_be_visible()
    expect(desk.get_by_text("The check runs")).to_be_hidden()


def test_a_check_that_does_not_answer_is_told_and_asked_for_again(desk: Page) -> None:
    desk.route("**/rules/drafts/check", lambda route: route.fulfill(status=503))
    type_at_line(desk, 1, " # mine")
    expect(desk.get_by_text("The check did not answer")).to_be_visible()
    desk.unroute("**/rules/drafts/check")
    desk.keyboard.type("!")
    expect(desk.get_by_text("The check did not answer")).to_be_hidden()


def test_the_keyboard_leads_out_of_the_editor(desk: Page) -> None:
    desk.get_by_role("textbox", name="The rules").focus()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="Keep and check")).to_be_focused()


def test_a_draft_is_published_with_its_reason(desk: Page) -> None:
    type_at_line(desk, 1, " # mine")
    desk.get_by_role("button", name="Publish as edition 2").click()
    expect(desk.get_by_label("Why")).to_be_focused()
    desk.get_by_label("Why").fill("A remark for those who come later.")
    desk.get_by_role("button", name="Publish as edition 2").click()
    expect(desk.get_by_text("Edition 2 decides from now on.")).to_be_visible()
    with reading() as session:
        newest = editions.newest(session)
        assert newest
        assert newest.text == builders.RULES.replace("format: 1", "format: 1 # mine", 1)


def test_a_colleague_in_the_same_draft_overwrites_nothing(desk: Page) -> None:
    with Session.begin() as session:
        drafts.keep(session, session.get_one(Draft, 1), version=1, text="hers", reason="", by="Anna Claes")
    type_at_line(desk, 1, " # mine")
    expect(desk.get_by_text("yours is kept beside it")).to_be_visible()
    assert desk.url.endswith("/rules/drafts/2")
    assert kept_text() == "hers"


def test_what_the_hub_could_not_keep_is_kept_as_soon_as_it_answers(desk: Page) -> None:
    desk.route("**/api/v1/rules/drafts/1", lambda route: route.fulfill(status=503))
    type_at_line(desk, 1, " # mine")
    expect(desk.get_by_text("Not kept: the hub does not answer")).to_be_visible()
    desk.unroute("**/api/v1/rules/drafts/1")
    expect(desk.get_by_text("Kept", exact=True)).to_be_visible()
    desk.context.clear_cookies()


def test_the_pages_of_the_rules(desk: Page) -> None:
    with Session.begin() as session:
        next_edition.publish(session, "# more\n" + builders.RULES, author="Anna Claes", reason="more")
    for path in (DRAFT, "/rules/diff", "/rules/rule/danger", "/rules/editions/1", "/rules", "/rules?find=boom"):
        assert_open_to_all(desk, path)


def test_the_page_that_says_somebody_was_faster(desk: Page) -> None:
    with Session.begin() as session:
        next_edition.publish(session, "# more\n" + builders.RULES, author="Anna Claes", reason="more")
    desk.get_by_label("Why").fill("mine")
    desk.get_by_role("button", name="Publish as edition").click()
    expect(desk.get_by_role("heading", name="Somebody was faster")).to_be_visible()
