"""Ticked tickets and saved lists, as the page offers them."""

import re

import lxml.html
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from contact_hub import live
from contact_hub.database import Session
from contact_hub.people import Person
from contact_hub.tickets import Ticket
from tests import builders
from tests.web.conftest import Desk, SignIn
from workers import jobs


def come_in(number: int, **given: object) -> list[str]:
    with Session.begin() as session:
        contacts = [builders.a_contact(**given) for _ in range(number)]
        return [each.reference for each in builders.some_tickets(session, *contacts)]


def ticked(desk: Desk, references: list[str], **form: str) -> str:
    return str(sent(desk, references, **form).location)


def sent(desk: Desk, references: list[str], **form: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', desk.page("/desk/inbox"))
    assert found
    data = MultiDict([("csrf_token", found[1]), *form.items(), *(("ticket", each) for each in references)])
    return desk.client.post("/desk/bulk", data=data)


@pytest.mark.either_database
def test_ticked_tickets_are_handed_over_and_taken_back(reception: Desk, app: Flask) -> None:
    references = come_in(3, subject="De put")
    address = ticked(reception, references[:2], do="hand-over", to="wegen", reason="Hun straat", promise="deze week")

    page = reception.page(address)
    assert "2 tickets done." in page
    assert all(f">{each}</span> De put" in page for each in references[:2])
    with Session() as session:
        assert sorted(ticket.queue_id for ticket in session.query(Ticket)) == ["onthaal", "wegen", "wegen"]
    reception.post(address.split("?")[0] + "/undo")
    assert "2 tickets are as they were." in reception.page(address)


def test_all_of_a_list_is_a_workers_and_shows_how_far_it_is(reception: Desk, app: Flask, news: live.Silence) -> None:
    come_in(25, subject="De markt")
    come_in(1, subject="Iets anders")
    address = ticked(reception, [], all="yes", view="open", q="markt", do="tag", add="markt")

    assert "do_bulk" in news.woken
    assert '<progress id="bulk-progress" max="25" value="0">' in reception.page(address)
    jobs.do_bulk()
    assert "25 tickets done." in reception.page(address)
    with Session() as session:
        assert sum("markt" in ticket.tags for ticket in session.query(Ticket)) == 25


@pytest.mark.either_database
def test_tickets_passed_on_together_keep_the_reference_elsewhere_until_that_is_undone(reception: Desk, app: Flask) -> None:
    assert 'name="elsewhere"' in reception.page("/desk/bulk/choices")
    references = come_in(2)
    form = {"do": "resolve", "outcome": "informed_external", "elsewhere": "Fluvius FLV-77120"}
    address = ticked(reception, references, **form)
    assert all("reference there: Fluvius FLV-77120" in reception.page(f"/tickets/{each}") for each in references)
    assert all(each in reception.page("/desk/search?q=FLV-77120") for each in references)

    reception.post(address.split("?")[0] + "/undo")

    assert not any("FLV-77120" in reception.page(f"/tickets/{each}") for each in references)
    assert not any(each in reception.page("/desk/search?q=FLV-77120") for each in references)


@pytest.mark.either_database
def test_what_is_left_as_it_was_says_why(reception: Desk, app: Flask) -> None:
    references = come_in(2)
    reception.post(f"/tickets/{references[0]}/resolution", outcome="spam")

    page = reception.page(ticked(reception, references, do="resolve", outcome="duplicate"))

    assert "1 ticket done." in page
    assert "<h1>Resolved (1)</h1>" in page
    assert "This ticket is resolved already." in page


@pytest.mark.either_database
def test_a_refusal_leads_back_to_the_list_and_says_why(reception: Desk, app: Flask) -> None:
    come_in(1)
    address = ticked(reception, [], do="tag", add="x", view="open", door="email")

    assert address == "/desk/inbox?view=open&door=email"
    assert "Tick at least one ticket." in reception.page(address)


@pytest.mark.either_database
def test_what_is_missing_is_asked_beside_its_field_with_ticks_and_words_kept(reception: Desk, app: Flask) -> None:
    both, other = come_in(2), come_in(1)[0]
    answer = sent(reception, both, do="hand-over", to="wegen", reason="Hun straat", promise=" ", view="open")

    assert answer.status_code == 409
    page = lxml.html.fromstring(answer.text)
    boxes = {box.get("value"): box.get("checked") is not None for box in page.find_class("line-tick")}
    assert boxes == {**dict.fromkeys(both, True), other: False}
    assert page.get_element_by_id("bulk-to").value == "wegen"
    assert page.get_element_by_id("bulk-reason").value == "Hun straat"
    promise = page.get_element_by_id("bulk-promise")
    assert promise.get("required") is not None
    assert "Say what you promised" in page.get_element_by_id(promise.get("aria-describedby")).text
    assert [each.find("summary").text for each in page.xpath("//details[@open and .//input[@id='bulk-promise']]")] == [
        "Hand over"
    ]
    assert page.get_element_by_id("inbox").get("data-address") == "/desk/inbox?view=open"


@pytest.mark.either_database
def test_nobody_touches_or_looks_at_what_is_not_theirs(reception: Desk, app: Flask, sign_in: SignIn) -> None:
    secret = come_in(1, message="ombudsman")
    assert "/desk/inbox" in ticked(reception, secret, do="tag", add="x")
    address = ticked(reception, come_in(1), do="tag", add="x")
    assert sign_in().get(address).status_code == 404


def test_a_list_is_saved_for_oneself_a_team_or_everybody(reception: Desk, app: Flask, sign_in: SignIn) -> None:
    come_in(2, subject="De markt")
    mate, stranger = sign_in("agent", "onthaal"), sign_in("back_office", "wegen")
    supervisor = sign_in("supervisor")
    reception.post("/desk/views", name="Mijn markt", view="open", q="markt")
    reception.post("/desk/views", name="Onze markt", view="open", q="markt", shared="team:onthaal")
    supervisor.post("/desk/views", name="Ieders markt", view="open", q="markt", shared="all")
    supervisor.post("/desk/views", name="Dezelfde markt", view="open", q="markt", shared="all")
    assert "as “Ieders markt”" in supervisor.page("/desk/inbox")

    def names(desk: Desk) -> list[str]:
        return [name for name in ("Mijn markt", "Onze markt", "Ieders markt") if name in desk.page("/desk/inbox")]

    assert names(reception) == ["Mijn markt", "Onze markt", "Ieders markt"]
    assert "Dezelfde markt" not in reception.page("/desk/inbox")
    assert names(mate) == ["Onze markt", "Ieders markt"]
    assert names(stranger) == ["Ieders markt"]
    page = reception.page("/desk/inbox/counts?view=open&q=markt")
    assert re.search(r"<span>Mijn markt</span> <span class=\"count\">2</span>", page)
    rail = lxml.html.fromstring(page).get_element_by_id("rail-body")
    [shown] = rail.xpath(".//*[@aria-current]")
    assert "markt" in shown.text_content()
    beside = stranger.page("/desk/inbox/counts?view=open&q=markt")
    assert not re.search(r"<span>Ieders markt</span> <span class=\"count\">", beside)


def test_nobody_shares_beyond_their_teams_or_changes_anothers_list(reception: Desk, app: Flask, sign_in: SignIn) -> None:
    for shared in ("all", "team:wegen", "team:"):
        reception.post("/desk/views", name="Gedeeld", view="open", shared=shared)
    reception.post("/desk/views", name=" ", view="open")
    assert "Gedeeld" not in reception.page("/desk/inbox")

    reception.post("/desk/views", name="Mijn lijst", view="open", door="phone")
    sign_in("supervisor").post("/desk/views/1", do="forget")
    assert "Mijn lijst" in reception.page("/desk/inbox")
    reception.post("/desk/views/1", name="Telefoons")
    assert "Telefoons" in reception.page("/desk/inbox")
    reception.post("/desk/views/1", do="forget")
    assert "Telefoons" not in reception.page("/desk/inbox")


def test_a_list_of_one_person_names_them_to_who_may_know(reception: Desk, app: Flask, sign_in: SignIn) -> None:
    [reference] = come_in(1, sender_name="Roos Peeters")
    come_in(1, sender_name="Jan Claes")
    with Session() as session:
        number = session.query(Person).filter_by(name="Roos Peeters").one().id
    page = reception.page(f"/desk/inbox?view=open&person={number}")
    assert "Person: Roos Peeters" in page
    assert "Jan Claes" not in page
    assert f'data-ticket="{reference}"' in page
    assert "Roos" not in sign_in("back_office", "wegen").page(f"/desk/inbox?view=open&person={number}")


@pytest.mark.either_database
def test_supervisors_find_what_was_set_aside_beside_the_lists(sign_in: SignIn) -> None:
    assert 'id="view-set-aside"' in sign_in("supervisor").page("/desk/inbox")
    assert 'id="view-set-aside"' not in sign_in("agent").page("/desk/inbox")
