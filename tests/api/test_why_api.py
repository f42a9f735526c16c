"""Why a ticket is where it is, for systems and scripts of those who may read it."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contact_hub.database import Session
from tests import builders
from tests.application import signed_in

RULES = builders.RULES.replace(
    "route:\n",
    """route:
  - {id: fallen, when: {text: [omgevallen boom]}, then: {queue: groen, also: ombuds}}
  - {id: parks, name: Parken, when: {text: [park], postcode: [9050]}, then: {queue: groen}}
""",
)


def a_ticket(**contact: object) -> str:
    with Session.begin() as session:
        builders.publish_rules(session, RULES)
        return builders.a_ticket(session, **contact).reference


def who(app: Flask, role: str, *queues: str) -> FlaskClient:
    with Session.begin() as session:
        agent = builders.an_agent(session, role, *queues)
        agent.language = "en"
    return signed_in(app, agent)


def asked(client: FlaskClient, reference: str, rule: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/tickets/{reference}/why" + (f"/{rule}" if rule else ""))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_the_decision_is_told_as_recorded_and_taken_again(app: Flask) -> None:
    reference = a_ticket(message="Een pothole in het park")

    why = asked(who(app, "agent", "onthaal"), reference)

    assert (why["reference"], why["same"], why["departures"]) == (reference, True, [])
    assert why["decision"]["rule"] == "potholes"
    assert why["decision"]["near_misses"] == [{"rule": "parks", "missing": "The contact has no “postcode”."}]
    assert why["decision"]["evidence"][0]["word"] == "pothole"


def test_any_rule_is_explained_whole(app: Flask) -> None:
    reference = a_ticket(message="Een pothole in het park")

    explained = asked(who(app, "agent", "onthaal"), reference, "parks")

    assert (explained["holds"], explained["because"]) == (False, "The contact has no “postcode”.")
    assert [(part["field"], part["holds"], part["found"]) for part in explained["tree"]["parts"]] == [
        ("text", True, ["park"]),
        ("postcode", False, []),
    ]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("agent", "belasting"),
        ("agent", "ombudsman"),
        ("agent", "discreet"),
        ("back_office", "boom"),
        ("supervisor", "ombudsman"),
        ("administrator", "boom"),
    ],
)
def test_who_does_not_see_a_ticket_whole_learns_nothing_not_even_that_it_is_there(app: Flask, role: str, words: str) -> None:
    reference = a_ticket(message=words)
    client = who(app, role, "wegen")

    there, nowhere = (client.get(f"/api/v1/tickets/{each}/why") for each in (reference, "26-999999-7"))

    assert there.status_code == nowhere.status_code == 404
    assert there.json == nowhere.json
    assert client.get(f"/api/v1/tickets/{reference}/why/trees").json == nowhere.json


def test_a_second_ticket_out_of_sight_is_not_told(app: Flask) -> None:
    reference = a_ticket(message="omgevallen boom")

    why = asked(who(app, "agent", "onthaal"), reference)

    assert why["decision"]["also"] == []
    assert "ombuds" not in json.dumps(why)
    assert asked(who(app, "supervisor"), reference)["decision"]["also"] == [{"queue": "ombuds", "topic": ""}]


def test_a_rule_there_is_none_of_is_not_found(app: Flask) -> None:
    answer = who(app, "agent", "onthaal").get(f"/api/v1/tickets/{a_ticket()}/why/nonsense")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_who_is_not_signed_in_is_told_so(app: Flask) -> None:
    assert app.test_client().get(f"/api/v1/tickets/{a_ticket()}/why").status_code == 401


def test_an_edition_that_cannot_be_read_any_more_can_not_be_asked_again(app: Flask) -> None:
    reference = a_ticket(message="Een pothole")
    with Session.begin() as session:
        builders.an_edition_of_another_version(session)
    client = who(app, "agent", "onthaal")

    assert asked(client, reference)["same"] is None
    assert client.get(f"/api/v1/tickets/{reference}/why/potholes").status_code == 404
