"""The small Lindervelde, served by a real web process."""

from collections.abc import Iterator
from contextlib import contextmanager

from contact_hub import database, editions, live
from contact_hub.database import Session
from tests import builders
from tests.application import served, settings_for


@contextmanager
def serving(database_url: str, redis_url: str) -> Iterator[str]:
    """The address of a hub in whose database the test's rules are in force."""
    database.connect(database_url)
    with Session.begin() as session:
        builders.publish_rules(session)
    with served(settings_for(database_url, redis_url)) as address:
        yield address
    live.connect(None)
    editions.forget()
    database.disconnect()
