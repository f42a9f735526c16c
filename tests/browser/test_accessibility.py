"""States that pages must be brought to are free of the barriers that axe-core finds, in light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Page

from contact_hub import live, tickets
from contact_hub.contact import Attachment
from contact_hub.outbox import Outgoing
from contact_hub.queues import Queue
from tests import builders
from tests.browser.conftest import barriers

FILE = Attachment("plan.pdf", "application/pdf", b"%PDF")


@pytest.fixture
def busy(desk: Page, agent: object) -> str:
    """A desk with work on it; gives the reference of a ticket in which everything happened."""
    with live.change() as session:
        for subject in ("gevaar op straat", "een vraag " * 20, "een pothole", "belasting"):
            builders.a_ticket(session, subject=subject, received=builders.MONDAY)
        ticket = builders.a_ticket(
            session, subject="pothole", quoted="> eerder", attachments=(FILE,), fields={"straat": "Molenweg"}, channel="webform"
        )
        reference = ticket.reference
    with live.change() as session:
        found = tickets.find(session, reference, to_change=True)
        assert found
        found.hand_over(to=session.get_one(Queue, "onthaal"), by=agent, because="Niet van ons", promise="morgen")  # type: ignore[arg-type]
        for mail in session.query(Outgoing):
            mail.attempts = 1
            mail.mark_refused("550 nobody here", for_good=True)
    return reference


def test_a_list_that_is_narrowed_down(desk: Page, busy: str) -> None:
    for width in (1280, 390):
        desk.set_viewport_size({"width": width, "height": 800})
        desk.goto("/desk/inbox?view=open&q=vraag&priority=normal")
        desk.get_by_text("Narrow down").click()
        desk.get_by_label("Topic").wait_for()
        assert barriers(desk) == []
        box = desk.locator("#narrowing .menu-body").bounding_box()
        assert box
        assert 0 <= box["x"] <= width - box["width"]
    assert_open_to_all(desk, "/desk/inbox?view=open&q=vraag&priority=normal")


def test_the_inbox_of_a_queue_that_shows_its_state_alone(desk: Page, busy: str) -> None:
    assert_open_to_all(desk, "/desk/inbox?queue=belastingen&view=open")


def test_an_empty_inbox(desk: Page) -> None:
    assert_open_to_all(desk, "/desk/inbox?view=mine")


def test_a_ticket_with_everything_in_it(desk: Page, busy: str) -> None:
    desk.goto(f"/tickets/{busy}")
    all_unfolded(desk)
    assert barriers(desk) == []
    assert_open_to_all(desk, f"/tickets/{busy}")


def all_unfolded(page: Page) -> None:
    """Also what otherwise folds when its neighbour opens."""
    page.locator(".desk-work").evaluate("each => { each.style.position = 'static'; }")  # one form is open there at a time
    for part in page.locator("details").all():
        part.evaluate("each => { each.removeAttribute('name'); each.open = true; }")


def test_a_resolved_ticket(desk: Page, busy: str) -> None:
    with live.change() as session:
        ticket = tickets.find(session, busy, to_change=True)
        assert ticket
        ticket.resolve(by=None, outcome="duplicate")
    assert_open_to_all(desk, f"/tickets/{busy}")


def test_high_contrast_and_twice_the_size(desk: Page, busy: str) -> None:
    desk.emulate_media(contrast="more")
    desk.set_viewport_size({"width": 640, "height": 400})  # what 1280 by 800 leaves at 200 %
    for path in ("/desk/inbox?view=open", f"/tickets/{busy}", "/calls/new", "/desk/search?q=vraag"):
        desk.goto(path)
        assert barriers(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path


def assert_open_to_all(page: Page, path: str) -> None:
    """At each width it is loaded anew: on a narrow screen the desk folds some of its parts away when it begins."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        assert barriers(page) == []
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"
