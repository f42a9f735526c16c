"""The guide to the interface: it names every address there is, and what it shows can be done as it stands there."""

import itertools
import re
import shlex
from pathlib import Path

import pytest
from flask import Flask

from contact_hub import api_keys
from contact_hub.database import Session
from contact_hub.search.operators import MEANS, STATES
from contact_hub.web.doing import VERBS
from contact_hub.web.filters import SORTS, VIEWS
from tests import builders

pytestmark = pytest.mark.either_database

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
HOST = "https://hub.town.example"
SHOWN = "26-000001-D"


def test_every_address_and_every_verb_stands_in_the_guide(app: Flask) -> None:
    named = app.test_client().get("/api/v1/openapi.json").json["paths"]
    paths = {path.removeprefix("/api/v1") for path in named}
    verbs = {f"/tickets/{{reference}}/{verb}" for verb in VERBS}
    assert sorted(path for path in paths - verbs if not re.search(rf"{re.escape(path)}(?![\w/{{])", GUIDE)) == []
    assert [verb for verb in VERBS if f"`{verb}`" not in GUIDE] == []


def test_every_list_and_every_operator_of_the_search_stands_in_the_guide() -> None:
    operators = [f"{name}:" for name in MEANS if name != "has"]
    assert [name for name in (*VIEWS, *SORTS, *STATES, *operators, "has:attachment") if f"`{name}`" not in GUIDE] == []


def test_what_the_guide_shows_can_be_done(app: Flask) -> None:
    with Session.begin() as session:
        reference = builders.a_ticket(session).reference
        key = api_keys.make(session, builders.an_agent(session, "agent", "onthaal"), "the guide")
    commands = re.findall(r"^curl ((?:.*\\\n)*.*)$", GUIDE, re.MULTILINE)
    assert len(commands) > 5
    for command in commands:
        words = shlex.split(command.replace("\\\n", " ").replace("$KEY", key).replace(SHOWN, reference))
        asked = dict(zip(words[:-1:2], words[1:-1:2], strict=True))
        headers = dict(word.split(": ", 1) for option, word in itertools.pairwise(words) if option == "-H")
        path = words[-1].removeprefix(HOST)
        answer = app.test_client(use_cookies=False).open(
            path, method=asked.get("-X", "GET"), headers=headers, data=asked.get("-d")
        )
        assert answer.status_code in (200, 201), (command, answer.text)
