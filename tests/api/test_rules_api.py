"""Supervisors change the rules over the API: nothing is published unread, unsaid or over a colleague's head."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contact_hub.database import Session
from contact_hub.routing.file.rulebook import read_rulebook
from tests.application import signed_in
from tests.builders import RULES, an_agent

API = "/api/v1/rules"
PROBLEM = "application/problem+json"
WITH_METEORS = "# Meteors: été ☄\n" + RULES.replace("[gevaar]", "[gevaar, meteoor]")
WITHOUT_PARKS = "".join(line for line in RULES.splitlines(keepends=True) if "groen" not in line)


class Supervisor:
    """Somebody signed in, whose requests bring the page's token."""

    def __init__(self, app: Flask, role: str = "supervisor", name: str = "Sofie Janssens") -> None:
        with Session.begin() as session:
            agent = an_agent(session, role, name=name)
            agent.language = "en"
        self.client: FlaskClient = signed_in(app, agent)
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/desk/inbox").text)
        assert found
        self.token = {"X-CSRFToken": found[1]}

    def get(self, path: str) -> TestResponse:
        return self.client.get(API + path)

    def send(self, path: str, method: str = "POST", **json: Any) -> TestResponse:
        return self.client.open(API + path, method=method, json=json, headers=self.token)

    def publish(self, text: str, onto: int = 1, reason: str = "because") -> TestResponse:
        return self.send("/editions", text=text, onto=onto, reason=reason)


@pytest.fixture
def sofie(app: Flask) -> Supervisor:
    return Supervisor(app)


@pytest.mark.either_database
def test_only_supervisors_are_let_in(app: Flask, client: FlaskClient) -> None:
    assert client.get(f"{API}/editions").status_code == 401
    assert client.get(f"{API}/editions").mimetype == PROBLEM
    assert Supervisor(app, "agent").get("/editions").status_code == 403
    assert Supervisor(app, "administrator").get("/editions").status_code == 200


@pytest.mark.either_database
def test_a_change_without_the_token_of_a_page_is_refused(sofie: Supervisor) -> None:
    answer = sofie.client.post(f"{API}/editions", json={"text": WITH_METEORS, "onto": 1, "reason": "forged"})
    assert (answer.status_code, answer.mimetype) == (400, PROBLEM)
    assert [each["number"] for each in sofie.get("/editions").json] == [1]


def test_a_published_text_is_the_next_edition_with_author_reason_and_diff(sofie: Supervisor) -> None:
    answer = sofie.publish(WITH_METEORS, reason="A meteor fell.")
    assert answer.status_code == 201
    shown = sofie.get("/editions/2").json
    assert shown == answer.json
    assert (shown["author"], shown["reason"], shown["text"]) == ("Sofie Janssens", "A meteor fell.", WITH_METEORS)
    assert shown["changes"]["changed"] == ["danger"]
    assert "+# Meteors" in shown["diff"]
    assert shown["tested"]["rules"] == len(read_rulebook(RULES).rules)
    assert [each["number"] for each in sofie.get("/editions").json] == [2, 1]
    assert [each["number"] for each in sofie.get("/editions?before=2").json] == [1]


def test_an_exported_file_is_the_text_byte_for_byte(sofie: Supervisor) -> None:
    sofie.publish(WITH_METEORS)
    answer = sofie.get("/editions/2/file")
    assert answer.data == WITH_METEORS.encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="routing_rules-2.yaml"'


@pytest.mark.either_database
@pytest.mark.parametrize("reason", ["", " \n "])
def test_nothing_is_published_without_a_reason(sofie: Supervisor, reason: str) -> None:
    assert sofie.publish(WITH_METEORS, reason=reason).status_code == 422
    assert len(sofie.get("/editions").json) == 1


@pytest.mark.either_database
def test_a_text_with_mistakes_is_refused_with_all_of_them(sofie: Supervisor) -> None:
    broken = RULES.replace("queue: groen", "queue: grien").replace("priority: urgent", "priority: hoog")
    answer = sofie.publish(broken)
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert len(answer.json["errors"]) == 2
    assert all(int(each["line"]) > 1 for each in answer.json["errors"])


@pytest.mark.either_database
def test_what_is_wrong_with_a_request_is_said_and_where(sofie: Supervisor) -> None:
    answer = sofie.send("/try", contact={"text": 5, "automatic": "robot"}, more=1)
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert {each["pointer"] for each in answer.json["errors"]} == {"/contact/text", "/contact/automatic", "/more"}
    assert all(each["detail"] for each in answer.json["errors"])


@pytest.mark.either_database
def test_a_contact_of_any_automatic_kind_that_rules_know_can_be_tried(sofie: Supervisor) -> None:
    assert sofie.send("/try", contact={"automatic": "out-of-office"}).status_code == 200


@pytest.mark.parametrize("number", [2**31, 10**30])
def test_a_number_no_database_counts_to_names_no_edition(sofie: Supervisor, number: int) -> None:
    assert sofie.get(f"/editions/{number}").status_code == 404
    assert sofie.get(f"/drafts/{number}").status_code == 404
    assert sofie.send(f"/editions/{number}/rollback", reason="x").status_code == 404
    assert sofie.publish(WITH_METEORS, onto=number).status_code == 422


def test_the_second_of_two_supervisors_is_told_what_the_first_changed(app: Flask, sofie: Supervisor) -> None:
    Supervisor(app, name="Anna Claes").publish(WITHOUT_PARKS)
    answer = sofie.publish(WITH_METEORS)
    assert (answer.status_code, answer.mimetype) == (409, PROBLEM)
    assert (answer.json["came"]["number"], answer.json["came"]["author"]) == (2, "Anna Claes")
    assert answer.json["changes"]["queues_removed"] == ["groen"]
    assert answer.json["homeless"] == ["trees"]
    assert "-  - {id: groen" in answer.json["diff"]
    assert sofie.publish(WITH_METEORS, onto=2).status_code == 201


@pytest.mark.either_database
def test_the_text_that_decides_is_not_published_again(sofie: Supervisor) -> None:
    assert sofie.publish(RULES).status_code == 422


@pytest.mark.either_database
def test_any_two_editions_are_compared(sofie: Supervisor) -> None:
    sofie.publish(WITH_METEORS)
    sofie.publish(WITHOUT_PARKS, onto=2)
    found = sofie.get("/diff?from=1&to=3").json
    assert found["changes"]["removed"] == ["trees"]
    assert found["changes"]["changed"] == []
    assert sofie.get("/diff?from=1&to=9").status_code == 404
    assert sofie.get("/diff?from=1").status_code == 422


def test_rolling_back_publishes_the_old_text_as_a_new_edition(sofie: Supervisor) -> None:
    sofie.publish(WITH_METEORS)
    answer = sofie.send("/editions/1/rollback", reason="No meteors after all.")
    assert answer.status_code == 201
    assert (answer.json["number"], answer.json["text"], answer.json["reason"]) == (3, RULES, "No meteors after all.")
    assert sofie.send("/editions/99/rollback", reason="x").status_code == 404
    assert sofie.send("/editions/1/rollback", reason="x").status_code == 422


@pytest.mark.either_database
def test_one_rule_is_switched_and_the_comments_stay(sofie: Supervisor) -> None:
    sofie.publish(WITH_METEORS)
    answer = sofie.send("/rules/trees", "PATCH", status="shadow", until="2027-06-30", reason="On trial.")
    assert answer.status_code == 201
    assert answer.json["text"].startswith("# Meteors: été ☄\n")
    assert answer.json["changes"]["changed"] == ["trees"]
    assert sofie.send("/rules/nothing", "PATCH", status="off", reason="x").status_code == 404
    assert sofie.send("/rules/trees", "PATCH", status="gone", reason="x").status_code == 422


@pytest.mark.either_database
def test_a_check_says_everything_at_once_and_stores_nothing(sofie: Supervisor) -> None:
    good = sofie.send("/check", text=WITH_METEORS).json
    assert (good["good"], good["mistakes"], good["changes"]["changed"]) == (True, [], ["danger"])
    broken = sofie.send("/check", text=RULES.replace("queue: groen", "queue: grien")).json
    assert not broken["good"]
    assert "grien" in broken["mistakes"][0]["what"]
    promise = "{name: een put, contact: {text: pothole}, expect: {queue: groen}}"
    astray = sofie.send("/check", text=f"{RULES}tests: [{promise}]\n").json
    assert not astray["good"]
    assert "een put" in astray["astray"][0]["what"]
    assert len(sofie.get("/editions").json) == 1


@pytest.mark.either_database
def test_a_check_tells_where_two_changes_meet_and_which_remarks_are_new(sofie: Supervisor) -> None:
    both = sofie.send("/check", text=f"<<<<<<< mine\na\n=======\nb\n>>>>>>> theirs\n{RULES}").json
    assert [(each["line"], each["what"]) for each in both["mistakes"]] == [(1, "Both changed the same lines (1–5).")]
    rule = "  - {id: birds, when: {text: [mus]}, then: {queue: groen}}\n"
    found = sofie.send("/check", text=RULES.replace("default:", f"{rule}default:")).json["findings"]
    assert [each["rules"] for each in found if each["new"]] == [["birds"]]
    assert not found[-1]["new"]


@pytest.mark.either_database
def test_a_check_knows_the_forms_of_the_hub(sofie: Supervisor) -> None:
    text = RULES.replace("default:", "  - {id: asks, when: {form: stret}, then: {queue: wegen}}\ndefault:")
    assert ("unknown-form", True) in [(each["code"], each["new"]) for each in sofie.send("/check", text=text).json["findings"]]
    sofie.publish(text)
    assert ("unknown-form", False) in [(each["code"], each["new"]) for each in sofie.send("/check", text=text).json["findings"]]


ASKED = [
    ("{person.known: yes, person.open tickets: '2+'}", {"person": {"open tickets": 3}}),
    ("{person.known: yes, person.open tickets: '0'}", {"person": {"known": True}}),
    ("{header.x-spam: 'yes'}", {"headers": {"X-Spam": "yes"}}),
    ("{attachment: plan}", {"attachment": ["foto.jpg", "plan.pdf"]}),
    ("{attachment: plan}", {"attachment": "plan.pdf"}),
    ("{recipient: b@town.example}", {"recipient": ["a@town.example", "b@town.example"]}),
    ("{recipient: b@town.example}", {"recipient": "b@town.example"}),
    ("{form.what: light}", {"form": "street", "fields": {"what": "light"}}),
]


@pytest.mark.either_database
def test_a_contact_to_try_may_say_all_that_an_example_of_the_file_may(sofie: Supervisor) -> None:
    for when, contact in ASKED:
        text = RULES.replace("default:", f"  - {{id: it, when: {when}, then: {{queue: wegen}}}}\ndefault:")
        rules = [sofie.send("/try", text=text, contact=each).json["decision"]["rule"] for each in (contact, {"text": "niets"})]
        assert rules == ["it", "default"], when


@pytest.mark.either_database
def test_a_contact_to_try_that_cannot_be_is_refused(sofie: Supervisor) -> None:
    persons = [{"open tickets": -1}, {"known": "perhaps"}, {"age": 7}, "nobody"]
    contacts = [*({"person": person} for person in persons), {"recipient": 7}, {"attachment": [7]}, {"headers": "x"}]
    assert {sofie.send("/try", contact=contact).status_code for contact in contacts} == {422}


@pytest.mark.either_database
def test_what_is_larger_than_any_rules_is_refused_and_not_kept(sofie: Supervisor) -> None:
    for path in ("/drafts", "/check", "/replay"):
        answer = sofie.send(path, text="#" * 5_000_001)
        assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert sofie.publish("#" * 5_000_001).status_code == 422
    answer = sofie.send("/drafts", text="#" * 50_000_000)
    assert (answer.status_code, answer.mimetype) == (413, PROBLEM)
    assert sofie.get("/drafts").json == []
    assert len(sofie.get("/editions").json) == 1


@pytest.mark.either_database
def test_a_long_draft_is_tried_too(sofie: Supervisor) -> None:
    text = WITH_METEORS + "# filled up\n" * 2_000
    assert sofie.send("/try", text=text, contact={"text": "Een meteoor!"}).json["decision"]["rule"] == "danger"
    assert sofie.send("/try", text=f"{text}nonsense: yes", contact={"text": "x"}).status_code == 422


@pytest.mark.either_database
def test_a_contact_is_tried_on_a_text_or_on_the_rules_that_decide(sofie: Supervisor) -> None:
    tried = sofie.send("/try", text=WITH_METEORS, contact={"text": "Een meteoor!"}, rule="danger").json
    assert (tried["decision"]["queue"], tried["queue_name"], tried["words"]) == ("wegen", "Roads", ["meteoor"])
    assert tried["explanation"]["holds"]
    now = sofie.send("/try", contact={"text": "Een meteoor!"}).json
    assert (now["decision"]["queue"], now["decision"]["rule"]) == ("onthaal", "default")
    assert sofie.send("/try", text="nonsense", contact={"text": "x"}).status_code == 422
    assert sofie.send("/try", contact={"text": "x"}, rule="nothing").status_code == 422
    assert sofie.send("/try", contact={"channel": "pigeon"}).status_code == 422


def test_what_is_typed_is_kept_and_two_who_type_in_one_draft_lose_nothing(app: Flask, sofie: Supervisor) -> None:
    draft = sofie.send("/drafts", name="Meteors").json
    assert (draft["text"], draft["based_on"], draft["version"]) == (RULES, 1, 1)
    kept = sofie.send(f"/drafts/{draft['id']}", "PUT", text="mine", reason="so far", version=1).json
    assert (kept["id"], kept["version"]) == (draft["id"], 2)
    other = Supervisor(app, name="Anna Claes").send(f"/drafts/{draft['id']}", "PUT", text="hers", version=1).json
    assert other["id"] != draft["id"]
    texts = {sofie.get(f"/drafts/{each['id']}").json["text"] for each in sofie.get("/drafts").json}
    assert texts == {"mine", "hers"}


def test_a_draft_that_is_published_or_put_away_leaves_the_list(sofie: Supervisor) -> None:
    first, second = (sofie.send("/drafts").json["id"] for _ in range(2))
    sofie.send("/editions", text=WITH_METEORS, onto=1, reason="done", draft=first)
    assert [each["id"] for each in sofie.get("/drafts").json] == [second]
    assert sofie.send(f"/drafts/{second}", "DELETE").status_code == 204
    assert sofie.get("/drafts").json == []


@pytest.mark.either_database
def test_anybody_may_read_the_shape_of_the_file(client: FlaskClient) -> None:
    answer = client.get(f"{API}/schema")
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    assert "route" in json.loads(answer.data)["properties"]


@pytest.mark.either_database
def test_the_description_of_the_api_tells_of_the_rules(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    paths = {path.removeprefix(API) for path in described["paths"] if path.startswith(API)}
    assert {"/editions", "/editions/{number}", "/diff", "/check", "/try", "/drafts"} <= paths
    assert "409" in described["paths"][f"{API}/editions"]["post"]["responses"]
