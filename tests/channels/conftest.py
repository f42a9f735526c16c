"""A small Lindervelde with its rules in force, and the application before it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from contact_hub.database import Session
from tests.application import an_application, settings_for
from tests.builders import publish_rules


@pytest.fixture
def app(database: Engine, database_url: str, redis_url: str) -> Flask:
    with Session.begin() as session:
        publish_rules(session)
    return an_application(settings_for(database_url, redis_url, demo=True))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
