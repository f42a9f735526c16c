"""However many tickets there are, taking one more in costs the same: each look-up is served by an index.

SQLite says so for tables of any size; PostgreSQL reads a table of a few rows whole, and rightly.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, text

from contact_hub import editions, intake
from contact_hub.asked import tickets_asked_about
from contact_hub.database import Session, connect, disconnect
from contact_hub.outbox import Outgoing
from contact_hub.search.persons import begins_with
from tests.builders import a_contact, an_agent, publish_rules

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


def test_who_was_asked_is_found_past_all_notes_that_only_name_them(engine: Engine, asked: Asked) -> None:
    with Session.begin() as session:
        publish_rules(session)
        anna = an_agent(session, "agent", "onthaal")
        asked.clear()
        tickets_asked_about(session, anna)
    [(statement, given)] = asked
    with engine.connect() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all())
    assert all(f"ix_mention_{whom}_ticket_id" in plan for whom in ("agent_id", "queue_id"))


def test_postgresql_finds_a_beginning_by_an_index_also_where_it_plans_once_for_all(postgresql_url: str) -> None:
    """As it does for what is asked often: `LIKE` looks through the whole table then."""
    engine = connect(postgresql_url)
    with Session() as session:
        condition = begins_with(session, func.lower(Outgoing.recipient), "roos@")
        asked = str(select(Outgoing.message_id).where(condition).compile(engine, compile_kwargs={"literal_binds": True}))
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        for_all = asked.replace("'roos@'", "$1").replace("'roos@\U0010ffff'", "$2")
        session.connection().exec_driver_sql(f"PREPARE beginnings (text, text) AS {for_all}")
        plan = session.connection().exec_driver_sql("EXPLAIN EXECUTE beginnings ('roos@', 'roos@z')").scalars().all()
    disconnect()
    assert "ix_outbox_beginnings" in "".join(plan)
