"""A database that goes away amid the work costs time, and nothing else."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import make_url

from contact_hub.database import SQLITE_WAITS
from tests.servers import ImapServer, PostgresServer
from tests.workers import hub as seen
from tests.workers.conftest import StartHub
from tests.workers.mails import a_mail

pytestmark = [pytest.mark.faults, pytest.mark.timeout(200)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_server_that_restarts_is_waited_for(hub: StartHub, imap: ImapServer, postgresql: PostgresServer) -> None:
    watching = hub(mailboxes=imap.url)
    watching.start("mailbox")
    watching.until(lambda: seen.holder() != "", what="the watcher works")
    postgresql.stop()
    imap.append(*(a_mail(number) for number in range(60)))
    watching.until(lambda: "a mailbox is in trouble" in watching.log(), what="the trouble is logged")
    postgresql.start()
    watching.until(lambda: seen.contacts() == 60, what="all mails are taken in")
    assert seen.tally() == {"offered": 60, "taken": 60, "known": 0, "set_aside": 0}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_held_by_another_for_too_long_is_waited_for(hub: StartHub, imap: ImapServer, database_url: str) -> None:
    watching = hub(mailboxes=imap.url)
    watching.start("mailbox")
    watching.until(lambda: seen.holder() != "", what="the watcher works")
    with closing(sqlite3.connect(str(make_url(database_url).database), timeout=30, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        imap.append(*(a_mail(number) for number in range(60)))
        watching.until(
            lambda: "OperationalError" in watching.log(), what="the watcher waits in vain", seconds=SQLITE_WAITS + 30
        )
        another.execute("ROLLBACK")
    watching.until(lambda: seen.contacts() == 60, what="all mails are taken in")
    assert seen.tally() == {"offered": 60, "taken": 60, "known": 0, "set_aside": 0}
