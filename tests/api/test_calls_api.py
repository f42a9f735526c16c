"""Calls that another system logs become tickets as those of the page do."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contact_hub.database import Session
from contact_hub.tickets import Ticket
from tests import builders
from tests.api.conftest import with_token
from tests.application import signed_in

CALL = {"id": "call-0001", "text": "Is het loket open?", "name": "Roos Peeters", "address": "014 00 00 03"}


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    with Session.begin() as session:
        agent = builders.an_agent(session, "agent", "onthaal")
        agent.language = "en"
    return with_token(signed_in(app, agent))


def tickets() -> list[Ticket]:
    with Session() as session:
        return session.query(Ticket).all()


def test_a_call_is_a_ticket_and_sent_twice_it_is_one(anna: FlaskClient) -> None:
    sent = CALL | {"settlement": "solved", "topic": "openingsuren"}
    answers = [anna.post("/api/v1/calls", json=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    [ticket] = tickets()
    assert {answer.json["reference"] for answer in answers if answer.json} == {ticket.reference}
    assert (ticket.outcome, ticket.topic_id) == ("resolved_first_line", "openingsuren")


def test_a_call_back_is_promised(anna: FlaskClient) -> None:
    sent = CALL | {"settlement": "call_back", "day": "2030-01-15", "opens": "09:00", "closes": "11:00"}

    assert anna.post("/api/v1/calls", json=sent).status_code == 201
    [ticket] = tickets()
    assert ticket.due_at
    assert ticket.due_at.isoformat() == "2030-01-15T10:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "12"}, "address"),
        ({"topic": "moon"}, "topic"),
        ({"settlement": "hand_over", "queue": "wegen", "reason": "x"}, "promise"),
        ({"settlement": "call_back"}, "day"),
    ],
)
def test_what_is_missing_is_said_with_its_field(anna: FlaskClient, wrong: dict[str, Any], field: str) -> None:
    answer = anna.post("/api/v1/calls", json=CALL | wrong)

    assert answer.status_code == 422
    assert answer.json
    assert field in [each["field"] for each in answer.json["errors"]]
    assert tickets() == []
