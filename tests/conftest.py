"""What every test may ask for: real servers, started when first wanted, and a migrated database of its own.

Each xdist worker has servers of its own; they start in under a second each and need no agreement between workers.
"""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType

from contact_hub import editions
from contact_hub.agents import Agent
from contact_hub.database import Session, migrate, use
from tests import builders, databases
from tests.emptied import Emptied
from tests.servers import ImapServer, PostgresServer, SmtpSink, ValkeyServer
from tests.servers.processes import memory, own_folder

settings.register_profile("hub", deadline=None)  # a busy machine is no failure
settings.load_profile("hub")
gc.disable()  # until all code and all tests are there
os.environ["LANGUAGE"] = "en"  # what commands say is not to hang on whose machine this is


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server without fsync."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def valkey(valkey_server: ValkeyServer) -> Iterator[ValkeyServer]:
    """A Redis-compatible server, running and empty; a test that takes it away need not bring it back."""
    valkey_server.flush()
    yield valkey_server
    if not valkey_server.running:
        valkey_server.start()


@pytest.fixture
def redis_url(valkey: ValkeyServer) -> str:
    return valkey.url


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    """An IMAP server with an empty INBOX."""
    with ImapServer() as server:
        yield server


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """A mail server that keeps what it is sent."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of this test alone: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.hookimpl(tryfirst=True)  # before what gives a test its databases
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What hangs on no database runs on the one that its name falls to: so both go on serving all kinds of pages."""
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("either_database"):
        kind = ("sqlite", "postgresql")[crc32(metafunc.definition.nodeid.encode()) % 2]
        metafunc.definition.add_marker(pytest.mark.parametrize("database_url", [kind], indirect=True))


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """The Session bound to this test's database, on SQLite and on PostgreSQL."""
    editions.forget()
    engine = databases.at(database_url)
    use(engine)
    yield engine
    databases.let_go(engine)


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    folder = own_folder("sqlite", parent=memory())
    shutil.copyfile(sqlite_template, folder / "hub.sqlite")
    yield f"sqlite:///{folder / 'hub.sqlite'}"
    shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql_database: Emptied) -> str:
    return postgresql_database.url()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    migrate(f"sqlite:///{folder / 'migrated.sqlite'}")
    with closing(sqlite3.connect(folder / "migrated.sqlite")) as connection:
        connection.execute("VACUUM INTO ?", [str(folder / "template.sqlite")])
    return folder / "template.sqlite"


@pytest.fixture(scope="session")
def postgresql_database(postgresql: PostgresServer) -> Emptied:
    """A migrated PostgreSQL database, to be emptied."""
    return Emptied(postgresql)


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take long begins first: so nobody waits at the end for the one process that still works."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    """All code and all tests are there, and stay: looking through them for what can go is a twentieth of the work."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """With CI set nothing may be skipped, but for tests marked `optional`."""
    report = yield
    excused = item.get_closest_marker("optional") or hasattr(report, "wasxfail")
    if report.skipped and os.environ.get("CI") and not excused:
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing may be: {report.longrepr[2]}"
    return report


@pytest.fixture
def session(database: Engine) -> Iterator[SessionType]:
    """A transaction in a town whose rules are published; it ends with the test."""
    with Session.begin() as session:
        builders.publish_rules(session)
        yield session


@pytest.fixture
def anna(session: SessionType) -> Agent:
    """Somebody at the reception."""
    return builders.an_agent(session, "agent", "onthaal")
