"""A citizen fills in a form without any script: nothing typed is lost, nothing is taken in twice."""

import json
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contact_hub import blobs, references
from contact_hub.arrivals import TakenContact, Tally
from contact_hub.database import connect, reading
from contact_hub.messages import Message, StoredAttachment
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Ticket
from tests.application import submit, values
from tests.servers import free_port

STREET = "/forms/street"
REPORT = {"place": "Molenweg 14", "what": "road", "description": "Een diepe put in de weg."}
MEGABYTE = 1 << 20


def review(client: FlaskClient, **filled: object):
    return submit(client, client.get(STREET), STREET, step="review", **filled)


def send(client: FlaskClient, **filled: object):
    """Fills in the form, looks it over and sends it."""
    return submit(client, review(client, **filled), STREET, step="send")


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def a_file(size: int, name: str = "foto.jpg") -> tuple[BytesIO, str, str]:
    return BytesIO(b"x" * size), name, "image/jpeg"


def test_a_form_that_was_sent_is_a_routed_ticket_with_its_fields(client: FlaskClient) -> None:
    answer = send(client, **REPORT, name="Roos Peeters", email="roos@example.org")
    assert answer.status_code == 303
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        contact = session.scalars(select(TakenContact)).one()
        said = session.scalars(select(Message).filter_by(kind="said")).one()
        raw = json.loads(b"".join(blobs.load(session, contact.raw_sha256)))
        assert (ticket.queue_id, ticket.channel, ticket.language) == ("wegen", "webform", "nl")
        assert (contact.sender, contact.sender_name) == ("roos@example.org", "Roos Peeters")
        assert contact.facts["form"] == "street"
        assert contact.facts["topic"] == "wegdek"
        assert contact.facts["fields"] == {**REPORT, "name": "Roos Peeters", "email": "roos@example.org"}
        assert said.text.startswith(REPORT["description"])
        assert "Molenweg 14" in said.text
        assert raw["fields"]["place"] == "Molenweg 14"
        assert session.scalars(select(Outgoing.recipient)).all() == ["roos@example.org"]
    assert ticket.reference in client.get(answer.location).text


@pytest.mark.either_database
def test_the_receipt_can_be_loaded_again_and_not_be_forged(client: FlaskClient) -> None:
    receipt = send(client, **REPORT).location
    assert client.get(receipt).status_code == client.get(receipt).status_code == 200
    assert client.get(STREET + "/receipt?r=26-000001-K").status_code == 404
    assert client.get(STREET + "/receipt").status_code == 404


def test_sending_twice_is_one_contact_with_one_receipt(client: FlaskClient) -> None:
    looked_over = review(client, **REPORT)
    first, second = (submit(client, looked_over, STREET, step="send") for _ in range(2))
    assert first.location == second.location
    assert count(TakenContact) == count(Ticket) == 1
    with reading() as session:
        tally = session.scalars(select(Tally)).one()
        assert (tally.offered, tally.taken, tally.known, tally.missing) == (2, 1, 1, 0)


def test_going_back_to_correct_something_joins_the_same_ticket(client: FlaskClient) -> None:
    looked_over = review(client, **REPORT)
    first = submit(client, looked_over, STREET, step="send")
    corrected = submit(client, looked_over, STREET, step="send", description="Het is de put op de hoek.")
    assert first.location == corrected.location
    assert count(Ticket) == 1
    with reading() as session:
        assert len(session.scalars(select(Message).filter_by(kind="said")).all()) == 2


def test_two_citizens_with_the_same_words_have_two_tickets(client: FlaskClient) -> None:
    assert send(client, **REPORT).location != send(client, **REPORT).location
    assert count(Ticket) == 2


@pytest.mark.either_database
def test_mistakes_are_listed_on_top_with_links_and_beside_their_fields_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    page = review(client, place="Molenweg 14", email="no address", phone="12", description="")
    assert page.status_code == 422
    assert count(TakenContact) == 0
    for field in ("what-option", "description", "email", "phone"):
        assert f'href="#field-{field}"' in page.text
        assert f'id="field-{field}"' in page.text
    assert page.text.count('class="wrong"') == 4
    assert values(page.text, STREET)["place"] == "Molenweg 14"
    assert values(page.text, STREET)["email"] == "no address"


@pytest.mark.either_database
def test_answers_are_checked_again_when_they_are_sent(client: FlaskClient) -> None:
    answer = submit(client, review(client, **REPORT), STREET, step="send", what="a horse")
    assert answer.status_code == 422
    assert count(TakenContact) == 0


@pytest.mark.either_database
def test_changing_something_brings_everything_back(client: FlaskClient) -> None:
    page = submit(client, review(client, **REPORT), STREET, step="edit")
    assert page.status_code == 200
    assert {name: values(page.text, STREET)[name] for name in REPORT} == REPORT


def test_a_photo_is_sent_once_and_stays_from_page_to_page(client: FlaskClient) -> None:
    with_mistake = review(client, place="Molenweg 14", photo=a_file(3 * MEGABYTE, "mijn foto's/put in de weg.jpg"))
    assert "put in de weg.jpg" in with_mistake.text
    looked_over = submit(client, with_mistake, STREET, step="review", **REPORT)
    assert submit(client, looked_over, STREET, step="send").status_code == 303
    with reading() as session:
        kept = session.scalars(select(StoredAttachment)).one()
        assert (kept.name, kept.content_type, kept.size) == ("put in de weg.jpg", "image/jpeg", 3 * MEGABYTE)
        assert b"".join(blobs.load(session, kept.sha256)) == b"x" * (3 * MEGABYTE)


def test_a_photo_can_be_taken_away_again(client: FlaskClient) -> None:
    edited = submit(client, review(client, **REPORT, photo=a_file(10)), STREET, step="edit")
    looked_over = submit(client, edited, STREET, step="review", dropped=values(edited.text, STREET)["kept"])
    assert submit(client, looked_over, STREET, step="send").status_code == 303
    assert count(StoredAttachment) == 0


def test_a_file_of_somebody_else_can_not_be_claimed(client: FlaskClient) -> None:
    theirs = values(review(client, **REPORT, photo=a_file(10)).text, STREET)["kept"]
    submit(client, review(client, **REPORT), STREET, step="send", kept=theirs)
    assert count(TakenContact) == 1
    assert count(StoredAttachment) == 0


@pytest.mark.either_database
def test_a_file_too_large_is_refused_by_name_and_the_rest_is_kept(client: FlaskClient) -> None:
    page = review(client, **REPORT, photo=a_file(11 * MEGABYTE, "film.mp4"))
    assert page.status_code == 422
    assert "film.mp4" in page.text
    assert values(page.text, STREET)["place"] == "Molenweg 14"


@pytest.mark.either_database
def test_a_sixth_file_is_one_too_many(client: FlaskClient) -> None:
    assert review(client, **REPORT, photo=[a_file(10, f"{n}.jpg") for n in range(6)]).status_code == 422
    assert review(client, **REPORT, photo=[a_file(10, f"{n}.jpg") for n in range(5)]).status_code == 200


@pytest.mark.either_database
def test_a_mountain_of_files_is_refused_kindly(client: FlaskClient) -> None:
    page = review(client, **REPORT, photo=[a_file(12 * MEGABYTE, f"{n}.jpg") for n in range(6)])
    assert page.status_code == 413
    assert 'role="alert"' in page.text


@pytest.mark.either_database
def test_a_robot_that_fills_in_what_people_do_not_see_is_held_up_without_a_puzzle(client: FlaskClient) -> None:
    page = submit(client, review(client, **REPORT), STREET, step="send", website="https://buy.example")
    assert page.status_code == 422
    assert count(TakenContact) == 0
    assert values(page.text, STREET)["place"] == "Molenweg 14"


@pytest.mark.either_database
def test_what_was_filled_in_within_a_blink_is_shown_once_more(app: Flask) -> None:
    app.config["FORMS_QUICKEST"] = 3600
    client = app.test_client()
    page = send(client, **REPORT)
    assert page.status_code == 422
    assert count(TakenContact) == 0
    app.config["FORMS_QUICKEST"] = 0
    assert submit(client, page, STREET, step="send").status_code == 303


@pytest.mark.either_database
@pytest.mark.parametrize("token", ["", "rubbish", "eyJpZCI6IjEifQ.AAAA"])
def test_a_forged_or_missing_token_is_shown_once_more_and_then_taken(client: FlaskClient, token: str) -> None:
    page = submit(client, review(client, **REPORT), STREET, step="send", token=token)
    assert page.status_code == 422
    assert count(TakenContact) == 0
    assert submit(client, page, STREET, step="send").status_code == 303


def test_bytes_that_are_no_text_do_no_harm(client: FlaskClient) -> None:
    kind = "application/x-www-form-urlencoded"
    raw = client.post(STREET, data=b"place=\xff\xfe\x00&what=road&description=caf\xe9", content_type=kind)
    quoted = client.post(STREET, data=b"place=%FF%FE%00&what=road&description=caf%E9", content_type=kind)
    assert (raw.status_code, quoted.status_code) == (422, 200)
    assert submit(client, quoted, STREET, step="send").status_code == 303


@pytest.mark.either_database
def test_markup_is_shown_as_it_was_typed(client: FlaskClient) -> None:
    page = review(client, **REPORT | {"place": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text
    assert values(page.text, STREET)["place"] == '"><script>alert(1)</script>'


@pytest.mark.either_database
def test_an_unknown_form_is_not_found(client: FlaskClient) -> None:
    assert client.get("/forms/nothing").status_code == 404
    assert client.post("/forms/nothing", data=REPORT).status_code == 404


@pytest.mark.either_database
def test_the_contact_keeps_the_language_of_the_page(client: FlaskClient) -> None:
    client.set_cookie("language", "fr")
    assert "Signaler un problème" in client.get(STREET).text
    send(client, **REPORT)
    with reading() as session:
        assert session.scalars(select(TakenContact.language)).one() == "fr"


def test_an_anonymous_report_gets_a_reference_too(client: FlaskClient) -> None:
    page = client.get(send(client, **REPORT).location)
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert ticket.person_id is None
        assert references.number_in(ticket.reference) == ticket.id
        assert count(Outgoing) == 0
    assert ticket.reference in page.text


@pytest.mark.either_database
def test_a_flood_from_one_address_is_slowed_down(client: FlaskClient) -> None:
    codes = {client.post(STREET, data={}).status_code for _ in range(31)}
    assert codes == {422, 429}


@pytest.mark.either_database
def test_the_start_page_lists_every_form(client: FlaskClient) -> None:
    page = client.get("/").text
    assert all(f'href="/forms/{form}"' in page for form in ("street", "question", "move"))


def test_nothing_a_citizen_wrote_stands_in_the_log(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    review(client, place="Geheimstraat 7", email="verborgen", phone="0471")
    send(
        client, place="Geheimstraat 7", what="road", description="Zeer geheim", name="Verborgen", email="verborgen@example.org"
    )
    submit(client, review(client, **REPORT), STREET, step="send", website="Geheim")
    logged = "".join(capfd.readouterr()).lower()
    assert "geheim" not in logged
    assert "verborgen" not in logged


def test_while_the_database_is_gone_nothing_typed_is_lost(client: FlaskClient, database_url: str) -> None:
    looked_over = review(client, **REPORT)
    connect(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    away = submit(client, looked_over, STREET, step="send")
    assert away.status_code == 503
    assert values(away.text, STREET)["place"] == "Molenweg 14"
    connect(database_url)
    assert submit(client, away, STREET, step="send").status_code == 303
    assert count(TakenContact) == 1
