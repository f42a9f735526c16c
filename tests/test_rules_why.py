"""`contact-hub rules why`: the reasons of a ticket at the command line."""

import json
from collections.abc import Sequence
from subprocess import CompletedProcess

import pytest
from sqlalchemy import Engine

from contact_hub.database import Session
from contact_hub.history import StoredDecision
from tests import builders
from tests.commands import contact_hub


@pytest.fixture
def reference(database: Engine) -> str:
    with Session.begin() as session:
        builders.publish_rules(session)
        return builders.a_ticket(session, message="Een boom en een put in de weg").reference


def why(database_url: str, *words: str) -> CompletedProcess[str]:
    settings = {"DATABASE_URL": database_url, "REDIS_URL": "redis://localhost:1", "SECRET_KEY": "x" * 40}
    return contact_hub("rules", "why", *words, **settings)


def lines(answer: CompletedProcess[str]) -> Sequence[str]:
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_the_reasons_are_told_and_taken_again(database_url: str, reference: str) -> None:
    told = lines(why(database_url, reference))

    assert told[0] == f"{reference}, by edition 1"
    assert "queue         wegen" in told
    assert "runners-up    trees" in told
    assert told[-1] == "Taken again by edition 1, it is the same."


@pytest.mark.either_database
def test_a_rule_is_shown_whole(database_url: str, reference: str) -> None:
    told = lines(why(database_url, reference, "trees"))

    assert "trees: The rule “potholes” stands above it and took the contact." in told
    assert told[-2:] == ["✓ text: boom", "    found: boom"]


@pytest.mark.either_database
def test_machines_read_it_as_json(database_url: str, reference: str) -> None:
    told = json.loads(why(database_url, reference, "taxes", "--json").stdout)

    assert (told["decision"]["rule"], told["same"]) == ("potholes", True)
    assert (told["explanation"]["rule"], told["explanation"]["holds"]) == ("taxes", False)


@pytest.mark.either_database
def test_a_newer_edition_does_not_change_why(database_url: str, reference: str) -> None:
    with Session.begin() as session:
        builders.publish_rules(session, builders.RULES.replace("put in de weg", "kuil"))

    assert lines(why(database_url, reference))[-1] == "Taken again by edition 1, it is the same."


@pytest.mark.either_database
def test_a_decision_that_comes_out_otherwise_is_told_and_ends_with_code_1(database_url: str, reference: str) -> None:
    with Session.begin() as session:
        decision = session.query(StoredDecision).one()
        decision.record = {**decision.record, "queue": "groen"}

    answer = why(database_url, reference)

    assert answer.returncode == 1
    assert "comes out otherwise in: queue." in answer.stdout


@pytest.mark.either_database
def test_what_is_not_there_is_said_plainly(database_url: str, reference: str) -> None:
    asked = {("26-999999-7",): "There is no ticket", (reference, "nonsense"): "has no rule nonsense"}
    for words, said in asked.items():
        answer = why(database_url, *words)
        assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr


@pytest.mark.either_database
def test_a_ticket_that_no_rules_brought_is_said_plainly(database_url: str, reference: str) -> None:
    with Session.begin() as session:
        session.delete(session.query(StoredDecision).one())

    answer = why(database_url, reference)
    assert (answer.returncode, "No rules brought" in answer.stderr) == (2, True)


@pytest.mark.either_database
def test_the_reasons_are_told_in_the_language_that_is_asked_for(database_url: str, reference: str) -> None:
    told = why(database_url, reference, "trees", "--language", "nl").stdout

    assert "trees: De regel “potholes” staat erboven en nam het contact." in told
