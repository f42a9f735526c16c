"""However many tickets there are, taking one more in costs the same: each look-up is served by an index.

SQLite says so for tables of any size; PostgreSQL reads a table of a few rows whole, and rightly.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from contact_hub import editions, intake
from contact_hub.database import Session, connect, disconnect
from tests.builders import a_contact, publish_rules

Asked = list[tuple[str, Any]]


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    editions.forget()
    yield connect(sqlite_url)
    disconnect()


@pytest.fixture
def asked(engine: Engine) -> Asked:
    """Every statement from here on, with its parameters."""
    statements: Asked = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append((given[2], given[3])))
    return statements


def test_no_look_up_of_the_gate_reads_a_whole_table(engine: Engine, asked: Asked) -> None:
    with Session.begin() as session:
        publish_rules(session)
    intake.receive([a_contact(message_id="first@example.org")], channel="email")
    asked.clear()
    intake.receive([a_contact(answers=("first@example.org",), subject="Re: [26-000001-D]"), a_contact()], channel="email")
    look_ups = [(statement, given) for statement, given in asked if statement.startswith("SELECT") and "WHERE" in statement]
    with engine.connect() as connection:
        plans = [(each, connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given).all()) for each, given in look_ups]
    assert len(plans) >= 8
    read_whole = [each for each, plan in plans if any("SCAN" in str(step) and "json_each" not in str(step) for step in plan)]
    assert not read_whole  # but for the names of queues that a statement brings itself
