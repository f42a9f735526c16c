"""When something goes wrong, people read what happened and how to go on."""

from flask import Flask
from sqlalchemy import text

from contact_hub.database import Session
from contact_hub.web import security
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


def test_the_api_answers_with_problem_details(app: Flask) -> None:
    answer = app.test_client().get(f"{security.API}nowhere")
    assert answer.mimetype == "application/problem+json"
    assert answer.json
    assert answer.json["status"] == 404


def test_a_language_switch_never_leads_to_another_site(visitor: Desk) -> None:
    assert visitor.post("/language", language="fr", next="//evil.example/").location == "/desk"
