"""A municipality's own site sends forms: each answer of 201 is stored, every mistake is told in one shape."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contact_hub.arrivals import TakenContact, Tally
from contact_hub.database import Session, connect, reading
from contact_hub.messages import StoredAttachment
from contact_hub.tickets import Ticket
from tests.application import an_application, served, settings_for
from tests.builders import publish_rules
from tests.servers import free_port

QUESTION = "/api/v1/forms/question"
ASKED = {"subject": "Openingsuren", "question": "Wanneer is het loket open?"}
PROBLEM = "application/problem+json"


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def ask(client: FlaskClient, key: str = "", **fields: object):
    return client.post(QUESTION, json={"language": "nl", "fields": fields}, headers={"Idempotency-Key": key} if key else {})


def test_the_forms_can_be_listed_and_read(client: FlaskClient) -> None:
    assert [form["id"] for form in client.get("/api/v1/forms").json] == ["street", "question", "move"]
    form = client.get("/api/v1/forms/street").json
    assert {field["name"]: field["required"] for field in form["fields"]}["place"] is True
    assert client.get("/api/v1/forms/nothing").status_code == 404


def test_a_question_is_a_routed_ticket_and_its_reference_the_answer(client: FlaskClient) -> None:
    answer = ask(client, **ASKED, email="roos@example.org", postcode="2400")
    assert answer.status_code == 201
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        contact = session.scalars(select(TakenContact)).one()
        assert answer.json == {"reference": ticket.reference}
        assert ticket.topic_id == "openingsuren"
        assert (contact.sender, contact.facts["postcode"]) == ("roos@example.org", "2400")


def test_the_same_under_the_same_key_is_one_contact(client: FlaskClient) -> None:
    first, second = (ask(client, "key-1", **ASKED) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert count(TakenContact) == 1


def test_something_else_under_a_used_key_is_not_lost_and_joins_nobody(client: FlaskClient) -> None:
    first, second = ask(client, "1", **ASKED), ask(client, "1", **ASKED | {"question": "Iets anders"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json != second.json


def test_without_a_key_each_is_its_own(client: FlaskClient) -> None:
    assert ask(client, **ASKED).json != ask(client, **ASKED).json


def test_files_come_as_multipart(client: FlaskClient) -> None:
    parts: dict[str, Any] = {**ASKED, "language": "fr", "attachment": (BytesIO(b"%PDF"), "brief.pdf", "application/pdf")}
    assert client.post(QUESTION, data=parts, content_type="multipart/form-data").status_code == 201
    with reading() as session:
        assert session.scalars(select(TakenContact.language)).one() == "fr"
        assert session.scalars(select(StoredAttachment.name)).one() == "brief.pdf"


def test_all_mistakes_are_told_at_once_field_by_field(client: FlaskClient) -> None:
    answer = ask(client, subject=3, postcode="12", email="x", horse="yes")
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    told = {(mistake["pointer"], mistake["code"]) for mistake in answer.json["errors"]}
    assert told == {
        ("/fields/subject", "not_text"),
        ("/fields/question", "required"),
        ("/fields/postcode", "no_postcode"),
        ("/fields/email", "no_email"),
        ("/fields/horse", "unknown_field"),
    }
    assert count(TakenContact) == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"hello", "text/plain", 415),
        (b"[]", "application/json", 422),
        (b"3", "application/json", 422),
        (b"null", "application/json", 422),
        (b"{}", "application/json", 422),
        (b'{"fields": []}', "application/json", 422),
        (b'{"fields": {"subject": [], "question": {}}}', "application/json", 422),
        (b'{"fields": {}, "language": "xx"}', "application/json", 422),
        (b'{"fields": {}, "more": 1}', "application/json", 422),
        (b"not multipart", "multipart/form-data; boundary=x", 422),
    ],
)
def test_rubbish_is_answered_with_a_problem(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    answer = client.post(QUESTION, data=body, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answer.json["status"] == status
    assert count(TakenContact) == 0


def test_characters_no_database_keeps_do_no_harm(client: FlaskClient) -> None:
    body = b'{"fields": {"subject": "a\\u0000b \\ud800", "question": "\\ud83d\\ude00 \\udfff"}}'
    assert client.post(QUESTION, data=body, content_type="application/json").status_code == 201


def test_files_have_their_limits(client: FlaskClient) -> None:
    large = client.post(QUESTION, data={**ASKED, "attachment": (BytesIO(b"x" * (11 << 20)), "a.pdf")})
    many = client.post(QUESTION, data={**ASKED, "attachment": [(BytesIO(b"x"), f"{n}.pdf") for n in range(6)]})
    nowhere = client.post(QUESTION, data={**ASKED, "photo": (BytesIO(b"x"), "a.jpg")})
    assert [answer.json["errors"][0]["code"] for answer in (large, many, nowhere)] == [
        "file_too_large",
        "too_many_files",
        "unknown_field",
    ]


@pytest.mark.parametrize(("path", "status"), [("/api/v1/forms/nothing", 404), ("/api/v1/nothing", 404)])
def test_what_does_not_exist_is_a_problem_too(client: FlaskClient, path: str, status: int) -> None:
    answer = client.post(path, json={"fields": {}})
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)


def test_only_sites_on_the_list_may_ask_from_a_browser(database: object, database_url: str, redis_url: str) -> None:
    settings = settings_for(database_url, redis_url, form_origins=("https://www.lindervelde.example",))
    client = an_application(settings).test_client()
    ours = client.options(QUESTION, headers={"Origin": "https://www.lindervelde.example"})
    others = client.options(QUESTION, headers={"Origin": "https://elsewhere.example"})
    assert ours.headers["Access-Control-Allow-Origin"] == "https://www.lindervelde.example"
    assert "Idempotency-Key" in ours.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in others.headers
    assert "Origin" in others.headers["Vary"]


def test_the_api_describes_itself(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert set(described["paths"]["/api/v1/forms/{form_id}"]["post"]["responses"]) >= {"200", "201", "404", "422", "503"}
    assert described["components"]["schemas"]["Problem"]


def test_over_http_an_answer_of_201_stands_in_the_database(database: object, database_url: str, redis_url: str) -> None:
    with Session.begin() as session:
        publish_rules(session)
    with served(settings_for(database_url, redis_url)) as address:
        answers = [requests.post(address + QUESTION, json={"fields": ASKED | {"subject": f"Vraag {n}"}}) for n in range(5)]
        too_large = requests.post(address + QUESTION, data=ASKED, files={"attachment": ("a.pdf", b"x" * (11 << 20))})
    assert too_large.status_code == 422
    with reading() as session:
        stored = {ticket.reference for ticket in session.scalars(select(Ticket))}
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["reference"] for answer in answers} == stored


def test_while_the_database_is_gone_nothing_is_acknowledged(client: FlaskClient, database_url: str) -> None:
    connect(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    away = ask(client, "key-1", **ASKED)
    assert (away.status_code, away.mimetype) == (503, PROBLEM)
    connect(database_url)
    assert ask(client, "key-1", **ASKED).status_code == 201


def test_sent_many_times_at_the_same_moment_it_is_one_contact(database: object, database_url: str, redis_url: str) -> None:
    with Session.begin() as session:
        publish_rules(session)

    def post(address: str) -> requests.Response:
        return requests.post(address + QUESTION, json={"fields": ASKED}, headers={"Idempotency-Key": "key"}, timeout=60)

    with served(settings_for(database_url, redis_url)) as address, ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(post, [address] * 8))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert count(TakenContact) == count(Ticket) == 1
    with reading() as session:
        assert session.scalars(select(Tally)).one().missing == 0
