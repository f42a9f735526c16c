"""The log of calls in a real browser: by keyboard alone, on any screen, free of barriers."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from contact_hub.calls import HalfWritten
from contact_hub.database import Session, reading
from contact_hub.tickets import Ticket
from tests.browser.conftest import barriers
from tests.browser.test_desk import hears
from tests.builders import a_ticket


def test_a_call_is_logged_by_keyboard_alone(desk: Page) -> None:
    desk.goto("/desk")
    desk.get_by_role("link", name="Log a call").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("What is the question?")).to_be_focused()
    desk.keyboard.type("Is the desk open on Saturday?")
    for typed in ("Roos", "014 00 00 03", ""):
        desk.keyboard.press("Tab")
        desk.keyboard.type(typed)
    desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_label("Solved now")).to_be_checked()
    expect(desk.get_by_label("How did it end?")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
    assert (ticket.status, ticket.outcome) == ("resolved", "resolved_first_line")
    expect(desk.locator(".reference")).to_have_text(ticket.reference)
    expect(desk.get_by_role("link", name="Log the next one")).to_be_focused()


def test_only_what_belongs_to_the_choice_is_asked(desk: Page) -> None:
    desk.goto("/calls/new")
    expect(desk.get_by_label("To which queue?")).to_be_hidden()
    desk.get_by_label("Hand over").check()
    expect(desk.get_by_label("To which queue?")).to_be_visible()
    expect(desk.get_by_label("How did it end?")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_log_has_no_barriers(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto("/calls/new")
    assert barriers(desk) == []
    desk.get_by_label("Hand over").check()
    desk.get_by_role("button", name="Log it", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("Something is missing")
    expect(desk.get_by_role("alert")).to_be_focused()
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_label("What is the question?").fill("A question")
    desk.get_by_label("Solved now").check()
    desk.get_by_role("button", name="Log it", exact=True).click()
    expect(desk.locator(".reference")).to_be_visible()
    assert barriers(desk) == []


class Fingers:
    """Counts the keys that somebody presses; the letters of the question itself, which `writes` types, are not among them."""

    def __init__(self, desk: Page) -> None:
        self._desk, self.keys = desk, 0

    def press(self, *keys: str) -> None:
        """Each is one key."""
        for key in keys:
            self._desk.keyboard.press(key)
        self.keys += len(keys)

    def writes(self, text: str) -> None:
        """What the citizen says."""
        self._desk.keyboard.type(text)


def test_a_known_caller_with_a_solved_question_takes_at_most_25_keys_beside_the_text(desk: Page) -> None:
    desk.goto("/desk")
    with Session.begin() as session:
        earlier = a_ticket(session, channel="phone", sender="014 00 00 03", sender_name="Roos Peeters")
    hand = Fingers(desk)
    hears(desk)
    hand.press("l")
    expect(desk.get_by_label("What is the question?")).to_be_focused()
    hand.writes("Is the desk open on Saturday?")
    hand.press("Tab", *"peet")
    expect(desk.get_by_role("button", name="Roos Peeters")).to_be_visible()
    hand.press("ArrowDown", "Enter")
    expect(desk.get_by_label("Number or e-mail address")).to_have_value("+3214000003")
    expect(desk.get_by_label("Topic")).to_be_focused()
    hand.press(*"open")
    expect(desk.get_by_role("option", name="Opening hours")).to_be_visible()
    hand.press("Enter", "Tab", "ArrowDown", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        call = session.scalars(select(Ticket).where(Ticket.id != earlier.id)).one()
    assert (call.status, call.person_id, call.topic_id) == ("resolved", earlier.person_id, "openingsuren")
    assert hand.keys <= 25


def test_a_visit_takes_at_most_25_keys_beside_the_text(desk: Page) -> None:
    desk.goto("/desk")
    hand = Fingers(desk)
    hears(desk)
    hand.press("v")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Log a visit")
    expect(desk.get_by_label("Number or e-mail address")).to_be_hidden()
    expect(desk.get_by_label("What is the question?")).to_be_focused()
    hand.writes("Needs a certificate of residence")
    hand.press("Tab", "Tab")
    expect(desk.get_by_label("Delivered on the spot")).to_be_focused()
    hand.writes("Certificate of residence")
    hand.press("Tab", *"open")
    expect(desk.get_by_role("option", name="Opening hours")).to_be_visible()
    hand.press("Enter", "Tab", "ArrowDown", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        visit = session.scalars(select(Ticket)).one()
    assert (visit.channel, visit.status, visit.person_id) == ("counter", "resolved", None)
    assert hand.keys <= 25
    hand.press("v")
    desk.get_by_label("Call back").check()
    expect(desk.get_by_label("Number or e-mail address")).to_be_visible()


def test_a_topic_is_found_by_words_of_any_language_and_chosen_in_ones_own(desk: Page) -> None:
    desk.goto("/calls/new")
    topic = desk.get_by_label("Topic")
    topic.press_sequentially("ouvert")
    expect(desk.get_by_role("listbox").get_by_role("option")).to_contain_text("Opening hours")
    topic.press("Tab")
    expect(topic).to_have_value("Opening hours")


def test_a_call_typed_over_a_broken_line_is_kept_told_and_logged_when_the_line_is_back(desk: Page) -> None:
    desk.goto("/calls/new")
    hears(desk)
    question = desk.get_by_label("What is the question?")
    desk.context.set_offline(True)
    question.fill("Who pays for the bent lamp post?")
    desk.get_by_label("Solved now").check()
    expect(desk.get_by_text("your draft is kept in this browser alone")).to_be_visible()
    desk.get_by_role("button", name="Log it", exact=True).click()
    expect(desk.get_by_text("Nothing was sent, and what you typed is still here.")).to_be_visible()
    expect(question).to_have_value("Who pays for the bent lamp post?")
    desk.context.set_offline(False)
    desk.get_by_role("button", name="Log it", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        assert session.scalars(select(Ticket)).one().status == "resolved"
        assert session.scalars(select(HalfWritten)).all() == []
    assert desk.evaluate("Object.keys(localStorage).length") == 0


def test_a_page_that_was_closed_while_the_line_was_broken_loses_no_question(desk: Page) -> None:
    desk.goto("/calls/new")
    desk.get_by_label("What is the question?").fill("Is there a market on Saturday?")
    desk.get_by_label("Name").fill("Roos")
    desk.get_by_role("button", name="Log it, and another question").click()
    expect(desk.get_by_text("The question before is logged as")).to_be_visible()
    desk.context.set_offline(True)
    desk.get_by_label("What is the question?").fill("Who pays for the bent lamp post?")
    expect(desk.get_by_text("your draft is kept in this browser alone")).to_be_visible()
    other = desk.context.new_page()
    desk.close()
    other.context.set_offline(False)
    other.goto("/calls/new")
    other.get_by_text("1 call half written down").click()
    other.get_by_role("link", name="Who pays for the bent lamp post?").click()
    expect(other.get_by_label("What is the question?")).to_have_value("Who pays for the bent lamp post?")
    other.get_by_role("button", name="Log it", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Logged")
    with reading() as session:
        one, two = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert two.linked_to_id == one.id


def test_what_is_offered_again_stays_unfolded_while_it_is_told_once_more(desk: Page) -> None:
    held: list[Route] = []

    def keep_back(route: Route) -> None:
        """The first answer is lost on its way, the next question waits."""
        if route.request.method != "PUT":
            return route.continue_()
        if held:
            return held.append(route)
        held.append(route)
        route.fetch()
        return route.abort()

    desk.route("**/calls/half-written*", keep_back)
    desk.goto("/calls/new")
    with desk.expect_event("requestfailed"):
        desk.get_by_label("What is the question?").fill("Who pays for the bent lamp post?")
    with desk.expect_request(lambda request: request.method == "PUT"):
        desk.goto("/calls/new")
    offered = desk.get_by_text("1 call half written down")
    offered.focus()
    offered.press("Enter")
    with desk.expect_response(lambda response: response.request.method == "GET"):
        held[-1].continue_()
    expect(desk.get_by_role("link", name="Who pays for the bent lamp post?")).to_be_visible()
    expect(offered).to_be_focused()


def test_what_was_typed_before_the_page_was_lost_is_offered_again(desk: Page) -> None:
    desk.goto("/calls/new")
    with desk.expect_response("**/calls/half-written"):
        desk.get_by_label("What is the question?").fill("Who pays for the bent lamp post?")
    desk.goto("/calls/new")
    desk.get_by_text("1 call half written down").click()
    desk.get_by_role("link", name="Who pays for the bent lamp post?").click()
    expect(desk.get_by_label("What is the question?")).to_have_value("Who pays for the bent lamp post?")
