"""Killed at any moment, the watcher loses nothing and takes nothing twice."""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import make_url

from tests.servers import ImapServer
from tests.workers import hub as seen
from tests.workers.conftest import StartHub
from tests.workers.mails import a_mail

MAILS = 500
KILLED = 20
CUT = 5
SEED = random.SystemRandom().randrange(1 << 32)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def test_killed_at_twenty_moments_the_watcher_loses_and_doubles_nothing(
    hub: StartHub, imap: ImapServer, cut_connections: Callable[[random.Random], None]
) -> None:
    print(f"seed {SEED}")
    lot = random.Random(SEED)
    letters = [a_mail(number) for number in range(MAILS)]
    watching = hub(mailboxes=imap.url)
    cut_in = set(lot.sample(range(KILLED), CUT))
    for moment in range(KILLED):
        before = seen.contacts()
        imap.append(*letters[moment * MAILS // KILLED : (moment + 1) * MAILS // KILLED])
        watcher = watching.start("mailbox")
        watching.until(lambda: seen.holder() != "", what="the watcher works")
        if moment in cut_in:
            time.sleep(lot.uniform(0, 0.3))
            cut_connections(lot)
        if moment in cut_in or lot.random() < 0.5:
            watching.until(lambda before=before: seen.contacts() > before, what="some mails are taken in")
        time.sleep(lot.uniform(0, 0.2) if lot.random() < 0.5 else 0)  # the moment is drawn by lot
        seen.kill(watcher)
        seen.let_leases_run_out()
        print(f"killed with {seen.contacts() - before} more taken, {unread(imap)} to flag")
    watching.start("mailbox")
    watching.until(lambda: seen.contacts() >= MAILS and unread(imap) == 0, what="all mails are taken in", seconds=120)
    found = seen.external_ids()
    assert sorted(name.partition("#")[0] for name in found) == sorted(f"mail-{number}@example.org" for number in range(MAILS))
    counts = seen.tally()
    assert counts["taken"] == MAILS
    assert counts["set_aside"] == 0
    assert seen.counts_close()


@pytest.fixture
def cut_connections(request: pytest.FixtureRequest, database_url: str) -> Callable[[random.Random], None]:
    """Takes the database away under the watcher: cuts its connections, or holds the file so that nobody can write."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return lambda lot: hold(str(url.database), lot.uniform(0.1, 0.5))
    server = request.getfixturevalue("postgresql")
    return lambda lot: server.drop_connections(url.database)


def hold(file: str, seconds: float) -> None:
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def unread(imap: ImapServer) -> int:
    with imap.session() as client:
        client.select_folder("INBOX", readonly=True)
        return len(client.search("UNSEEN"))
