"""The inbox: what stands where, and how it pages."""

import re
from datetime import timedelta

from contact_hub.database import Session
from contact_hub.web import listing
from tests import builders
from tests.web.conftest import Desk, SignIn


def references(page: str) -> list[str]:
    return re.findall(r'<li class="line[^"]*" data-ticket="([^"]+)"', page)


def tickets(number: int, **contact: object) -> list[str]:
    with Session.begin() as session:
        return [builders.a_ticket(session, **contact).reference for _ in range(number)]


def test_a_day_begins_with_the_own_queues(sign_in: SignIn) -> None:
    own, other = tickets(1)[0], tickets(1, subject="boom")[0]
    assert references(sign_in("agent", "onthaal").page("/desk")) == [own]
    assert set(references(sign_in("supervisor").page("/desk"))) == {own, other}


def test_urgent_comes_first_then_what_is_due_first(sign_in: SignIn) -> None:
    later = tickets(1, received=builders.MONDAY + timedelta(days=7))[0]
    sooner = tickets(1)[0]
    urgent = tickets(1, subject="gevaar", received=builders.MONDAY + timedelta(days=30))[0]
    assert references(sign_in("supervisor").page("/desk/inbox?view=open")) == [urgent, sooner, later]


def test_paging_shows_every_ticket_once_also_those_that_are_never_due(sign_in: SignIn) -> None:
    with Session.begin() as session:
        everything = [builders.a_ticket(session, subject=("boom", "vraag", "gevaar")[n % 3]).reference for n in range(120)]
    desk = sign_in("supervisor")
    assert sorted(walked(desk, "/desk/inbox?view=open")) == sorted(everything)


def test_resolved_tickets_page_from_the_newest_on(sign_in: SignIn) -> None:
    with Session.begin() as session:
        everything = [builders.a_ticket(session) for _ in range(listing.PAGE + 3)]
        for ticket in everything:
            ticket.resolve(by=None, outcome="resolved_first_line")
    assert walked(sign_in("supervisor"), "/desk/inbox?view=resolved") == [ticket.reference for ticket in reversed(everything)]


def walked(desk: Desk, path: str) -> list[str]:
    """All the references from here to the last page."""
    page = desk.page(path)
    onward = re.search(r'href="([^"]+)" id="pager-next"', page)
    rest = walked(desk, onward[1].replace("&amp;", "&")) if onward else []
    return references(page) + rest


def test_a_made_up_place_in_the_list_is_its_beginning(sign_in: SignIn) -> None:
    own = tickets(1)
    desk = sign_in("agent", "onthaal")
    for place in ("x", "1~2~3", "9~2026-01-01~5", "1~2026-01-01T00:00:00+00:00~99999999999999"):
        assert references(desk.get("/desk/inbox", query_string={"after": place}).text) == own


def test_the_address_holds_the_filters(sign_in: SignIn) -> None:
    mail = tickets(1)[0]
    called = tickets(1, channel="phone", sender="")[0]
    desk = sign_in("agent", "onthaal")
    assert references(desk.page("/desk/inbox?queue=onthaal&door=phone")) == [called]
    desk.post(f"/tickets/{mail}/claim")
    assert references(desk.page("/desk/inbox?view=mine")) == [mail]
    assert references(desk.page("/desk/inbox?view=unassigned")) == [called]


def test_counts_are_those_of_the_list(sign_in: SignIn) -> None:
    tickets(3)
    tickets(2, subject="boom")
    page = sign_in("agent", "onthaal").page("/desk/inbox")
    counted = dict(re.findall(r'id="(?:view|queue)-(\w+)"[^<]*(?:<(?!/a)[^<]*)*?class="count">(\d+)<', page))
    assert counted["team"] == "3"
    assert counted["open"] == "5"
    assert counted["mine"] == "0"
    assert counted["groen"] == "2"


def test_an_empty_desk_says_so(sign_in: SignIn) -> None:
    assert "Nothing is waiting here" in sign_in("agent", "onthaal").page("/desk/inbox")


def test_what_a_citizen_wrote_never_becomes_part_of_the_page(sign_in: SignIn) -> None:
    reference = tickets(1, subject="<script>alert(1)</script>", message="<img src=x onerror=alert(2)>")[0]
    desk = sign_in("agent", "onthaal")
    for page in (desk.page("/desk/inbox"), desk.page(f"/tickets/{reference}")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
