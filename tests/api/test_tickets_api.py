"""Tickets for systems: what somebody sees, and the verbs of the pages, each as a resource to post to."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contact_hub.database import Session
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from contact_hub.web.doing import VERBS
from tests import builders
from tests.api.conftest import with_token
from tests.application import signed_in


def came_in(**contact: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, **contact).reference


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return who(app, "agent", "onthaal")


def who(app: Flask, role: str, *queues: str, name: str = "Anna Claes") -> FlaskClient:
    with Session.begin() as session:
        agent = builders.an_agent(session, role, *queues, name=name)
        agent.language = "en"
    return with_token(signed_in(app, agent))


def said(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_list_pages_and_narrows_as_the_inbox_does(anna: FlaskClient) -> None:
    with Session.begin() as session:
        alike = [builders.a_contact(subject="vraag") for _ in range(60)]
        references = {each.reference for each in builders.some_tickets(session, *alike)}
        builders.a_ticket(session, channel="phone", sender="")
    first = said(anna.get("/api/v1/tickets?view=open&door=email"))
    second = said(anna.get("/api/v1/tickets", query_string={"view": "open", "door": "email", "after": first["next"]}))

    assert {each["reference"] for page in (first, second) for each in page["tickets"]} == references
    assert second["next"] == ""
    assert {"subject", "priority", "due_at", "last_event"} <= first["tickets"][0].keys()


def test_of_what_is_not_seen_whole_the_state_alone_is_told(anna: FlaskClient) -> None:
    restricted, hidden = came_in(subject="Over belasting"), came_in(message="ombudsman")

    assert said(anna.get(f"/api/v1/tickets/{restricted}")) == {
        "reference": restricted,
        "status": "new",
        "queue": "belastingen",
        "whole": False,
    }
    assert said(anna.get(f"/api/v1/tickets/{restricted}/conversation"), 403)
    assert said(anna.get(f"/api/v1/tickets/{hidden}"), 404)
    assert said(anna.post(f"/api/v1/tickets/{hidden}/claim", json={}), 404)


def test_a_ticket_is_told_with_its_person_stretches_and_conversation(anna: FlaskClient) -> None:
    reference = came_in(sender="roos@example.org", message="Mag ik iets vragen?")

    whole = said(anna.get(f"/api/v1/tickets/{reference}"))
    talk = said(anna.get(f"/api/v1/tickets/{reference}/conversation"))

    assert whole["person"]["addresses"][0]["value"] == "roos@example.org"
    assert [segment["queue"] for segment in whole["segments"]] == ["onthaal"]
    assert talk["messages"][0]["text"] == "Mag ik iets vragen?"
    assert talk["events"][0]["kind"] == "routed"


def test_every_verb_of_the_pages_can_be_posted(anna: FlaskClient) -> None:
    described = said(anna.get("/api/v1/openapi.json"))["paths"]
    assert {f"/api/v1/tickets/{{reference}}/{verb}" for verb in VERBS} <= described.keys()


@pytest.mark.parametrize(
    ("verb", "sent", "field", "value"),
    [
        ("claim", {}, "owner", "Anna Claes"),
        ("hand-overs", {"queue": "wegen", "reason": "Hun straat", "promise": "deze week"}, "queue", "wegen"),
        ("resolution", {"outcome": "resolved_first_line"}, "outcome", "resolved_first_line"),
        ("marks", {"topic": "put", "priority": "high", "tags": ["a"], "reason": "x"}, "tags", ["a"]),
        ("waits", {"reason": "een foto"}, "status", "waiting"),
        ("notes", {"text": "Bel Jan"}, "status", "new"),
        ("person", {"name": "Roos Claes"}, "on_behalf_of", ""),
        ("answers", {"text": "Dat kan.", "outcome": "resolved_first_line"}, "status", "resolved"),
    ],
)
def test_a_verb_does_what_it_does_on_the_page(
    anna: FlaskClient, verb: str, sent: dict[str, Any], field: str, value: object
) -> None:
    reference = came_in()

    done = said(anna.post(f"/api/v1/tickets/{reference}/{verb}", json=sent), 201 if verb == "answers" else 200)

    assert done[field] == value


def test_a_refusal_says_why_and_by_which_code(anna: FlaskClient) -> None:
    reference = came_in()
    sent = {"queue": "onthaal", "reason": "x", "promise": "y"}

    refused = said(anna.post(f"/api/v1/tickets/{reference}/hand-overs", json=sent), 409)

    assert refused["errors"][0]["code"] == "same_queue"
    assert refused["detail"] == "The ticket is in that queue already. Choose another one."


@pytest.mark.parametrize("sent", [{}, {"outcome": "gone"}, {"outcome": "spam", "moon": 1}, ["spam"]])
def test_what_a_verb_does_not_take_is_refused_with_its_place(anna: FlaskClient, sent: object) -> None:
    reference = came_in()
    assert said(anna.post(f"/api/v1/tickets/{reference}/resolution", json=sent), 422)["errors"]
    with Session() as session:
        assert session.query(Ticket).one().status == "new"


def test_a_verb_that_does_not_know_what_happened_since_is_held(anna: FlaskClient, app: Flask) -> None:
    reference = came_in()
    seen = said(anna.get(f"/api/v1/tickets/{reference}"))["last_event"]
    who(app, "agent", name="Bram Maes").post(f"/api/v1/tickets/{reference}/answers", json={"text": "Ja."})

    held = said(anna.post(f"/api/v1/tickets/{reference}/answers", json={"text": "Nee.", "seen": seen}), 409)

    assert held["errors"][0]["code"] == "went_on"
    with Session() as session:
        assert [each.text for each in session.query(Message).filter_by(kind="answer")] == ["Ja."]


def test_the_next_ticket_is_taken_until_nothing_is_free(anna: FlaskClient) -> None:
    reference = came_in()

    assert said(anna.post("/api/v1/tickets/next"))["reference"] == reference
    assert anna.post("/api/v1/tickets/next").status_code == 204


def test_nobody_acts_without_signing_in_or_without_the_token(app: Flask, client: FlaskClient) -> None:
    reference = came_in()
    assert client.get(f"/api/v1/tickets/{reference}").status_code == 401
    assert client.post(f"/api/v1/tickets/{reference}/claim", json={}).status_code == 401


def test_one_mark_is_changed_and_the_others_stay(anna: FlaskClient) -> None:
    reference = came_in()
    first = {"topic": "put", "priority": "high", "tags": ["a", "b"], "due": "2026-12-01", "reason": "x"}
    said(anna.patch(f"/api/v1/tickets/{reference}", json=first))

    done = said(anna.patch(f"/api/v1/tickets/{reference}", json={"priority": "urgent", "reason": "gevaar"}))

    assert (done["topic"], done["priority"], done["tags"], done["due_at"][:10]) == ("put", "urgent", ["a", "b"], "2026-12-01")
    assert said(anna.patch(f"/api/v1/tickets/{reference}", json={"priority": "urgent", "reason": "x"}), 409)
    assert said(anna.patch(f"/api/v1/tickets/{reference}", json={"priority": "low"}), 422)["errors"][0]["pointer"]


def test_what_happened_meanwhile_is_told_with_the_refusal(anna: FlaskClient, app: Flask) -> None:
    reference = came_in()
    seen = said(anna.get(f"/api/v1/tickets/{reference}"))["last_event"]
    bram = who(app, "agent", "onthaal", name="Bram Maes")
    bram.post(f"/api/v1/tickets/{reference}/resolution", json={"outcome": "spam"})

    held = said(anna.post(f"/api/v1/tickets/{reference}/waits", json={"reason": "x", "seen": seen}), 409)

    assert held["errors"][0]["code"] == "went_on"
    assert [each["kind"] for each in held["meanwhile"]] == ["resolved"]
    assert "Bram Maes" in held["meanwhile"][0]["detail"]


def test_an_answer_takes_files_along_and_is_taken_back_with_them(anna: FlaskClient) -> None:
    reference = came_in()
    sent = {"file": (BytesIO(b"een plan"), "plan.txt")}
    kept = said(anna.post(f"/api/v1/tickets/{reference}/files", data=sent, content_type="multipart/form-data"), 201)

    said(anna.post(f"/api/v1/tickets/{reference}/answers", json={"text": "Hierbij.", "files": [kept["token"]]}), 201)
    answer = said(anna.get(f"/api/v1/tickets/{reference}/conversation"))["messages"][-1]
    taken = said(anna.delete(f"/api/v1/tickets/{reference}/answers/{answer['id']}"))

    assert [(file["name"], file["size"]) for file in answer["files"]] == [("plan.txt", 8)]
    assert taken["text"] == "Hierbij."
    assert len(taken["files"]) == 1
    assert said(anna.delete(f"/api/v1/tickets/{reference}/answers/{answer['id']}"), 409)["errors"][0]["code"]
