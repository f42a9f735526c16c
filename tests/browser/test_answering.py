"""Answering in a real browser: ten seconds to think again, with scripts and without, and letters that keep what was typed."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from contact_hub import answer_templates, live
from contact_hub.agents import Agent
from contact_hub.contact import Attachment
from contact_hub.database import Session
from contact_hub.messages import Message
from contact_hub.unsent import Unsent
from tests import builders
from tests.browser.conftest import barriers
from tests.browser.signing_in import sign_in
from tests.servers.processes import wait_until

MANY_WORDS = "Wij komen langs. " * 1000


@pytest.fixture
def reference(hub: str) -> str:
    with live.change() as session:
        return builders.a_ticket(session, sender="roos@example.org").reference


def drafts() -> list[str]:
    """What the hub keeps of answers that were begun."""
    with Session() as session:
        return [each.typed["text"] for each in session.query(Unsent)]


def test_an_answer_is_taken_back_while_its_seconds_run(desk: Page, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    answer = desk.get_by_label("Your answer, by mail")
    answer.fill("Te snel verstuurd")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_text(re.compile(r"Leaves in \d+ s"))).to_be_in_viewport()
    expect(answer).to_have_value("")
    expect(desk.locator(".toast").get_by_role("button", name="Take it back")).to_be_visible()
    desk.keyboard.press("Shift+T")
    expect(answer).to_have_value("Te snel verstuurd")
    expect(answer).to_be_focused()
    expect(desk.get_by_text("Anna Claes took an answer back before it left")).to_be_visible()
    desk.goto(f"/tickets/{reference}")
    expect(answer).to_have_value("Te snel verstuurd")  # kept like anything typed
    with Session() as session:
        assert session.query(Message).filter_by(kind="answer").count() == 0


def test_without_scripts_an_answer_is_begun_sent_and_taken_back(
    chromium: Browser, hub: str, agent: Agent, reference: str
) -> None:
    page = chromium.new_context(base_url=hub, java_script_enabled=False).new_page()
    sign_in(page, agent)
    page.goto(f"/tickets/{reference}")
    answer = page.get_by_label("Your answer, by mail")
    answer.fill("Dat kan.")
    page.get_by_label("Language of the answer").select_option("de")
    page.get_by_role("button", name="Begin the letter").click()
    expect(answer).to_have_value(re.compile(r"Guten Tag Roos Peeters,\s+Dat kan\.\s+Mit freundlichen Grüßen"))
    page.get_by_label("Files to send along").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"x"}
    )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(re.compile(r"Leaves at \d\d:\d\d:\d\d"))).to_be_visible()
    expect(page.get_by_role("link", name="plan.pdf")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Take it back").click()
    expect(answer).to_have_value(re.compile("Guten Tag"))
    expect(page.get_by_label("plan.pdf")).to_be_checked()
    expect(page.get_by_label("Language of the answer")).to_have_value("de")
    page.context.close()


def test_on_a_telephone_every_tool_of_the_answer_is_in_sight(desk: Page, agent: Agent, reference: str) -> None:
    with Session.begin() as session:
        template = answer_templates.AnswerTemplate()
        answer_templates.keep(session, template, name="Bedankt", queue="", texts={"nl": "Dank u."}, by=agent)
    desk.set_viewport_size({"width": 390, "height": 844})
    for language in ("en", "nl", "fr", "de"):
        with Session.begin() as session:
            session.get_one(Agent, agent.id).language = language
        desk.goto(f"/tickets/{reference}")
        desk.locator("#work-answers > summary").click()
        tools = desk.locator(".answer-tools :is(select, button)").all()
        assert len(tools) == 5
        for tool in tools:
            box = tool.bounding_box()
            assert box
            assert box["width"] >= 44
            assert 0 <= box["x"] < box["x"] + box["width"] <= 390


def test_nobody_is_kept_from_answering(desk: Page, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    desk.get_by_label("Your answer, by mail").fill("Dat kan.")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_role("button", name="Take it back").last).to_be_visible()
    assert barriers(desk) == []


def test_a_draft_waits_on_another_machine(desk: Page, chromium: Browser, hub: str, agent: Agent, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    desk.get_by_label("Your answer, by mail").fill("Wij komen morgen langs")
    expect(desk.get_by_text("Draft kept")).to_be_visible()

    other = chromium.new_context(base_url=hub).new_page()
    sign_in(other, agent)
    other.goto(f"/tickets/{reference}")

    expect(other.get_by_label("Your answer, by mail")).to_have_value("Wij komen morgen langs")
    expect(other.get_by_text("Your draft of")).to_be_visible()
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.get_by_label("Your answer, by mail")).to_have_value("")
    desk.reload()
    expect(desk.get_by_label("Your answer, by mail")).to_have_value("")
    other.context.close()


def test_a_draft_survives_a_broken_line_and_reaches_the_hub_with_the_next_one(desk: Page, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    answer = desk.get_by_label("Your answer, by mail")
    answer.fill("Wij komen")
    expect(desk.get_by_text("Draft kept")).to_be_visible()
    desk.context.set_offline(True)
    answer.press_sequentially(" morgen langs")
    expect(desk.get_by_text("your draft is kept in this browser alone")).to_be_visible()

    desk.context.set_offline(False)
    desk.reload()

    expect(answer).to_have_value("Wij komen morgen langs")
    expect(desk.get_by_text("Draft kept")).to_be_visible()
    with Session() as session:
        assert session.query(Unsent).one().typed["text"] == "Wij komen morgen langs"


def test_a_draft_reaches_the_hub_from_a_page_that_is_left_a_moment_after(desk: Page, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    desk.get_by_label("Your answer, by mail").fill(MANY_WORDS)
    desk.goto("/desk/inbox")
    wait_until(lambda: drafts() == [MANY_WORDS], seconds=10, otherwise=lambda: AssertionError("the draft is lost"))


def test_the_pages_of_a_pdf_are_looked_at_where_it_stands(desk: Page) -> None:
    with live.change() as session:
        plan = Attachment("plan.pdf", "application/pdf", builders.a_pdf("red", "white"))
        reference = builders.a_ticket(session, attachments=(plan,)).reference
    desk.goto(f"/tickets/{reference}")
    desk.get_by_text("Show the pages").click()
    first = desk.get_by_role("img", name="Page 1 of plan.pdf")
    expect(first).to_be_visible()
    expect(first).to_have_js_property("naturalWidth", 1000)
    desk.set_viewport_size({"width": 390, "height": 800})
    assert desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_draft_on_its_way_arrives_before_the_answer_and_goes_with_it(desk: Page, reference: str) -> None:
    held: list[Route] = []
    order: list[str] = []
    desk.route("**/unsent/answers", lambda route: held.append(route))

    def note(request: Request) -> None:
        order.append(request.method)

    desk.on("requestfinished", lambda request: note(request) if request.method == "PUT" else None)
    desk.on("request", lambda request: note(request) if request.method == "POST" else None)
    desk.goto(f"/tickets/{reference}")
    with desk.expect_request("**/unsent/answers"):
        desk.get_by_label("Your answer, by mail").fill("Wij komen morgen")
    desk.get_by_role("button", name="Send", exact=True).click(no_wait_after=True)
    held[0].continue_()
    expect(desk.get_by_role("button", name="Take it back").last).to_be_visible()
    assert order[:2] == ["PUT", "POST"]
    with Session() as session:
        assert session.query(Unsent).all() == []
