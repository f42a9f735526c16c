"""A decision can be taken again as long as its edition can be read."""

import pytest
from sqlalchemy import Engine

from contact_hub import editions
from contact_hub.database import Session, reading
from contact_hub.history import StoredDecision
from contact_hub.reasons import NeverDecided, OtherVersion, decided_again, rules_of
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.tickets import Ticket
from tests.builders import RULES, a_ticket, an_edition_of_another_version, publish_rules


@pytest.fixture(autouse=True)
def decided(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session)
        a_ticket(session, message="een pothole")
        publish_rules(session, RULES.replace("pothole", "crater"))


def test_the_edition_that_decided_decides_again_whatever_the_newest_one_says() -> None:
    with reading() as session:
        again = decided_again(session, session.query(Ticket).one())
        assert (again.decision.rule, again.departures) == ("potholes", ())


def test_the_rules_of_an_edition_are_read_once_whoever_asks_for_them() -> None:
    with Session.begin() as session:
        for number in range(4):
            publish_rules(session, RULES.replace("pothole", f"hole{number}"))
    editions.forget()
    with reading() as session:
        assert rules_of(session, 1) is editions.rulebook_of(session, 1)
        assert rules_of(session, 1) == read_rulebook(RULES)


@pytest.mark.parametrize(("part", "value"), [("queue", "groen"), ("tags", ["x"]), ("evidence", []), ("priority", "low")])
def test_what_was_recorded_otherwise_is_named(part: str, value: object) -> None:
    with Session.begin() as session:
        stored = session.query(StoredDecision).one()
        stored.record = {**stored.record, part: value}

    with reading() as session:
        assert decided_again(session, session.query(Ticket).one()).departures == (part,)


def test_a_part_that_was_not_recorded_yet_departs_from_nothing() -> None:
    with Session.begin() as session:
        stored = session.query(StoredDecision).one()
        stored.record = {name: value for name, value in stored.record.items() if name not in ("near_misses", "also")}

    with reading() as session:
        assert decided_again(session, session.query(Ticket).one()).departures == ()


def test_rules_of_another_version_of_the_hub_say_so() -> None:
    with Session.begin() as session:
        an_edition_of_another_version(session)

    with reading() as session, pytest.raises(OtherVersion):
        decided_again(session, session.query(Ticket).one())


def test_a_ticket_nothing_decided_about_says_so() -> None:
    with Session.begin() as session:
        session.delete(session.query(StoredDecision).one())

    with reading() as session, pytest.raises(NeverDecided):
        decided_again(session, session.query(Ticket).one())
