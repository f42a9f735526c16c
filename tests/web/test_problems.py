"""When something goes wrong, people read what happened and how to go on."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import text
from structlog.testing import capture_logs
from werkzeug.exceptions import HTTPException, default_exceptions

from contact_hub.database import Session
from contact_hub.web import problems, security
from tests.web.conftest import Desk, SignIn


def test_a_page_that_is_not_there_says_how_to_go_on(sign_in: SignIn) -> None:
    answer = sign_in("agent", "onthaal").get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "Back to the start" in answer.text


def test_a_page_for_supervisors_tells_others_so(sign_in: SignIn, app: Flask) -> None:
    desk = sign_in("agent", "onthaal")
    answer = desk.get("/figures")
    assert answer.status_code == 403
    assert "This page is not for your account" in answer.text


def test_with_a_broken_database_there_is_still_a_page_in_the_readers_language(app: Flask, sign_in: SignIn) -> None:
    app.testing = False
    desk = sign_in("agent", "onthaal")
    with Session.begin() as session:
        session.execute(text("ALTER TABLE agent RENAME TO gone"))
    for path in ("/desk/inbox", "/nowhere"):
        answer = desk.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text
        assert '<html lang="en">' in answer.text


def test_a_page_that_is_left_while_it_sends_is_no_failure_of_ours(app: Flask, sign_in: SignIn) -> None:
    app.testing = False
    desk = sign_in("agent", "onthaal")
    with capture_logs() as logs:
        cut_off = {"CONTENT_LENGTH": "1000", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        answer = desk.client.post("/language", input_stream=BytesIO(b"language=nl"), environ_overrides=cut_off)
    assert (answer.status_code, answer.text) == (400, "")
    assert [log["event"] for log in logs] == ["request"]


def test_the_api_answers_with_problem_details(app: Flask) -> None:
    answer = app.test_client().get(f"{security.API}nowhere")
    assert answer.mimetype == "application/problem+json"
    assert answer.json
    assert answer.json["status"] == 404


def test_a_language_switch_never_leads_to_another_site(visitor: Desk) -> None:
    assert visitor.post("/language", language="fr", next="//evil.example/").location == "/desk"


def test_what_was_typed_stands_on_the_page_that_refuses_it(reception: Desk, reference: str) -> None:
    typed = "Een lang antwoord, waar iemand een kwartier aan schreef."
    expired = reception.client.post(f"/tickets/{reference}/answers", data={"text": typed, "csrf_token": "old"})
    assert expired.status_code == 400
    assert "This form is out of date" in expired.text
    assert typed in expired.text
    gone = reception.post("/tickets/26-999999-X/notes", text=typed)
    assert (gone.status_code, typed in gone.text) == (404, True)


def test_a_part_of_a_page_fails_as_a_part(reception: Desk, app: Flask) -> None:
    part = {"HX-Request": "true", "Accept-Language": "en"}
    gone = reception.client.get("/nowhere", headers=part)
    assert gone.status_code == 404
    assert gone.text.strip().startswith("<div")
    assert "data-problem" in gone.text
    app.testing = False
    with Session.begin() as session:
        session.execute(text("ALTER TABLE agent RENAME TO gone"))
    broken = reception.client.get("/desk/inbox", headers=part)
    assert broken.status_code == 500
    assert "data-problem" in broken.text


def test_what_an_open_page_tells_after_a_sign_out_sets_no_cookie(reception: Desk, reference: str) -> None:
    reception.post("/sign-out")
    from_script = {"Sec-Fetch-Dest": "empty"}
    told = reception.client.put(f"/tickets/{reference}/unsent/notes", data={"text": "Nog iets"}, headers=from_script)
    assert (told.status_code, "Set-Cookie" in told.headers) == (400, False)
    assert "data-problem" in told.text


@pytest.mark.parametrize(
    ("code", "title"), [(409, "now"), (410, "any more"), (413, "large"), (415, "read"), (422, "wrong"), (503, "busy")]
)
def test_every_error_says_in_four_languages_what_to_do(app: Flask, code: int, title: str) -> None:
    said = set()
    for language in ("en", "nl", "fr", "de"):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            page = problems.answer(an_error(code)).get_data(as_text=True)
            assert language != "en" or title in page
            said.add(page.partition("<h1>")[2].partition("</section>")[0])
    assert len(said) == 4


def an_error(code: int) -> HTTPException:
    return default_exceptions[code]()
