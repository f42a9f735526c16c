"""The application in front of this test's database, and people to sign in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType
from werkzeug.test import TestResponse

from contact_hub import editions, live, tickets
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.settings import Settings
from contact_hub.tickets import Ticket
from tests import builders
from tests.application import an_application, signed_in

SignIn = Callable[..., "Desk"]


class Desk:
    """A browser in which somebody is signed in; posts bring the page's token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.agent: Agent | None = None

    def get(self, path: str, **more: object) -> TestResponse:
        """A page, after redirects."""
        return self.client.get(path, follow_redirects=True, **more)

    def page(self, path: str) -> str:
        """The text of a page that must be there."""
        response = self.get(path)
        assert response.status_code == 200, response.status
        return response.text

    def post(self, path: str, **form: str) -> TestResponse:
        """Fills in a form and sends it, without following where it leads."""
        return self.client.post(path, data={"csrf_token": self.token(), **form})

    def put(self, path: str, **form: str) -> TestResponse:
        """Sends it as the page's scripts do."""
        return self.client.put(path, data={"csrf_token": self.token(), **form})

    def token(self) -> str:
        """What every page puts into its forms."""
        here = self.client.get("/sign-in/here")
        if here.status_code == 200:
            return str(here.json["token"])
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page("/sign-in"))
        assert found
        return found[1]


@pytest.fixture
def settings(database: Engine, database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, redis_url="memory://", secret_key="x" * 32, var=tmp_path)


@pytest.fixture
def news() -> live.Silence:
    """What was told to open desks."""
    announcer = live.connect(None)
    assert isinstance(announcer, live.Silence)
    return announcer


@pytest.fixture
def app(settings: Settings, news: live.Silence) -> Flask:
    """The whole application, with the rules of the small Lindervelde in force."""
    editions.forget()
    with Session.begin() as session:
        builders.publish_rules(session)
    app = an_application(settings)
    app.testing = True
    return app


@pytest.fixture
def visitor(app: Flask) -> Desk:
    """A browser in which nobody is signed in."""
    return Desk(app.test_client())


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Signs somebody new in, with this role and these queues."""

    def enter(role: str = "agent", *queues: str, name: str = "Anna Claes") -> Desk:
        with Session.begin() as session:
            agent = builders.an_agent(session, role, *queues, name=name)
            agent.language = "en"
        desk = Desk(signed_in(app, agent))
        desk.agent = agent
        return desk

    return enter


@pytest.fixture
def reference(app: Flask) -> str:
    """An open ticket at the reception, by mail."""
    with Session.begin() as session:
        return builders.a_ticket(session, sender="roos@example.org", message_id="vraag@example.org").reference


@pytest.fixture
def reception(sign_in: SignIn) -> Desk:
    """Anna, who works at the reception."""
    return sign_in("agent", "onthaal")


def the_ticket(session: SessionType, reference: str) -> Ticket:
    """The ticket that must be there."""
    ticket = tickets.find(session, reference)
    assert ticket
    return ticket
