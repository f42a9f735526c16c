"""Persons are found by what one types of them from indexes alone: the database never looks through all it knows."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session as SessionType

from channels.phone import callers
from contact_hub import identity
from contact_hub.identity import Details
from contact_hub.tickets import Ticket
from tests.builders import a_ticket, an_agent

WHOLE = re.compile(r"(Seq Scan on|SCAN) (person|address|ticket)\b")


def found(session: SessionType, typed: str) -> list[str]:
    session.flush()
    agent = an_agent(session, "agent", "onthaal", name=f"Agent for {typed}")
    return [caller.person.name for caller in callers.found(session, agent, typed)]


def roos(session: SessionType) -> Ticket:
    a_ticket(session, channel="phone", sender="011 22 33 44", sender_name="Jan Claes")
    ticket = a_ticket(session, channel="phone", sender="014 00 00 03", sender_name="Loïs O'Neil-Peeters")
    identity.correct(
        session, ticket, Details(name="Loïs O'Neil-Peeters", mail="lois.oneil@example.org"), by=an_agent(session, name="Bea")
    )
    return ticket


NAMES = ["loi", "LOÏS pee", "peeters", "o'neil"]
WAYS = [*NAMES, "lois.on", "lois.oneil@exa", "014 00", "0032 14 00", "+32 14", "14 00 00", "1400"]


@pytest.mark.parametrize("typed", WAYS)
def test_somebody_is_found_while_typing(session: SessionType, typed: str) -> None:
    roos(session)
    assert found(session, typed) == ["Loïs O'Neil-Peeters"]


@pytest.mark.parametrize("typed", ["eeters", "example.org", "%%%", "00 03", "'", '"*"', "a:b", "+++", "٠١٤"])
def test_what_means_nobody_finds_nobody(session: SessionType, typed: str) -> None:
    roos(session)
    assert found(session, typed) == []


def test_a_new_name_is_found_and_the_old_one_is_not(session: SessionType) -> None:
    ticket = roos(session)
    identity.correct(session, ticket, Details(name="Loïs Willems"), by=an_agent(session))
    assert found(session, "willems") == ["Loïs Willems"]
    assert found(session, "peeters") == []


@pytest.mark.parametrize("typed", [*WAYS, "reference"])
def test_no_table_is_read_from_end_to_end(session: SessionType, database: Engine, typed: str) -> None:
    reference = roos(session).reference
    asked = Asked(database)
    found(session, reference if typed == "reference" else typed)
    event.remove(database, "before_cursor_execute", asked)
    plans = [plan for statement in asked.about_persons for plan in asked.explained(session, *statement)]
    assert plans
    assert [line for line in plans if WHOLE.search(line)] == []


class Asked:
    """What the database is asked, to have it explained."""

    def __init__(self, engine: Engine) -> None:
        self.about_persons: list[tuple[str, Any]] = []
        event.listen(engine, "before_cursor_execute", self)

    def __call__(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.search(r"FROM (person|address|ticket)\b", statement) and statement.lstrip().startswith(("SELECT", "WITH")):
            self.about_persons.append((statement, parameters))

    def explained(self, session: SessionType, statement: str, parameters: Any) -> list[str]:
        """How it would be answered, line by line; on PostgreSQL as if reading a whole table cost more than any index."""
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        session.execute(text("SET LOCAL enable_seqscan = off"))
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
