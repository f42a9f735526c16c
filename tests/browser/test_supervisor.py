"""The pages of a supervisor are free of barriers, also while much is wrong, in light and in dark, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from contact_hub import intake, mailboxes, rules_file, troubles
from contact_hub.arrivals import Tally
from contact_hub.database import Session, now
from contact_hub.intake import Unreadable
from tests import builders
from tests.browser.signing_in import sign_in
from tests.browser.test_accessibility import assert_open_to_all

PAGES = [
    "/figures",
    "/figures/bounce/tickets?part=rest&from=2026-11-23&to=2026-11-23",
    "/figures/flr/tickets?from=2020-01-01&to=2020-01-02",
    "/figures/backlog/tickets?age=0-1&door=email",
    "/counts",
    "/set-aside",
    "/rules",
    "/rules/editions/1",
]


@pytest.fixture
def desk(context: BrowserContext, hub: str, tmp_path: Path) -> Page:
    """Sofie is signed in; tickets came in, one mail is set aside, a mailbox is in trouble, and the rules file is broken."""
    broken = Unreadable("email", "broken", now(), "the parser gave up: ValueError", b"x", "message/rfc822")
    texts = ("pothole", "een vraag", "ombudsman", "belasting")
    intake.receive([builders.a_contact(message=text, received=now()) for text in texts], [broken], channel="email")
    rules = tmp_path / "rules.yaml"
    rules.write_text("format: 1\nnonsense: 2\n", "utf-8")
    with Session.begin() as session:
        sofie = builders.an_agent(session, "supervisor", name="Sofie Janssens")
        sofie.language = "en"
        ticket = builders.a_ticket(session, channel="phone", received=builders.MONDAY)
        ticket.resolve(by=sofie, outcome="resolved_first_line")
        builders.a_ticket(session, channel="phone", message="ombudsman", received=builders.MONDAY)
        mailbox = mailboxes.record_of(session, "info@mail.example/INBOX")
        mailbox.behind, mailbox.trouble = 7, troubles.SIGN_IN_REFUSED
        mailboxes.day_of(session, mailbox, now().date()).compare(4)
        session.add(Tally(channel="counter", day=now().date(), offered=2, taken=1))
        rules_file.follow(session, rules)
    page = context.new_page()
    sign_in(page, sofie)
    return page


def test_the_pages_of_supervisors(desk: Page) -> None:
    for path in PAGES:
        assert_open_to_all(desk, path)


def test_a_formula_opens_with_the_keyboard(desk: Page) -> None:
    desk.goto("/figures")
    desk.get_by_text("Ping-pong", exact=True).first.focus()
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("bounce@1")).to_be_visible()


def test_a_period_of_ones_own_is_shown(desk: Page) -> None:
    desk.goto("/figures")
    desk.get_by_label("From", exact=True).fill("2026-11-23")
    desk.get_by_label("to", exact=True).fill("2026-11-23")
    desk.get_by_role("button", name="Show").click()

    expect(desk.get_by_text("Contacts that came in from 23 Nov 2026 to 23 Nov 2026")).to_be_visible()


def test_a_number_leads_to_a_file_of_its_tickets(desk: Page) -> None:
    desk.goto("/figures/bounce/tickets?part=rest&from=2026-11-23&to=2026-11-23")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download as CSV").click()

    assert download.value.suggested_filename == "bounce-rest-2026-11-23-2026-11-23.csv"
