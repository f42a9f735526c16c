"""Where everything is kept: the declarative base, the one Session, and the engines for SQLite and PostgreSQL."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Text,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, sessionmaker
from sqlalchemy.orm import Session as SessionType
from sqlalchemy.types import JSON, TypeDecorator

from contact_hub.stems import stems_of_text

if TYPE_CHECKING:
    from alembic.config import Config

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
STATEMENTS = 2000  # compiled ones to keep; the hub has more than the 500 that SQLAlchemy keeps by itself
AGAIN = 0.02  # seconds after which SQLite is asked again
SQLITE_WAITS = 30  # seconds a writer waits for another one
SHARED_OUT = 50_000  # what must be saved by that, as PostgreSQL reckons: as much as reading 400 MB
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit that was acknowledged survives the power
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-8000",  # KB
    "wal_autocheckpoint=4000",  # pages: written back less often, the same pages of an index are written once
)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware and UTC in Python, whatever the database keeps of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive moment: nobody could say when it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the offset; it was UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """What people wrote, as any database can keep it: no NUL, no half of a surrogate pair, at most `length` characters."""

    impl = Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is stored."""
        return None if value is None else self.kept(value)

    def kept(self, text: str) -> str:
        """The text as it will come back: replaces only what can't be stored."""
        kept = text[: self.length].replace("\0", "\ufffd")
        try:
            kept.encode()
        except UnicodeEncodeError:
            return kept.encode("utf-8", "replace").decode("utf-8")
        return kept


class Base(DeclarativeBase):
    """What every table stands on."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: JSON, list[str]: JSON, list[dict[str, Any]]: JSON}


Session = sessionmaker(expire_on_commit=False)
_reading = sessionmaker(expire_on_commit=False, info={"reads": True})
_open: ContextVar[SessionType | None] = ContextVar("_open", default=None)


def now() -> datetime:
    """This moment, aware and UTC."""
    return datetime.now(UTC)


def connect(url: str) -> Engine:
    """Binds this process to the database at `url` (sqlite:/// or postgresql+psycopg://)."""
    engine = engine_for(url)
    use(engine)
    return engine


def use(engine: Engine) -> None:
    """Binds this process to an engine that `engine_for` made.

    On PostgreSQL what only reads begins no transaction: each statement sees what is committed, as it would within one, and
    two round trips less are waited for.
    """
    Session.configure(bind=engine)
    plain = {} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    _reading.configure(bind=engine.execution_options(reading=True, **plain))


def disconnect() -> None:
    """Lets go of the database, as before a fork or after a test."""
    engine = Session.kw.get("bind")
    if isinstance(engine, Engine):
        engine.dispose()
    Session.configure(bind=None)
    _reading.configure(bind=None)


@contextmanager
def reading() -> Iterator[SessionType]:
    """A session that only reads and so never waits for a writer; within another such it is the same one."""
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    with _reading() as session:
        _open.set(session)
        try:
            yield session
        finally:
            _open.set(None)


def engine_for(url: str) -> Engine:
    """An engine whose acknowledgements hold: WAL with full synchronisation on SQLite, checked connections on PostgreSQL.

    Its errors never repeat the parameters: these hold what citizens wrote.
    """
    kept: dict[str, Any] = {"hide_parameters": True, "query_cache_size": STATEMENTS}
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(_with_driver(url), pool_pre_ping=True, pool_size=10, max_overflow=20, **kept)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAITS, "check_same_thread": False}, **kept)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def insert_into(session: SessionType, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what to do about a row that is there already, as both databases know it."""
    of_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if of_postgresql else sqlite.insert(table)


def migrate(url: str) -> None:
    """Brings the database at `url` to the newest shape; does nothing where it has it already."""
    from alembic import command  # only here: it costs a process that never migrates 12 MB

    command.upgrade(_alembic(url), "head")


def is_migrated(session: SessionType) -> bool:
    """Whether the connected database has the shape this version needs."""
    from alembic.script import ScriptDirectory

    if not inspect(session.connection()).has_table("alembic_version"):
        return False
    at = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return at == ScriptDirectory.from_config(_alembic("")).get_current_head()


def _with_driver(url: str) -> str:
    """Managed databases hand out postgres:// or postgresql:// addresses; psycopg is what we speak."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in {"postgres", "postgresql"} else url


def _prepare_postgresql(connection: Any, _: object) -> None:
    """Has no query compiled, and none but the longest shared out to workers: to begin so takes longer than pages gain by it."""
    connection.execute("SET jit = off")
    connection.execute(f"SET parallel_setup_cost = {SHARED_OUT}")
    connection.commit()


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.create_function("contact_hub_stems", 1, stems_of_text, deterministic=True)  # the index of words asks it
    for pragma in PRAGMAS:
        _set(connection, pragma)


def _set(connection: Any, pragma: str) -> None:
    """Tries for as long as a writer waits: two that turn a new file to WAL at once are refused without any waiting."""
    until = time.monotonic() + SQLITE_WAITS
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(AGAIN)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the start: a transaction that finds out late that it must write would fail."""
    reads_only = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _alembic(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config
