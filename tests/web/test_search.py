"""The search page: what is found, with its passage, for those who see it, and operators that narrow it down."""

import re

import pytest
from flask import Flask

from contact_hub.database import Session
from contact_hub.tickets import Ticket
from tests import builders
from tests.web.conftest import Desk, SignIn


def came_in(**given: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, **given).reference


def found(desk: Desk, typed: str) -> list[str]:
    page = desk.get(f"/desk/search?q={typed.replace(' ', '+')}").text
    return re.findall(r'found-link" id="line-([^"]+)"', page)


def test_a_ticket_is_found_with_the_passage_that_holds_the_words(reception: Desk, app: Flask) -> None:
    came_in(subject="Een vraag", message="Gisteren viel er <b>een tak</b> van de kastanje op de Markt.")

    page = reception.page("/desk/search?q=kastanjes+tak")

    assert "&lt;b&gt;een <mark>tak</mark>&lt;/b&gt; van de <mark>kastanje</mark>" in page


def test_nobody_finds_what_they_do_not_see_whole(reception: Desk, app: Flask, sign_in: SignIn) -> None:
    came_in(subject="Kastanje", message="ombudsman")
    came_in(subject="Kastanje", message="belasting")
    assert found(reception, "kastanje") == []
    assert "Kastanje" not in reception.page("/desk/search?q=ombudsman").replace('value="ombudsman"', "")
    assert len(found(sign_in("back_office", "ombuds"), "kastanje")) == 1


def test_a_reference_leads_straight_to_its_ticket_unless_it_is_out_of_sight(reception: Desk, app: Flask) -> None:
    seen, hidden = came_in(), came_in(message="ombudsman")

    assert reception.client.get(f"/desk/search?q={seen.lower()}").location == f"/tickets/{seen}"
    assert "Nothing found" in reception.page(f"/desk/search?q={hidden}")


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("queue:roads", True),
        ("queue:wegen", True),
        ("-queue:wegen", False),
        ("from:roos", True),
        ("from:peeters", True),
        ("from:roos@example.org", True),
        ("from:jan", False),
        ("is:open", True),
        ("is:new is:unread is:unassigned", True),
        ("is:resolved", False),
        ("is:mine", False),
        ("door:email", True),
        ("door:phone", False),
        ("topic:put", True),
        ('topic:"put in"', True),
        ("priority:normal", True),
        ("before:2026-11-23", False),
        ("after:2026-11-23", True),
        ("before:2026-11-24 after:2026-11-23", True),
        ("on:2026-11-23", True),
        ("on:2026-11-24", False),
        ("lang:nl", True),
        ("language:fr", False),
        ("to:loket@lindervelde.example", True),
        ("to:LOKET@", True),
        ("to:roos@example.org", True),
        ("to:jan@example.org", False),
        ("owner:anna", False),
        ("is:confidential", False),
        ("-is:confidential Queue:Roads", True),
        ("has:attachment", False),
        ("-has:attachment", True),
        ("brug queue:roads from:roos", True),
        ("fontein queue:roads", False),
    ],
)
def test_operators_narrow_down(reception: Desk, app: Flask, typed: str, fits: bool) -> None:
    reference = came_in(
        subject="Pothole bij de brug",
        message="Een put in de weg",
        sender="roos@example.org",
        language="nl",
        recipients=("loket@lindervelde.example",),
    )

    assert found(reception, typed) == ([reference] if fits else [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("queue:moon", "No queue in your sight is called “moon”."),
        ("queue:ombuds", "No queue in your sight is called “ombuds”."),
        ("topic:moon", "No topic is called “moon”."),
        ("is:gone", "“is:” takes one of: open, new,"),
        ("door:window", "“door:” takes one of: email,"),
        ("owner:nobody", "No colleague is called “nobody”."),
        ("lang:it", "“lang:” takes one of: nl,"),
        ("has:wheels", "“has:” takes one of: attachment."),
        ("queue:", "Write behind “queue:” what you look for."),
        ("brug on:", "Write behind “on:” what you look for."),
        ("on:2026-13-01", "“2026-13-01” is no day. Write it as 2026-11-24."),
        ("before:monday", "“monday” is no day. Write it as 2026-11-24."),
    ],
)
def test_a_mistake_in_an_operator_finds_nothing_and_says_what_would_be_right(
    reception: Desk, app: Flask, typed: str, said: str
) -> None:
    came_in()
    page = reception.page(f"/desk/search?q={typed}")
    assert said in page
    assert found(reception, typed) == []


def test_an_unknown_operator_is_taken_as_words(reception: Desk, app: Flask) -> None:
    reference = came_in(message="Ref:4711 van de brug")
    assert found(reception, "ref:4711") == [reference]
    assert "There is no “ref:”." in reception.page("/desk/search?q=ref:4711")


def test_more_than_a_page_is_reached_page_by_page(reception: Desk, app: Flask) -> None:
    with Session.begin() as session:
        builders.some_tickets(session, *(builders.a_contact(message="kastanje") for _ in range(23)))
        newest_first = [ticket.reference for ticket in session.query(Ticket).order_by(Ticket.id.desc())]
    first = reception.page("/desk/search?q=kastanje")
    onward = re.search(r'href="([^"]+)" id="pager-next"', first)
    assert onward
    second = reception.page(onward[1].replace("&amp;", "&"))

    shown = [reference for page in (first, second) for reference in re.findall(r'found-link" id="line-([^"]+)"', page)]
    assert shown == newest_first
    assert "pager-next" not in second


@pytest.mark.parametrize("typed", ["%", "\\", "'", "a:b:c", "queue:", '"', "after:~", "x" * 500])
def test_whatever_is_typed_is_answered(reception: Desk, app: Flask, typed: str) -> None:
    assert reception.client.get("/desk/search", query_string={"q": typed}).status_code == 200


def test_an_owner_is_found_by_a_part_of_the_name_and_an_answer_by_whom_it_went_to(reception: Desk, app: Flask) -> None:
    mine, other = came_in(sender="roos@example.org"), came_in(sender="jan@example.org")
    reception.post(f"/tickets/{mine}/claim")
    assert found(reception, "owner:claes") == found(reception, 'owner:"Anna Claes"') == found(reception, "is:mine") == [mine]
    assert found(reception, "-owner:anna") == [other] or found(reception, "is:unassigned") == [other]


def test_what_a_rule_made_confidential_is_found_as_such_by_those_who_see_it(reception: Desk, app: Flask) -> None:
    came_in(message="Een vraag")
    discreet = came_in(message="Een vraag, discreet")
    assert found(reception, "is:confidential vraag") == [discreet]
