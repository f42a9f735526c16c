"""Whoever drafts rules sees at once what the draft would have done to past tickets, and no ticket they may not read."""

import pytest
from flask import Flask

from contact_hub.database import Session, now
from tests.api.test_rules_api import PROBLEM, Supervisor
from tests.builders import RULES, a_ticket, an_agent, queue

WITH_LAMPS = RULES.replace("route:\n", "route:\n  - {id: lamps, when: {text: [lamp]}, then: {queue: wegen}}\n")


@pytest.fixture
def sofie(app: Flask) -> Supervisor:
    return Supervisor(app)


@pytest.fixture
def references(app: Flask) -> list[str]:
    """A lamp that people handed over to the roads, and one of which only the ombudsman may read."""
    with Session.begin() as session:
        lamp = a_ticket(session, message="Een lamp is stuk", received=now())
        lamp.hand_over(to=queue(session, "wegen"), by=an_agent(session), because="a lamp", promise="you hear from us")
        a_ticket(session, message="Ombudsman! De lamp is nog altijd stuk", received=now())
        a_ticket(session, message="Mag ik iets vragen?", received=now())
        return [lamp.reference]


def test_a_draft_is_told_what_it_would_have_moved_and_whether_to_where_people_put_it(
    sofie: Supervisor, references: list[str]
) -> None:
    answer = sofie.send("/replay", text=WITH_LAMPS, last=30)
    assert answer.status_code == 200
    told = answer.json
    assert (told["edition"], told["in_time"], told["replayed"], told["left_out"]) == (1, 2, 2, 0)
    assert (told["moved"], told["towards"], told["away"]) == (1, 1, 0)
    assert (told["before"], told["after"]) == (
        {"judged": 1, "right": 0, "share": 0.0},
        {"judged": 1, "right": 1, "share": 1.0},
    )
    assert [(way["from"], way["to"], way["tickets"]) for way in told["ways"]] == [("onthaal", "wegen", 1)]
    assert [(rule["rule"], rule["won_before"], rule["won_after"]) for rule in told["rules"]] == [
        ("lamps", 0, 1),
        ("default", 2, 1),
    ]


def test_tickets_the_supervisor_may_not_read_are_neither_counted_nor_listed(sofie: Supervisor, references: list[str]) -> None:
    told = sofie.send("/replay", text=WITH_LAMPS).json
    assert [each["reference"] for each in told["tickets"]] == references
    assert told["tickets"][0]["verdict"] == "towards"
    assert told["not_listed"] == 0


def test_the_answer_holds_no_words_of_citizens(sofie: Supervisor, references: list[str]) -> None:
    said = sofie.send("/replay", text=WITH_LAMPS).text
    assert "stuk" not in said
    assert "citizen" not in said


def test_a_draft_with_mistakes_is_answered_with_all_of_them(sofie: Supervisor) -> None:
    answer = sofie.send("/replay", text=WITH_LAMPS.replace("queue: wegen}", "queue: wegn}").replace("[boom]", "[]"))
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert len(answer.json["errors"]) >= 2
    assert all(each["line"] for each in answer.json["errors"])


@pytest.mark.parametrize("last", [0, -1, 100_000, "long"])
def test_a_span_of_days_is_a_number_that_can_be(sofie: Supervisor, last: object) -> None:
    assert sofie.send("/replay", text=RULES, last=last).status_code == 422


def test_the_doctor_tells_what_past_tickets_say_of_the_rules(sofie: Supervisor, references: list[str]) -> None:
    told = sofie.send("/history", text=WITH_LAMPS, last=30).json
    never = {each["rules"][0] for each in told["findings"] if each["code"] == "never-matched"}
    won = {each["rules"][0] for each in told["findings"] if each["code"] == "never-won"}
    assert told["tickets"] == told["in_time"] == 2
    assert told["left_out"] == 0
    assert "trees" in never
    assert "lamps" not in never
    assert "complaints" in never  # of the one it took nothing is told
    assert won == set()
    assert sofie.send("/history", text="format: 2").status_code == 422


def test_only_supervisors_may_ask(app: Flask) -> None:
    assert Supervisor(app, "agent").send("/replay", text=RULES).status_code == 403
