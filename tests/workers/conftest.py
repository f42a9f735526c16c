"""A hub with rules in force, on a database and a news server of this test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine

from contact_hub.database import Session
from tests.builders import publish_rules
from tests.workers.hub import Hub, rules_file


class StartHub(Protocol):
    def __call__(self, **settings: str) -> Hub: ...


@pytest.fixture
def hub(database: Engine, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[StartHub]:
    """Makes a hub with these settings beside those every process needs."""
    with Session.begin() as session:
        publish_rules(session)
    made: list[Hub] = []
    rules = str(rules_file(tmp_path))

    def make(**settings: str) -> Hub:
        needed = {
            "database_url": database_url,
            "redis_url": redis_url,
            "secret_key": "k" * 40,
            "rules": rules,
            "log_level": "INFO",
        }
        made.append(Hub(tmp_path, **(needed | settings)).__enter__())
        return made[-1]

    yield make
    for each in made:
        each.__exit__()
