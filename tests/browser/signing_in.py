"""How somebody who works in the hub signs in."""

import re

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect

from contact_hub import agent_sessions
from contact_hub.agents import Agent
from contact_hub.database import Session
from tests.application import SECRET
from tests.builders import PASSWORD


def sign_in(page: Page, agent: Agent) -> None:
    """Gives the browser of a page the cookie of somebody who signed in; where they begin is for the test to say."""
    with Session.begin() as session:
        token = agent_sessions.begin(session, agent, "a browser of the tests")
    app = Flask(__name__)
    app.secret_key = SECRET
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    kept = str(signer.dumps({"_user_id": token, "_fresh": True}))
    page.context.add_cookies([{"name": "contact_hub", "value": kept, "domain": "127.0.0.1", "path": "/"}])


def sign_in_by_form(page: Page, agent: Agent) -> None:
    """Fills in the form and waits for the page behind it."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))
