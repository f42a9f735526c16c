"""Keys for the API: made on the page, shown once, and acting as the person who made them until they are revoked."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contact_hub.agents import Agent
from contact_hub.api_keys import MOST, ApiKey
from contact_hub.database import Session
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket


def make(desk: Desk, name: str = "the intranet") -> str:
    made = desk.post("/account/keys", name=name)
    assert made.status_code == 201, made.text
    found = re.search(r"hub_[\w-]{43}", made.text)
    assert found
    return found[0]


@pytest.fixture
def system(app: Flask) -> FlaskClient:
    """Another system, which knows no cookie."""
    return app.test_client(use_cookies=False)


def ask(system: FlaskClient, key: str, path: str = "/api/v1/tickets") -> TestResponse:
    return system.get(path, headers={"Authorization": f"Bearer {key}"})


def test_a_key_acts_with_the_rights_of_its_owner_and_needs_no_token(
    reception: Desk, system: FlaskClient, reference: str
) -> None:
    with Session.begin() as session:
        hidden = builders.a_ticket(session, message="ombudsman").reference
    key = make(reception)

    claimed = system.post(f"/api/v1/tickets/{reference}/claim", json={}, headers={"Authorization": f"Bearer {key}"})

    assert claimed.status_code == 200, claimed.text
    with Session() as session:
        assert the_ticket(session, reference).owner_id == reception.agent.id
    assert ask(system, key, f"/api/v1/tickets/{hidden}").status_code == 404


def test_a_key_is_shown_once_and_kept_as_a_hash(reception: Desk, system: FlaskClient) -> None:
    key = make(reception)
    page = reception.page("/account/keys")
    assert "the intranet" in page
    assert key not in page
    assert "never used" in page
    ask(system, key)
    assert "never used" not in reception.page("/account/keys")
    with Session() as session:
        kept = session.query(ApiKey).one()
        assert key not in (kept.key_hash, kept.name)


def test_a_revoked_key_opens_nothing_and_nobody_revokes_anothers(reception: Desk, system: FlaskClient, sign_in: SignIn) -> None:
    key = make(reception)
    with Session() as session:
        number = session.query(ApiKey).one().id
    assert sign_in("agent", name="Bram Maes").post(f"/account/keys/{number}/revocation").status_code == 409
    assert ask(system, key).status_code == 200

    reception.post(f"/account/keys/{number}/revocation")

    refused = ask(system, key)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.mimetype == "application/problem+json"


def test_who_works_here_no_more_has_no_key_either(reception: Desk, system: FlaskClient) -> None:
    key = make(reception)
    assert reception.agent
    with Session.begin() as session:
        session.get_one(Agent, reception.agent.id).active = False
    assert ask(system, key).status_code == 401


def test_a_key_opens_no_page_and_a_wrong_one_is_no_cookie(reception: Desk, system: FlaskClient) -> None:
    key = make(reception)
    assert ask(system, key, "/desk/inbox").status_code == 302
    assert reception.client.get("/api/v1/tickets", headers={"Authorization": "Bearer hub_made-up"}).status_code == 401


def test_a_key_has_a_name_and_nobody_has_too_many(reception: Desk) -> None:
    assert "Say what the key is for" in reception.post("/account/keys", name=" ").text
    with Session.begin() as session:
        assert reception.agent
        session.add_all(
            ApiKey(agent_id=reception.agent.id, name="x", key_hash=f"{each}", begins="hub_") for each in range(MOST)
        )
    assert "Revoke one first" in reception.post("/account/keys", name="one more").text
