"""An agent logs a call while it is there: one transaction, one contact, whatever the agent's fingers do."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from contact_hub import intake
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact, Tally
from contact_hub.calls import CallBack, HalfWritten, LoggedCall
from contact_hub.database import Session, now, reading
from contact_hub.history import Segment, StoredDecision
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.application import signed_in, submit, values
from tests.builders import a_contact, an_agent

NEW = "/calls/new"
CALL = {"text": "Er is een put in de weg voor de school.", "name": "Roos Peeters", "address": "014 00 00 03"}


@pytest.fixture
def agent(app: Flask) -> Agent:
    with Session.begin() as session:
        return an_agent(session, "agent", "onthaal")


@pytest.fixture
def desk(app: Flask, agent: Agent) -> FlaskClient:
    """The browser of somebody who takes calls."""
    return signed_in(app, agent)


def log(desk: FlaskClient, **call: str):
    return submit(desk, desk.get(NEW), "/calls", **CALL | call)


def the_ticket() -> Ticket:
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        _ = ticket.segments, ticket.owner
        return ticket


def test_a_call_left_to_the_rules_is_routed_as_any_contact(desk: FlaskClient) -> None:
    answer = log(desk)
    ticket = the_ticket()
    assert (ticket.channel, ticket.queue_id, ticket.status, ticket.topic_id) == ("phone", "wegen", "new", "put")
    assert ticket.reference in desk.get(answer.location).text
    with reading() as session:
        contact = session.scalars(select(TakenContact)).one()
        assert (contact.sender_name, contact.person.addresses[0].value) == ("Roos Peeters", "+3214000003")


def test_a_call_passed_on_to_another_authority_keeps_the_reference_there(desk: FlaskClient) -> None:
    log(desk, settlement="solved", outcome="informed_external", elsewhere="Fluvius 2026-77")
    ticket = the_ticket()
    assert (ticket.status, ticket.outcome) == ("resolved", "informed_external")
    with reading() as session:
        assert "Fluvius 2026-77" in session.scalars(select(Message.text).where(Message.kind == "note")).one()


def test_a_call_solved_on_the_spot_counts_as_solved_at_first_line_wherever_the_rules_point(
    desk: FlaskClient, agent: Agent
) -> None:
    log(desk, settlement="solved", outcome="resolved_first_line")
    ticket = the_ticket()
    assert (ticket.status, ticket.outcome, ticket.owner_id) == ("resolved", "resolved_first_line", agent.id)
    assert [segment.queue_id for segment in ticket.segments] == ["onthaal"]
    with reading() as session:
        assert session.scalars(select(StoredDecision.queue_id)).one() == "wegen"


def test_a_call_handed_over_went_from_the_front_office_with_its_reason(desk: FlaskClient, agent: Agent) -> None:
    log(desk, settlement="hand_over", queue="groen", because="De wortels van een boom", promise="u hoort van ons")
    ticket = the_ticket()
    assert (ticket.queue_id, ticket.status, ticket.owner_id) == ("groen", "new", None)
    assert [(each.queue_id, each.why, each.reason) for each in ticket.segments] == [
        ("onthaal", "kept", ""),
        ("groen", "handed_over", "De wortels van een boom"),
    ]
    assert ticket.segments[0].agent_id == agent.id


def test_a_double_press_is_one_call(desk: FlaskClient) -> None:
    page = desk.get(NEW)
    first, second = (submit(desk, page, "/calls", **CALL, settlement="solved") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert the_ticket().reference in desk.get(second.location).text
    with reading() as session:
        tally = session.scalars(select(Tally)).one()
        assert (tally.channel, tally.offered, tally.taken, tally.known, tally.missing) == ("phone", 2, 1, 1, 0)


def test_a_visit_to_the_counter_comes_in_by_its_own_door(desk: FlaskClient) -> None:
    log(desk, channel="counter", name="", address="")
    assert the_ticket().channel == "counter"
    assert the_ticket().person_id is None


def test_a_visit_says_what_was_delivered_on_the_spot(desk: FlaskClient) -> None:
    log(desk, channel="counter", address="", delivered="Uittreksel uit het bevolkingsregister", settlement="solved")
    page = desk.get(f"/tickets/{the_ticket().reference}").text
    assert "Uittreksel uit het bevolkingsregister" in page
    assert "Ter plaatse afgegeven" in page


def test_a_call_delivers_nothing_on_the_spot(desk: FlaskClient) -> None:
    log(desk, delivered="left over from the counter")
    assert "left over" not in desk.get(f"/tickets/{the_ticket().reference}").text


@pytest.mark.either_database
def test_the_topic_is_found_by_its_name_or_refused(desk: FlaskClient) -> None:
    assert log(desk, topic="no such topic").status_code == 422
    assert log(desk, text="Een vraag", topic="openingsuren").status_code == 303
    assert the_ticket().topic_id == "openingsuren"


@pytest.mark.either_database
@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "x" * 10_001},
        {"address": "12"},
        {"settlement": "hand_over"},
        {"settlement": "hand_over", "queue": "groen"},
        {"settlement": "hand_over", "queue": "groen", "because": "a reason"},
        {"settlement": "hand_over", "because": "a reason", "promise": "a word"},
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: FlaskClient, wrong: dict[str, str]) -> None:
    answer = log(desk, **wrong)
    assert answer.status_code == 422
    assert "Roos Peeters" in answer.text
    with reading() as session:
        assert session.scalars(select(Ticket)).all() == []


@pytest.mark.either_database
def test_what_is_refused_leaves_nothing_behind(desk: FlaskClient) -> None:
    answer = log(desk, text="De ombudsman moet dit weten", settlement="solved")
    assert answer.status_code == 409
    assert "De ombudsman moet dit weten" in answer.text
    with reading() as session:
        assert session.scalars(select(Ticket)).all() == []
        assert session.scalars(select(Segment)).all() == []


@pytest.mark.either_database
def test_only_people_who_work_here_log_calls(app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.get(NEW).status_code == 302
    assert stranger.post("/calls", data=CALL).status_code in {302, 400}
    assert stranger.get("/calls/logged").status_code == 302


@pytest.mark.either_database
def test_a_receipt_can_not_be_made_up(desk: FlaskClient) -> None:
    assert desk.get("/calls/logged?r=26-000001-K").status_code == 404
    assert submit(desk, desk.get(NEW), "/calls", **CALL, call="made up").status_code == 400


def known_caller(*, queue: str = "onthaal", name: str = "Roos Peeters", number: str = "014 00 00 03") -> Ticket:
    """An open ticket of somebody who called before."""
    with Session.begin() as session:
        contact = a_contact(
            channel="phone", external_id=name, sender=number, sender_name=name, message="Mijn vraag van gisteren"
        )
        ticket = intake.take_in(session, [contact])[0].ticket
        ticket.queue_id = queue
        return ticket


def part(desk: FlaskClient, page: TestResponse, action: str, **typed: str) -> TestResponse:
    """What the log's form is posted to beside its own place, while one types."""
    return desk.post(action, data=values(page.text, "/calls") | typed)


def keep(desk: FlaskClient, page: TestResponse, **typed: str) -> TestResponse:
    return desk.put("/calls/half-written", data=values(page.text, "/calls") | typed)


def who(desk: FlaskClient, **typed: str) -> str:
    return part(desk, desk.get(NEW), "/calls/callers", **typed).text


@pytest.mark.parametrize("typed", [{"name": "peet"}, {"name": "roos p"}, {"address": "014 00 00"}, {"address": "+3214000003"}])
def test_a_caller_is_found_while_typing_with_what_is_open(desk: FlaskClient, typed: dict[str, str]) -> None:
    ticket = known_caller()
    found = who(desk, **typed)
    assert "Roos Peeters" in found
    assert ticket.reference in found


def test_a_caller_is_found_by_a_reference(desk: FlaskClient) -> None:
    ticket = known_caller()
    assert "Roos Peeters" in who(desk, name=ticket.reference)


@pytest.mark.parametrize("typed", [{"name": "ro"}, {"name": "%%%"}, {"name": "eters"}, {"address": "999 99 99"}])
def test_what_means_nobody_finds_nobody(desk: FlaskClient, typed: dict[str, str]) -> None:
    known_caller()
    assert "Roos" not in who(desk, **typed)


def test_nobody_is_found_by_a_ticket_that_the_agent_may_not_see(desk: FlaskClient) -> None:
    hidden = known_caller(queue="ombuds")
    assert "Roos" not in who(desk, name="Roos Peeters")
    assert "Roos" not in who(desk, name=hidden.reference)


def test_a_call_about_an_open_ticket_goes_on_with_it(desk: FlaskClient) -> None:
    ticket = known_caller()
    log(desk, text="Hoever staat het?", ticket=ticket.reference)
    with reading() as session:
        assert session.scalars(select(Ticket.id)).all() == [ticket.id]
        assert (
            session.scalars(select(Message.text).where(Message.kind == "said").order_by(Message.id)).all()[-1]
            == "Hoever staat het?"
        )


def test_a_call_is_never_about_a_ticket_that_the_agent_may_not_see(desk: FlaskClient) -> None:
    hidden = known_caller(queue="ombuds")
    assert log(desk, ticket=hidden.reference).status_code == 409
    with reading() as session:
        assert len(session.scalars(select(Message).where(Message.kind == "said")).all()) == 1


IN_A_DAY = {"settlement": "call_back", "day": str(now().date() + timedelta(days=1)), "from": "10:00", "until": "12:00"}


def test_a_call_back_is_due_when_its_window_closes_and_says_which_number(desk: FlaskClient) -> None:
    log(desk, **IN_A_DAY, number="0470 00 00 03", not_number="014 00 00 03")
    ticket = the_ticket()
    with reading() as session:
        promised = session.get_one(CallBack, ticket.id)
    assert (promised.number, promised.not_number) == ("+32470000003", "+3214000003")
    assert ticket.due_at == promised.closes_at
    assert promised.closes_at - promised.opens_at == timedelta(hours=2)
    page = desk.get(f"/tickets/{ticket.reference}").text
    assert "tel:+32470000003" in page
    assert "+3214000003" in page


@pytest.mark.either_database
@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "09:00"},
        {"day": "2020-01-01"},
        {"day": "soon"},
        {"number": "12"},
        {"address": "a@b.example"},
        {"from": ""},
        {"not_number": "014/00.00.03"},
    ],
)
def test_a_call_back_that_can_not_be_kept_is_not_promised(desk: FlaskClient, wrong: dict[str, str]) -> None:
    assert log(desk, **IN_A_DAY | wrong).status_code == 422
    with reading() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_several_questions_of_one_call_are_linked_tickets_of_their_own(desk: FlaskClient) -> None:
    first = log(desk, then="another")
    page = desk.get(first.location)
    assert "Roos Peeters" in page.text
    answer = submit(desk, page, "/calls", text="En wanneer is het loket open?", name="Roos Peeters", address="014 00 00 03")
    assert answer.status_code == 303
    with reading() as session:
        one, two = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert (one.linked_to_id, two.linked_to_id) == (None, one.id)
    assert one.person_id == two.person_id


def test_the_seconds_a_call_took_are_kept(desk: FlaskClient, agent: Agent) -> None:
    log(desk)
    with reading() as session:
        call = session.scalars(select(LoggedCall)).one()
    assert call.agent_id == agent.id
    assert 0 <= call.seconds < 60


def test_what_is_half_written_waits_on_the_server_for_its_agent_alone(app: Flask, desk: FlaskClient) -> None:
    page = desk.get(NEW)
    assert keep(desk, page, **CALL, settlement="solved").json == {"kept": True}
    again = desk.get(NEW)
    with reading() as session:
        half = session.scalars(select(HalfWritten)).one()
    assert f"draft={half.id}" in again.text
    assert CALL["text"] in desk.get(f"{NEW}?draft={half.id}").text
    with Session.begin() as session:
        colleague = an_agent(session, "agent", "onthaal", name="Bea")
    other = signed_in(app, colleague)
    assert half.id not in other.get(NEW).text
    assert CALL["text"] not in other.get(f"{NEW}?draft={half.id}").text


def test_a_half_written_call_is_gone_once_it_is_logged_or_thrown_away(desk: FlaskClient) -> None:
    for way in ("/calls", "/calls/half-written/{}/thrown-away"):
        page = desk.get(NEW)
        keep(desk, page, **CALL)
        with reading() as session:
            half = session.scalars(select(HalfWritten)).one()
        part(desk, page, way.format(half.id), **CALL)
        with reading() as session:
            assert session.scalars(select(HalfWritten)).all() == []


def test_nothing_is_kept_of_a_page_without_words(desk: FlaskClient) -> None:
    page = desk.get(NEW)
    keep(desk, page, **CALL)
    assert keep(desk, page, settlement="solved").json == {"kept": False}
    with reading() as session:
        assert session.scalars(select(HalfWritten)).all() == []


def test_a_draft_that_arrives_after_its_call_is_none(desk: FlaskClient) -> None:
    page = desk.get(NEW)
    submit(desk, page, "/calls", **CALL)
    assert keep(desk, page, **CALL).json == {"kept": False}
    assert "half-written" not in desk.get("/calls/half-written").text.replace('id="half-written"', "")


def test_the_second_question_half_written_remembers_the_call_it_belongs_to(desk: FlaskClient) -> None:
    page = desk.get(log(desk, then="another").location)
    keep(desk, page, text="En wanneer is het loket open?")
    with reading() as session:
        half = session.scalars(select(HalfWritten)).one()
    again = desk.get(f"{NEW}?draft={half.id}")
    submit(desk, again, "/calls", settlement="solved")
    with reading() as session:
        one, two = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert (one.status, two.status, two.linked_to_id) == ("new", "resolved", one.id)


def test_several_questions_each_become_what_they_become(desk: FlaskClient) -> None:
    page = desk.get(log(desk, then="another", settlement="solved").location)
    handed = {"settlement": "hand_over", "queue": "groen", "because": "Een boom", "promise": "deze week"}
    page = desk.get(submit(desk, page, "/calls", text="Een tak ligt los", then="another", **handed).location)
    submit(desk, page, "/calls", text="Bel mij nog", **IN_A_DAY)
    with reading() as session:
        one, two, three = session.scalars(select(Ticket).order_by(Ticket.id)).all()
        assert session.get(CallBack, three.id)
    assert (one.outcome, two.queue_id) == ("resolved_first_line", "groen")
    assert {two.linked_to_id, three.linked_to_id} == {one.id}


def contacts() -> list[TakenContact]:
    with reading() as session:
        return list(session.scalars(select(TakenContact).order_by(TakenContact.id)))


def test_a_call_about_an_open_ticket_asks_how_it_stands_unless_the_agent_says_otherwise(desk: FlaskClient) -> None:
    log(desk)
    ticket = the_ticket().reference
    for why in ("", "new", "clarification", "love"):
        log(desk, ticket=ticket, why=why)

    assert [each.reason for each in contacts()] == ["", "chasing", "", "clarification", "chasing"]
    assert len({each.person_id for each in contacts()}) == 1


def test_a_new_question_is_avoidable_only_if_the_agent_says_so(desk: FlaskClient) -> None:
    log(desk)
    log(desk, why="wrong_door")

    assert [each.reason for each in contacts()] == ["", "wrong_door"]


def test_a_call_of_ours_is_no_contact_of_the_citizen(desk: FlaskClient) -> None:
    log(desk)
    ticket = the_ticket().reference
    log(desk, ticket=ticket, settlement="solved", outcome="callback_done")

    assert the_ticket().outcome == "callback_done"
    assert [(each.heard, each.reason) for each in contacts()] == [("opened", ""), ("ours", "")]


def test_questions_of_one_call_are_legs_of_its_first(desk: FlaskClient) -> None:
    page = desk.get(log(desk, then="another").location)
    page = desk.get(submit(desk, page, "/calls", text="Een tak ligt los", then="another").location)
    submit(desk, page, "/calls", text="En de lantaarn?")

    first = contacts()[0].id
    assert [each.leg_of_id for each in contacts()] == [None, first, first]
