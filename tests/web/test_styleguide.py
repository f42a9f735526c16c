"""The styleguide shows the parts of pages to those who build them, and to nobody in production."""

from dataclasses import replace

import pytest
from flask import Flask

from contact_hub.settings import Settings
from tests.application import made_anew
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database


def test_the_styleguide_is_there_in_the_demo_alone(app: Flask, settings: Settings, reception: Desk, sign_in: SignIn) -> None:
    assert reception.get("/styleguide").status_code == 404
    demo = Desk(made_anew(replace(settings, demo=True)).test_client())
    assert reception.agent
    demo.post("/sign-in", email=reception.agent.email, password="a long walk along the river")
    page = demo.page("/styleguide")
    assert "--accent" in page
    assert "Nothing is waiting here" in page
