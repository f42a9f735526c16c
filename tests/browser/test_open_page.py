"""A page that stays open on a ticket is right: whatever others do there, while its line breaks, and past a sign-out."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import object_session

from contact_hub import database, editions, live
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket
from tests import builders
from tests.browser.signing_in import sign_in_by_form
from tests.browser.test_desk import arrives, found, hears
from tests.servers.processes import free_port, port_answers
from tests.workers.hub import Hub, kill

TYPED = "Beste, wij kijken het na"


def elsewhere(reference: str, verb: Callable[[Ticket, Agent], object]) -> None:
    """A colleague does something with the ticket on a page of theirs."""
    with live.change() as session:
        colleague = session.query(Agent).filter_by(name="Bram Maes").first() or builders.an_agent(
            session, "agent", "onthaal", "groen", name="Bram Maes"
        )
        verb(found(session, reference), colleague)


def handed_to_parks(ticket: Ticket, colleague: Agent) -> None:
    parks = object_session(ticket).get_one(Queue, "groen")
    ticket.hand_over(to=parks, by=colleague, because="Een boom", promise="deze week")


def noted(ticket: Ticket, colleague: Agent) -> None:
    ticket.remark(Message(ticket_id=ticket.id, kind="note", channel="email", author_name="Bram", text="Al gebeld"), colleague)


VERBS: list[tuple[Callable[[Ticket, Agent], object], str]] = [
    (lambda ticket, colleague: ticket.claim(colleague), "Bram Maes took this ticket"),
    (noted, "Al gebeld"),
    (lambda ticket, colleague: ticket.release(colleague), "Bram Maes gave it back to the queue"),
    (handed_to_parks, "Bram Maes handed it over to Parks"),
    (lambda ticket, colleague: ticket.claim(colleague), "Owner: Bram Maes"),
    (lambda ticket, colleague: ticket.resolve(by=colleague, outcome="resolved_back_office"), "Bram Maes resolved it"),
    (lambda ticket, colleague: ticket.reopen(by=colleague, because="Toch niet"), "Bram Maes reopened it"),
]


def test_a_page_follows_all_that_others_do_and_keeps_what_is_typed(desk: Page) -> None:
    reference = arrives(subject="De brug")
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    answer = desk.get_by_label("Your answer, by mail")
    answer.fill(TYPED)
    for verb, shown in VERBS:
        elsewhere(reference, verb)
        expect(desk.get_by_text(shown).first).to_be_visible()
        resolved = shown.endswith("resolved it")
        expect(desk.locator("#work-reopening")).to_have_count(1 if resolved else 0)
        expect(desk.locator("#work-hand-overs")).to_have_count(0 if resolved else 1)
    expect(desk.locator("#work-returns")).to_have_count(1)
    expect(answer).to_have_value(TYPED)
    with Session() as session:
        last = found(session, reference).last_event
    expect(desk.locator("#work-notes input[name=known]")).to_have_value(str(last))


def test_the_middle_of_a_long_conversation_comes_when_it_is_asked_for_and_stays_while_the_page_follows(desk: Page) -> None:
    reference = arrives(subject="De brug")
    with live.change() as session:
        colleague = builders.an_agent(session, "agent", "onthaal", name="Bram Maes")
        steps: dict[int, int] = {}
        for number in range(20):
            remark = Message(ticket_id=found(session, reference).id, kind="note", channel="email", text=f"Stap {number}.")
            found(session, reference).remark(remark, colleague)
            session.flush()
            steps[number] = remark.id
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    expect(desk.get_by_text("Stap 19.")).to_be_visible()
    expect(desk.get_by_text("Stap 3.")).to_have_count(0)
    desk.locator("#conversation-fold summary").press("Enter")
    expect(desk.get_by_text("Stap 3.")).to_be_visible()
    elsewhere(reference, noted)
    expect(desk.get_by_text("Al gebeld")).to_be_visible()
    expect(desk.get_by_text("Stap 3.")).to_be_visible()
    expect(desk.locator(".message-note")).to_have_count(21)

    desk.goto("/desk/inbox")
    desk.goto(f"/tickets/{reference}#message-{steps[3]}")
    expect(desk.get_by_text("Stap 3.")).to_be_in_viewport()


def test_a_verb_that_came_while_the_page_was_open_can_be_used(desk: Page) -> None:
    reference = arrives(subject="De brug")
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    elsewhere(reference, lambda ticket, colleague: ticket.claim(colleague))
    elsewhere(reference, lambda ticket, colleague: ticket.resolve(by=colleague, outcome="resolved_first_line"))
    expect(desk.locator("#work-reopening")).to_be_visible()
    desk.keyboard.press("n")
    desk.get_by_label("Note", exact=True).fill("Nog een opmerking")
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.locator(".message-note")).to_contain_text("Nog een opmerking")


def test_a_page_outlives_the_web_process_and_has_what_happened_meanwhile(
    chromium: Browser, sqlite_url: str, redis_url: str, tmp_path: Path
) -> None:
    database.connect(sqlite_url)
    live.connect(redis_url)
    with Session.begin() as session:
        builders.publish_rules(session)
        anna = builders.an_agent(session, "agent", "onthaal")
        anna.language = "en"
    port = free_port()
    with Hub(tmp_path, database_url=sqlite_url, redis_url=redis_url, secret_key="k" * 40) as hub:
        web = hub.start("web", "--port", f"{port}")
        hub.until(lambda: port_answers(port), what="the pages answer")
        page = chromium.new_context(base_url=f"http://127.0.0.1:{port}").new_page()
        sign_in_by_form(page, anna)
        hears(page)
        page.evaluate("window.stayed = true")
        kill(web)
        expect(page.get_by_text("Offline: what you see may be old")).to_be_visible()
        arrives(subject="Gemist onderweg")
        hub.start("web", "--port", f"{port}")
        expect(page.get_by_role("link", name="Gemist onderweg")).to_be_visible(timeout=60_000)
        expect(page.locator("#offline")).to_be_hidden()
        assert page.evaluate("window.stayed")
        page.context.close()
    live.connect(None)
    editions.forget()
    database.disconnect()


def test_a_page_that_is_signed_out_says_so_calmly_and_goes_on_once_signed_in(desk: Page, agent: Agent) -> None:
    reference = arrives(subject="De brug")
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    answer = desk.get_by_label("Your answer, by mail")
    answer.fill(TYPED)
    other = desk.context.new_page()
    other.goto("/desk/inbox")
    other.locator("#person-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(desk.get_by_text("Signed out: sign in in another tab to go on")).to_be_visible()
    expect(answer).to_have_value(TYPED)
    sign_in_by_form(other, agent)
    expect(desk.locator("#offline")).to_be_hidden()
    hears(desk)
    with live.change() as session:
        noted(found(session, reference), agent)
    expect(desk.get_by_text("Al gebeld")).to_be_visible()
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator(".message-answer")).to_contain_text(TYPED)


def test_the_page_of_somebody_else_is_not_gone_on_with(desk: Page) -> None:
    reference = arrives(subject="De brug")
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    desk.get_by_label("Your answer, by mail").fill(TYPED)
    other = desk.context.new_page()
    other.goto("/desk/inbox")
    other.locator("#person-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(desk.get_by_text("Signed out: sign in in another tab to go on")).to_be_visible()
    with Session.begin() as session:
        bram = builders.an_agent(session, "agent", "onthaal", name="Bram Maes")
        bram.language = "en"
    sign_in_by_form(other, bram)
    expect(desk.locator(".person-name")).to_have_text("Bram Maes")
    expect(desk.get_by_label("Your answer, by mail")).to_have_value("")
