"""How somebody who works in the hub signs in."""

import re

from playwright.sync_api import Page, expect

from contact_hub.agents import Agent
from tests.builders import PASSWORD


def sign_in(page: Page, agent: Agent) -> None:
    """Fills in the form and waits for the page behind it."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))
