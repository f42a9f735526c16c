"""The application as tests meet it: asked in-process by a client, or served under uvicorn on a port of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import uvicorn
from flask import Flask
from flask.testing import FlaskClient
from flask_login import FlaskLoginClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from contact_hub import agent_sessions, forms, process
from contact_hub.agents import Agent
from contact_hub.app import create_app, with_news
from contact_hub.database import Session, use
from contact_hub.settings import Settings
from contact_hub.web.people_at_work import SignedIn
from contact_hub.web.security import limiter
from tests import databases
from tests.servers.processes import free_port, port_answers, wait_until

SECRET = "a secret of forty characters for tests!!"


def settings_for(database_url: str, redis_url: str, **more: Any) -> Settings:
    """Settings of a hub on these servers."""
    return Settings(database_url=database_url, redis_url=redis_url, secret_key=SECRET, **more)


class Compiled(BytecodeCache):
    """The templates that this process compiled, for every application it makes."""

    def __init__(self) -> None:
        self._by_name: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._by_name:
            bucket.bytecode_from_string(self._by_name[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._by_name[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()
_made: dict[Settings, Flask] = {}  # by settings, but for what is each test's own


def an_application(settings: Settings) -> Flask:
    """The pages, doors and API, where forms may be filled in as quickly as a test does."""
    forms.stand_in(settings.forms)
    app = _shared(settings)
    app.config["FORMS_QUICKEST"] = 0
    return app


def _shared(settings: Settings) -> Flask:
    """Making an application takes as long as a dozen pages, so those with the same settings are one.

    It keeps nothing but in its database.
    """
    shared = replace(settings, database_url="", var=Path())
    app = _made.get(shared) or _made.setdefault(shared, made_anew(settings))
    app.config["HUB"] = settings
    app.config.pop("FORMS_QUICKEST", None)
    app.testing = False
    limiter.reset()
    return app


def made_anew(settings: Settings) -> Flask:
    """An application of one test's own, which need not compile the templates again."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def signed_in(app: Flask, agent: Agent) -> FlaskClient:
    """A browser in which this agent is signed in; that the door lets nobody else in is shown by its own tests."""
    with Session.begin() as session:
        token = agent_sessions.begin(session, agent, "a browser of the tests")
    return FlaskLoginClient(app, app.response_class, user=SignedIn(agent, token))


def submit(client: FlaskClient, page: TestResponse, action: str, **filled: Any) -> TestResponse:
    """Sends the form of a page that posts to `action`, filled in like this."""
    return client.post(action, data=values(page.text, action) | filled, content_type="multipart/form-data")


def values(page: str, action: str) -> dict[str, Any]:
    """What the form that posts to `action` holds, as a browser would send it, without its buttons."""
    form = next(form for form in lxml.html.fromstring(page).forms if (form.action or "").split("?")[0] == action)
    texts = {each.name for each in form.xpath(".//textarea")}
    held: dict[str, Any] = {}
    for name, value in form.form_values():
        value = value.removeprefix("\n") if name in texts else value  # as browsers do
        held[name] = (
            [*held[name], value] if isinstance(held.get(name), list) else [held[name], value] if name in held else value
        )
    return held


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The whole application under uvicorn; gives its address."""
    process.bind(settings)
    use(databases.at(settings.database_url))
    port = free_port()
    whole = with_news(_shared(settings), settings)
    config = uvicorn.Config(whole, host="127.0.0.1", port=port, log_config=None, lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    wait_until(lambda: port_answers(port), seconds=20, otherwise=lambda: RuntimeError("uvicorn did not start"))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
