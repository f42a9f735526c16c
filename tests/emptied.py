"""A PostgreSQL database that is emptied for each test rather than made anew, so that connections to it stay warm."""

from typing import Any

import psycopg

from contact_hub.database import migrate
from tests.servers import PostgresServer

OURS = "a test itself"  # what the connections that stay for the next test are called

AS_NEW = """
CREATE TABLE tests.reshaped (tag text);
CREATE FUNCTION tests.as_new() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (TABLE tests.reshaped) OR EXISTS (
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
    AND pid <> pg_backend_pid() AND (application_name, state) IS DISTINCT FROM ('{ours}', 'idle')
  ) THEN RETURN false; END IF;
  {anew}
  RETURN true;
END $$;
CREATE FUNCTION tests.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO tests.reshaped VALUES (tg_tag);
END $$;
CREATE EVENT TRIGGER tests_note ON ddl_command_end EXECUTE FUNCTION tests.note();
"""


class Emptied:
    """Is as new whenever its address is asked for: migrated, and nothing in it."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._template = server.create_database()
        migrate(server.url(self._template))
        with self._connected(self._template) as connection:
            _prepare(connection)
        self._name = ""
        self._within: psycopg.Connection[Any] | None = None

    def url(self) -> str:
        """Where it is: elsewhere than before, if somebody is still in that one or changed the shape of its tables."""
        if not self._as_new():
            self.close()
            self._name = self._server.create_database(template=self._template)
            self._within = self._connected(self._name)
        return self._server.url(self._name)

    def close(self) -> None:
        """Removes it, whoever is in it."""
        if self._within:
            self._within.close()
            self._server.drop_database(self._name)

    def _as_new(self) -> bool:
        try:
            return self._within is not None and self._within.execute("SELECT tests.as_new()").fetchone() == (True,)
        except psycopg.OperationalError:
            return False  # a test cut all connections

    def _connected(self, name: str) -> psycopg.Connection[Any]:
        """In a session that no trigger holds back."""
        address = self._server.url(name).replace("+psycopg", "")
        return psycopg.connect(address, autocommit=True, options="-c session_replication_role=replica")


def _prepare(connection: psycopg.Connection[Any]) -> None:
    """Lets the copies of a template empty themselves, and note when somebody changes their shape."""
    tables = _names(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    counters = _names(connection, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
    filled = [table for table in tables if connection.execute(f'SELECT EXISTS (TABLE "{table}")').fetchone() == (True,)]
    anew = [
        *(f'DELETE FROM "{table}";' for table in tables),
        *(f'INSERT INTO "{table}" TABLE tests."{table}";' for table in filled),
        *(f"PERFORM setval('\"{counter}\"', 1, false);" for counter in counters),
    ]
    connection.execute("CREATE SCHEMA tests")
    for table in filled:
        connection.execute(f'CREATE TABLE tests."{table}" AS TABLE "{table}"')
    connection.execute(AS_NEW.format(ours=OURS, anew="\n  ".join(anew)))


def _names(connection: psycopg.Connection[Any], query: str) -> list[str]:
    return [name for (name,) in connection.execute(query)]
