"""What the desk does a system does too: counts, saved lists, search, drafts, several at once, persons, and who is where."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contact_hub.answer_templates import AnswerTemplate
from contact_hub.api.examples import EXAMPLES
from contact_hub.database import Session
from contact_hub.web.doing import VERBS
from tests import builders
from tests.api.test_tickets_api import came_in, said, who

API = "/api/v1"


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return who(app, "agent", "onthaal")


def test_counts_tell_how_many_wait_where(anna: FlaskClient) -> None:
    came_in()
    came_in(message="ombudsman")
    told = said(anna.get(f"{API}/counts"))
    assert (told["queues"]["onthaal"], told["views"]["open"]) == (1, 1)
    assert "ombuds" not in told["queues"]


def test_a_list_refuses_what_nobody_can_mean(anna: FlaskClient) -> None:
    for asked in ("view=gone", "sort=up", "priority=most", "since=yesterday"):
        assert said(anna.get(f"{API}/tickets?{asked}"), 422)["errors"][0]["pointer"]


def test_a_list_is_saved_called_otherwise_and_thrown_away(anna: FlaskClient, app: Flask) -> None:
    made = said(anna.post(f"{API}/views", json={"name": "Mine", "address": {"view": "mine", "moon": "full"}}), 201)
    assert (made["name"], made["address"]) == ("Mine", {"view": "mine"})
    other = who(app, "agent", name="Bram Maes")
    assert said(other.get(f"{API}/views")) == []
    assert said(other.delete(f"{API}/views/{made['id']}"), 409)
    assert anna.patch(f"{API}/views/{made['id']}", json={"name": "My own"}).status_code == 204
    assert [each["name"] for each in said(anna.get(f"{API}/views"))] == ["My own"]
    assert anna.delete(f"{API}/views/{made['id']}").status_code == 204


def test_the_search_finds_what_one_sees_and_says_what_it_did_not_understand(anna: FlaskClient) -> None:
    reference = came_in(message="een kapotte lantaarn")
    came_in(message="ombudsman lantaarn")
    found = said(anna.get(f"{API}/search?q=lantaarn"))
    assert [each["reference"] for each in found["found"]] == [reference]
    assert "<mark>lantaarn</mark>" in found["found"][0]["passage"]
    assert said(anna.get(f"{API}/search?q=lantaarn+queue:gone"))["mistakes"]


def test_what_one_was_asked_about_is_found_and_narrowed(anna: FlaskClient, app: Flask) -> None:
    reference, roads = came_in(message="een kapotte lantaarn"), who(app, "back_office", "wegen", name="Wim Wegen")
    asks = {"whom": "queue:wegen", "question": "Van jullie?"}
    assert anna.post(f"{API}/tickets/{reference}/consultations", json=asks).status_code == 200

    for address in (f"{API}/search?q=lantaarn", f"{API}/tickets?view=asked&q=lantaarn&door=email"):
        told = said(roads.get(address))
        assert [each["reference"] for each in told.get("found", told.get("tickets"))] == [reference]


def test_a_draft_is_kept_for_its_writer_alone(anna: FlaskClient, app: Flask) -> None:
    reference = came_in()
    kept = anna.put(f"{API}/tickets/{reference}/drafts/answers", json={"typed": {"text": "Beste"}})
    assert said(kept) == {"kept": True}
    assert said(anna.get(f"{API}/tickets/{reference}/drafts"))[0]["typed"] == {"text": "Beste"}
    assert said(who(app, "agent", "onthaal", name="Bram Maes").get(f"{API}/tickets/{reference}/drafts")) == []
    assert anna.delete(f"{API}/tickets/{reference}/drafts/answers").status_code == 204
    assert said(anna.get(f"{API}/tickets/{reference}/drafts")) == []
    assert said(anna.put(f"{API}/tickets/{reference}/drafts/moon", json={"typed": {}}), 404)


def test_a_template_is_filled_in(anna: FlaskClient) -> None:
    reference = came_in()
    with Session.begin() as session:
        by = builders.an_agent(session, "supervisor")
        session.add(AnswerTemplate(name="Dank", texts={"nl": "Dank voor {{reference}}."}, by_id=by.id))
    [found] = said(anna.get(f"{API}/tickets/{reference}/templates"))
    filled = said(anna.post(f"{API}/tickets/{reference}/templates/{found['id']}", json={"language": "nl"}))
    assert filled["text"] == f"Dank voor {reference}."


def test_several_tickets_are_done_and_undone(anna: FlaskClient, app: Flask) -> None:
    references, hidden = [came_in() for _ in range(3)], came_in(message="ombudsman")
    begun = said(anna.post(f"{API}/bulk", json={"do": "tag", "tickets": [*references, hidden], "add": ["x"]}), 201)
    assert (begun["counted"], begun["ended"], begun["can_be_undone"]) == ({"done": 3}, True, True)
    assert said(anna.get(f"{API}/tickets/{references[0]}"))["tags"] == ["x"]
    assert said(who(app, "agent", name="Bram Maes").get(f"{API}/bulk/{begun['id']}"), 404)
    assert said(anna.post(f"{API}/bulk/{begun['id']}/undo"))["counted"] == {"undone": 3}
    assert said(anna.get(f"{API}/tickets/{references[0]}"))["tags"] == []
    assert said(anna.post(f"{API}/bulk", json={"do": "tag", "tickets": references}), 409)["errors"][0]["code"] == "bulk_no_tags"


def test_persons_are_found_by_tickets_that_one_sees_and_told_with_them(anna: FlaskClient) -> None:
    reference = came_in(sender="roos@example.org")
    came_in(sender="wout@example.org", sender_name="Wout Geheim", message="ombudsman")
    [found] = said(anna.get(f"{API}/persons?q=peeters"))
    assert [each["reference"] for each in found["tickets"]] == [reference]
    assert said(anna.get(f"{API}/persons?q=geheim")) == []
    whole = said(anna.get(f"{API}/persons/{found['person']['id']}"))
    assert whole["person"]["addresses"][0]["value"] == "roos@example.org"
    assert said(anna.get(f"{API}/persons/{found['person']['id'] + 1}"), 404)


def test_who_is_here_and_who_called_me_in(anna: FlaskClient, app: Flask) -> None:
    reference = came_in()
    bram = who(app, "agent", "onthaal", name="Bram Maes")
    assert said(bram.put(f"{API}/tickets/{reference}/presence", json={"writes": True}))
    assert said(anna.get(f"{API}/tickets/{reference}/presence")) == [{"name": "Bram Maes", "writes": True}]
    said(bram.post(f"{API}/tickets/{reference}/notes", json={"text": "@Anna Claes weet jij dit?"}))
    [mention] = said(anna.get(f"{API}/mentions"))
    assert (mention["reference"], mention["by"], mention["waits"]) == (reference, "Bram Maes", True)


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_a_verb_is_one_that_it_takes(verb: str) -> None:
    assert VERBS[verb].takes().validate(EXAMPLES[verb]) == {}


def test_every_operation_is_described(anna: FlaskClient) -> None:
    described: dict[str, Any] = said(anna.get(f"{API}/openapi.json"))
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    operations = [
        (path, method, told)
        for path, methods in described["paths"].items()
        for method, told in methods.items()
        if isinstance(told, dict)
    ]
    assert len(operations) > 70
    assert [(path, method) for path, method, told in operations if not told.get("summary")] == []
    assert [(path, method) for path, method, told in operations if not told["responses"]] == []
