"""The database opens for whoever comes, however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import make_url, text

from contact_hub.database import Session, connect, disconnect, engine_for, reading
from tests.servers import PostgresServer


def test_a_new_file_opens_for_all_who_come_at_the_same_moment(tmp_path: Path) -> None:
    """As the pages and the migrations do when a hub starts for the first time."""

    def opened(name: str, all_there: Barrier) -> bool:
        engine = engine_for(f"sqlite:///{tmp_path / name}")
        all_there.wait()
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS something (id INTEGER)")
            connection.commit()
        engine.dispose()
        return True

    with ThreadPoolExecutor(8) as people:
        for number in range(25):
            all_there = Barrier(8)
            assert all(people.map(lambda _, name=f"{number}.db", there=all_there: opened(name, there), range(8)))  # type: ignore[misc]


def test_who_reads_within_a_reading_shares_its_session_and_nobody_after_it(database: object) -> None:
    with reading() as outer, reading() as inner:
        assert inner is outer
    with reading() as later:
        assert later is not outer


def test_reading_holds_no_transaction_open_on_postgresql(postgresql: PostgresServer, postgresql_url: str) -> None:
    """One held open keeps the database from tidying up what was changed since."""
    watcher = connect(postgresql_url)
    states = text("SELECT state FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = :name")
    with reading() as session, watcher.connect() as connection:
        session.execute(text("SELECT 1"))
        assert set(connection.scalars(states, {"name": make_url(postgresql_url).database})) == {"idle"}
    disconnect()


def test_postgresql_compiles_no_query_of_ours(postgresql_url: str) -> None:
    connect(postgresql_url)
    for opened in (reading, Session.begin):
        with opened() as session:
            assert session.scalar(text("SHOW jit")) == "off"
    disconnect()


def test_postgresql_begins_no_workers_for_what_is_soon_found(postgresql_url: str) -> None:
    """By itself it would share out a look through so many rows."""
    connect(postgresql_url)
    with Session.begin() as session:
        session.execute(text("CREATE TABLE numbered AS SELECT n FROM generate_series(1, 400000) AS n"))
        session.execute(text("ANALYZE numbered"))
        plan = session.scalars(text("EXPLAIN SELECT n FROM numbered WHERE n + 0 = 7")).all()
        session.rollback()
    disconnect()
    assert not [line for line in plan if "Workers" in line]
