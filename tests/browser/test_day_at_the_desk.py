"""A day at the desk, from the mail a citizen sends to the answer they get: every part of the hub runs, as in production."""

import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from contact_hub import database
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests import builders
from tests.browser.signing_in import sign_in_by_form
from tests.builders import PASSWORD
from tests.servers import ImapServer, SmtpSink, free_port
from tests.workers.hub import Hub, rules_file

pytestmark = pytest.mark.timeout(240)

KEYS = {"claim": "c", "answers": "r", "hand-overs": "h", "returns": "b", "resolution": "e", "notes": "n"}
LISTS = {"team": "Mes files", "handed": "Transmis par moi"}
LATER = 30_000  # ms a part of the hub may take on a busy machine


class Town:
    """The running hub, its mail servers, and the browsers of those who work there."""

    def __init__(self, chromium: Browser, imap: ImapServer, smtp: SmtpSink, address: str) -> None:
        self.imap, self.smtp = imap, smtp
        self._chromium, self._address = chromium, address
        self._contexts: list[BrowserContext] = []

    def writes(self, subject: str, text: str, *, answers: str = "") -> None:
        """Roos sends a mail, perhaps as an answer to one that she got."""
        mail = EmailMessage()
        mail["From"], mail["To"] = "Roos Peeters <roos@example.org>", "loket@lindervelde.example"
        mail["Subject"], mail["Message-ID"] = subject, f"<{abs(hash((subject, text)))}@example.org>"
        if answers:
            mail["In-Reply-To"] = answers
        mail.set_content(text)
        self.imap.append(mail.as_bytes())

    def at_work(
        self, hands: "Hands", role: str, *queues: str, name: str, language: str = "en", hears_news: bool = True
    ) -> Page:
        """The desk of somebody who signs in; one behind a proxy that lets no news through hears none."""
        with Session.begin() as session:
            agent: Agent = builders.an_agent(session, role, *queues, name=name)
            agent.language = language
        context = self._chromium.new_context(base_url=self._address, viewport={"width": 1280, "height": 900})
        self._contexts.append(context)
        if not hears_news:
            context.route_web_socket(re.compile("socket.io"), lambda line: line.close())
        page = context.new_page()
        hands.sign_in(page, agent)
        return page

    def leave(self) -> None:
        """Everybody goes home."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def town(
    chromium: Browser, sqlite_url: str, redis_url: str, imap: ImapServer, smtp: SmtpSink, tmp_path: Path
) -> Iterator[Town]:
    database.connect(sqlite_url)
    with Session.begin() as session:
        builders.publish_rules(session)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    needed = {"database_url": sqlite_url, "redis_url": redis_url, "secret_key": "k" * 40, "log_level": "INFO"}
    mail = {"mailboxes": imap.url, "smtp_url": smtp.url, "public_url": address}
    with Hub(tmp_path, **needed, **mail, var=str(tmp_path), rules=str(rules_file(tmp_path))) as hub:
        for words in (("web", "--port", f"{port}"), ("worker",), ("schedule",), ("mailbox",)):
            hub.start(*words)
        hub.until(lambda: _answers(port), what="the pages answer")
        there = Town(chromium, imap, smtp, address)
        yield there
        there.leave()
    database.disconnect()


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


class Hands(Protocol):
    """How somebody works: with the mouse, or by the keyboard alone."""

    def sign_in(self, page: Page, agent: Agent) -> None: ...
    def open(self, page: Page, link: Locator, news: str = "on") -> None: ...
    def press(self, page: Page, verb: str) -> None: ...
    def do(self, page: Page, verb: str, *typed: str) -> None: ...
    def write(self, page: Page, verb: str, field: str, words: str) -> None: ...
    def read(self, page: Page, words: str) -> None: ...
    def list(self, page: Page, view: str) -> None: ...
    def solve(self, page: Page) -> None: ...


class Mouse:
    def sign_in(self, page: Page, agent: Agent) -> None:
        sign_in_by_form(page, agent)

    def open(self, page: Page, link: Locator, news: str = "on") -> None:
        link.click()
        page.wait_for_url(re.compile("/tickets/"))
        hears(page, news)

    def press(self, page: Page, verb: str) -> None:
        page.locator(f"#do-{verb}").click()

    def do(self, page: Page, verb: str, *typed: str) -> None:
        work = page.locator(f"#work-{verb}")
        if work.get_attribute("open") is None:
            work.locator("summary").click()
        asked = work.locator("select:visible:not(.answer-tools select), textarea, input[type=text]").all()
        for field, words in zip(asked, typed, strict=False):
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=words)
            else:
                field.fill(words)
        work.locator("button:not([type=button], .answer-tools button)").last.click()

    def write(self, page: Page, verb: str, field: str, words: str) -> None:
        page.locator(field).fill(words)

    def read(self, page: Page, words: str) -> None:
        page.get_by_text(words).first.evaluate("each => each.scrollIntoView({block: 'center'})")

    def list(self, page: Page, view: str) -> None:
        page.goto(f"/desk/inbox?view={view}")

    def solve(self, page: Page) -> None:
        page.locator("#settle-solved").check()
        page.keyboard.press("Enter")


class Keyboard:
    def sign_in(self, page: Page, agent: Agent) -> None:
        page.goto("/sign-in")
        for field, typed in (("email", agent.email), ("password", PASSWORD)):
            self._tab_to(page, f"[name={field}]")
            page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(re.compile("/sign-in"), timeout=LATER)

    def open(self, page: Page, link: Locator, news: str = "on") -> None:
        expect(link).to_be_visible(timeout=LATER)
        page.keyboard.press("j")
        while not link.evaluate("link => link === document.activeElement"):
            page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/tickets/"))
        hears(page, news)

    def press(self, page: Page, verb: str) -> None:
        page.keyboard.press(KEYS[verb])

    def do(self, page: Page, verb: str, *typed: str) -> None:
        page.keyboard.press(KEYS[verb])
        for words in typed:
            page.keyboard.type(words)
            page.keyboard.press("Tab")
        self._tab_to(page, "button")
        page.keyboard.press("Enter")

    def write(self, page: Page, verb: str, field: str, words: str) -> None:
        page.keyboard.press(KEYS[verb])
        expect(page.locator(field)).to_be_focused(timeout=LATER)
        page.keyboard.type(words)

    def read(self, page: Page, words: str) -> None:
        if page.locator("#below").is_visible():
            self._tab_to(page, "#below")
            page.keyboard.press("Enter")

    def list(self, page: Page, view: str) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.type(LISTS[view])
        wanted = page.get_by_role("option", name=LISTS[view], exact=True)
        expect(wanted).to_be_visible(timeout=LATER)
        while wanted.get_attribute("aria-selected") != "true":
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"view={view}"))

    def solve(self, page: Page) -> None:
        self._tab_to(page, "[name=settlement]")
        while not page.locator("#settle-solved").is_checked():
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    def _tab_to(self, page: Page, wanted: str) -> None:
        while not page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            page.keyboard.press("Tab")


def hears(page: Page, news: str = "on") -> None:
    """The page is connected to the news, or knows that it is not, and its scripts listen."""
    expect(page.locator("html")).to_have_attribute("data-news", news, timeout=LATER)


def shows(page: Page, words: str) -> None:
    """The page says so, by itself: nobody reloads."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=LATER)


@pytest.mark.parametrize(("hands", "language"), [(Mouse(), "en"), (Keyboard(), "fr")], ids=["mouse, English", "keys, French"])
def test_a_day_at_the_desk(town: Town, hands: Hands, language: str) -> None:
    first_line = town.at_work(hands, "agent", "onthaal", name="Anna Claes", language=language)
    roads = town.at_work(hands, "back_office", "wegen", name="Bert Maes", language=language)
    solved_by_roads = {"en": "Solved by the back office", "fr": "Résolu par le back-office"}[language]
    sent_back = {"en": "Sent back", "fr": "Renvoyé"}[language]

    town.writes("De brug", "Mag ik iets vragen over de brug?")
    link = first_line.locator(".line-link", has_text="De brug")
    expect(link).to_be_visible(timeout=LATER)
    hands.open(first_line, link)
    hands.press(first_line, "claim")
    expect(first_line.locator("#do-release")).to_be_visible(timeout=LATER)
    hears(first_line)
    hands.do(first_line, "answers", "Welke brug bedoel je?")
    shows(first_line, "Welke brug bedoel je?")

    with Session() as session:  # she answers at once; below it is seen that the mail left
        [answer] = session.query(Message).filter_by(kind="answer")
    town.writes("Re: De brug", "Die aan de Kerkstraat.", answers=f"<{answer.message_id}>")
    shows(first_line, "Die aan de Kerkstraat.")
    hands.read(first_line, "Die aan de Kerkstraat.")
    expect(first_line.locator("#below")).to_be_hidden(timeout=LATER)  # what nobody saw would hold the next verb

    hears(first_line)
    hands.do(first_line, "hand-overs", "Wegen" if language == "fr" else "Roads", "Hun brug", "Deze week nieuws")
    queue = roads.locator(".line-link", has_text="De brug")
    expect(queue).to_be_visible(timeout=LATER)
    hands.open(roads, queue)
    shows(roads, "Hun brug")
    shows(roads, "Deze week nieuws")
    hands.do(roads, "returns", "Die brug is van het gewest?")
    expect(roads).not_to_have_title(re.compile("De brug"), timeout=LATER)

    hands.list(first_line, "team")
    hears(first_line)
    line = first_line.locator("li.line", has_text="De brug")
    expect(line).to_contain_text(sent_back, timeout=LATER)
    hands.open(first_line, line.locator(".line-link"))
    shows(first_line, "Die brug is van het gewest?")
    hands.do(first_line, "hand-overs", "Wegen" if language == "fr" else "Roads", "Nee, van ons", "Deze week nieuws")
    expect(first_line.locator(".toast")).to_be_visible(timeout=LATER)

    hands.list(roads, "team")
    hears(roads)
    hands.open(roads, roads.locator(".line-link", has_text="De brug"))
    hands.press(roads, "claim")
    expect(roads.locator("#do-release")).to_be_visible(timeout=LATER)
    expect(roads.locator("form[action$=returns] [name=reason]")).to_have_value("")  # that was sent
    hears(roads)
    hands.do(roads, "resolution", solved_by_roads)
    expect(roads.locator("#ticket-head .badge-resolved")).to_be_visible(timeout=LATER)

    hands.list(first_line, "handed")
    hears(first_line)
    expect(first_line.locator("li.line", has_text="De brug").locator(".badge-resolved")).to_be_visible(timeout=LATER)
    first_line.keyboard.press("l")
    expect(first_line.locator("#field-text")).to_be_focused(timeout=LATER)
    first_line.keyboard.type("Mag het loket ook op zaterdag?")
    hands.solve(first_line)
    expect(first_line.locator(".reference")).to_be_visible(timeout=LATER)

    sent = [each for each in town.smtp.wait_for(2, seconds=60) if "Welke brug" in each.message.as_string()]
    assert [each.recipients for each in sent] == [("roos@example.org",)]
    with Session() as session:
        ticket, call = session.query(Ticket).order_by(Ticket.id)
        assert call.outcome == "resolved_first_line"
        assert (ticket.outcome, ticket.cycle.first_response_at is not None) == ("resolved_back_office", True)
        path = [(each.queue_id, each.why) for each in ticket.segments]
    assert path == [
        ("onthaal", "routed"),
        ("wegen", "handed_over"),
        ("onthaal", "returned"),
        ("wegen", "handed_over"),
    ]


@pytest.mark.parametrize(("hands", "language"), [(Mouse(), "en"), (Keyboard(), "fr")], ids=["mouse, English", "keys, French"])
def test_two_agents_collide_and_the_network_breaks(town: Town, hands: Hands, language: str) -> None:
    anna = town.at_work(hands, "agent", "onthaal", name="Anna Claes", language=language)
    bram = town.at_work(hands, "agent", "onthaal", name="Bram Maes", language=language)
    chas = town.at_work(hands, "agent", "onthaal", name="Chas Wouters", language=language, hears_news=False)
    town.writes("De markt", "Is er zaterdag markt?")
    for page in (anna, bram):
        hands.open(page, page.locator(".line-link", has_text="De markt"))

    hands.write(anna, "answers", "#answer-text", "Ja, van acht tot twaalf.")
    anna.context.set_offline(True)
    expect(anna.locator("#offline")).to_be_visible(timeout=LATER)
    hands.list(chas, "team")
    hands.open(chas, chas.locator(".line-link", has_text="De markt"), news="off")
    hands.do(bram, "answers", "Neen, het is feestdag.")
    shows(bram, "Neen, het is feestdag.")
    hands.do(chas, "answers", "Wij kijken het na.")
    held(chas, "Wij kijken het na.", because="feestdag")
    hands.do(chas, "answers")
    shows(chas, "Wij kijken het na.")
    expect(chas.locator("#answer-text")).to_have_value("", timeout=LATER)

    anna.context.set_offline(False)
    shows(anna, "Neen, het is feestdag.")
    shows(anna, "Wij kijken het na.")
    expect(anna.locator("#offline")).to_be_hidden(timeout=LATER)
    expect(anna.locator("#answer-text")).to_have_value("Ja, van acht tot twaalf.")
    with Session() as session:
        answers = session.query(Message).filter_by(kind="answer").order_by(Message.id)
        assert [each.author_name for each in answers] == ["Bram Maes", "Chas Wouters"]


def held(page: Page, typed: str, *, because: str) -> None:
    """The answer was not sent: the page says so, keeps it, and marks what came meanwhile."""
    expect(page.get_by_role("alert").first).to_be_visible(timeout=LATER)
    expect(page.locator("#answer-text")).to_have_value(typed)
    expect(page.locator(".message-meanwhile")).to_contain_text(because)
