"""An agent logs a call while it is there: one transaction, one contact, whatever the agent's fingers do."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact, Tally
from contact_hub.database import Session, reading
from contact_hub.history import Segment, StoredDecision
from contact_hub.tickets import Ticket
from tests.application import signed_in, submit
from tests.builders import an_agent

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
    log(desk, settlement="hand_over", queue="groen", because="De wortels van een boom")
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


def test_the_topic_is_found_by_its_name_or_refused(desk: FlaskClient) -> None:
    assert log(desk, topic="no such topic").status_code == 422
    assert log(desk, text="Een vraag", topic="openingsuren").status_code == 303
    assert the_ticket().topic_id == "openingsuren"


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "x" * 10_001},
        {"address": "12"},
        {"settlement": "hand_over"},
        {"settlement": "hand_over", "queue": "groen"},
        {"settlement": "hand_over", "because": "a reason"},
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: FlaskClient, wrong: dict[str, str]) -> None:
    answer = log(desk, **wrong)
    assert answer.status_code == 422
    assert "Roos Peeters" in answer.text
    with reading() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_what_is_refused_leaves_nothing_behind(desk: FlaskClient) -> None:
    answer = log(desk, text="De ombudsman moet dit weten", settlement="solved")
    assert answer.status_code == 409
    assert "De ombudsman moet dit weten" in answer.text
    with reading() as session:
        assert session.scalars(select(Ticket)).all() == []
        assert session.scalars(select(Segment)).all() == []


def test_only_people_who_work_here_log_calls(app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.get(NEW).status_code == 302
    assert stranger.post("/calls", data=CALL).status_code in {302, 400}
    assert stranger.get("/calls/logged").status_code == 302


def test_a_receipt_can_not_be_made_up(desk: FlaskClient) -> None:
    assert desk.get("/calls/logged?r=26-000001-K").status_code == 404
    assert submit(desk, desk.get(NEW), "/calls", **CALL, call="made up").status_code == 400
