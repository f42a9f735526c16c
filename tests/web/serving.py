"""The small Lindervelde, served by a real web process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contact_hub import editions, live
from contact_hub.database import Session, use
from tests import builders, databases
from tests.application import served, settings_for


@contextmanager
def serving(database_url: str, redis_url: str, **settings: Any) -> Iterator[str]:
    """The address of a hub in whose database the test's rules are in force."""
    engine = databases.at(database_url)
    use(engine)
    with Session.begin() as session:
        builders.publish_rules(session)
    with served(settings_for(database_url, redis_url, **settings)) as address:
        yield address
    live.connect(None)
    editions.forget()
    databases.let_go(engine)
