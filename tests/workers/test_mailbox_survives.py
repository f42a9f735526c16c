"""What a mailbox and its surroundings do to a watcher in bad weeks, and how little it minds."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from imapclient.exceptions import IMAPClientError
from sqlalchemy import Engine, event, update
from structlog.testing import capture_logs

from channels.email.mailbox import BATCH, Folder
from channels.email.mailbox_address import parse
from contact_hub.database import Session, now
from contact_hub.leases import Lease
from tests.builders import publish_rules
from tests.servers import ImapServer
from tests.servers.cutting import CuttingLine
from tests.servers.halving import HalvingLine
from tests.servers.processes import wait_until
from tests.workers import hub as seen
from tests.workers.mails import a_mail
from workers.catching_up import CatchingUp
from workers.mailbox import Watcher

pytestmark = [pytest.mark.faults, pytest.mark.timeout(200)]

CUTS = 20
of_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _rules(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session)


@contextmanager
def watching(url: str) -> Iterator[None]:
    """A watcher at work in this process."""
    stop = Event()
    thread = Thread(target=Watcher(parse(url), stop).run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def until_taken(count: int) -> None:
    wait_until(
        lambda: seen.contacts() >= count, seconds=120, otherwise=lambda: AssertionError(f"{seen.contacts()} of {count} taken")
    )


def test_a_line_cut_at_twenty_points_loses_and_doubles_nothing(imap: ImapServer) -> None:
    mails = [a_mail(number) for number in range(1, 31) if number % 10]
    imap.append(*mails)
    lot = random.Random(20)
    said = sum(map(len, mails))
    with CuttingLine(imap.port, iter(sorted(lot.sample(range(200, said), CUTS)))) as line:
        address = parse(imap.url.replace(str(imap.port), str(line.port)))
        for _ in range(CUTS + 1):
            with (
                suppress(OSError, IMAPClientError),
                Folder(address) as folder,
                CatchingUp(folder, stop=Event(), still_ours=lambda: None) as catching_up,
            ):
                catching_up.take_all()
    assert seen.contacts() == len(mails)
    assert line.made > 0
    assert seen.counts_close()
    assert seen.set_aside() == []


@of_sqlite
def test_news_of_a_mail_that_comes_in_two_pieces_is_no_trouble_and_the_mail_is_taken_in(imap: ImapServer) -> None:
    if not imap.keeps_mail:
        pytest.skip("pymap tells one who idles in its own time")
    with HalvingLine(imap.port) as line, watching(imap.url.replace(str(imap.port), str(line.port))), capture_logs() as logs:
        for number in range(1, 11):
            assert line.idles.wait(60)
            imap.append(a_mail(number))
            until_taken(number)
            if line.halved:
                break
    assert line.halved
    assert not [each for each in logs if each["log_level"] == "warning"]
    assert seen.counts_close()


def test_two_hundred_mails_at_once_are_taken_in(imap: ImapServer) -> None:
    imap.append(*(a_mail(number) for number in range(200)))
    with watching(imap.url):
        until_taken(200)
    assert seen.tally() == {"offered": 200, "taken": 200, "known": 0, "set_aside": 0}


@pytest.mark.either_database
def test_mail_dated_before_the_beginning_by_another_clock_is_taken_in(imap: ImapServer) -> None:
    with watching(f"{imap.url}?since=now"):
        wait_until(lambda: seen.mailbox() is not None, seconds=60, otherwise=lambda: AssertionError("not begun"))
        with imap.session() as client:
            client.append("INBOX", a_mail(1), msg_time=datetime.now(UTC) - timedelta(hours=1))
        until_taken(1)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_an_hour_keeps_nobody_from_a_mailbox_for_an_hour(imap: ImapServer, jump: timedelta) -> None:
    imap.append(a_mail(1))
    with Session.begin() as session:  # as one left it that died before the clock was put right
        session.add(Lease(name=f"mailbox {parse(imap.url).name}", holder="somebody", until=now() + jump))
    with watching(imap.url):
        until_taken(1)
        with Session.begin() as session:
            session.execute(update(Lease).values(until=now() + jump))
        imap.append(a_mail(2))
        until_taken(2)
    assert seen.counts_close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_full_disk_of_a_database_server_costs_time_and_nothing_else(database: Engine, imap: ImapServer) -> None:
    imap.append(*(a_mail(number) for number in range(1, 31)))
    refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$"
    with database.begin() as connection:  # PostgreSQL's own word for it, from the server, in the middle of a transaction
        connection.exec_driver_sql(refuse)
        connection.exec_driver_sql("CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION refuse()")
    refused = Event()
    event.listen(database, "handle_error", lambda _: refused.set())
    with watching(imap.url):
        assert refused.wait(60)
        with database.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER refuse ON message")
        until_taken(30)
    assert seen.tally() == {"offered": 30, "taken": 30, "known": 0, "set_aside": 0}
    assert seen.set_aside() == []


@of_sqlite
def test_a_full_disk_costs_time_and_nothing_else(database: Engine, imap: ImapServer) -> None:
    imap.append(*(a_mail(number) for number in range(1, 31)))
    with Session() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 20}")

    refused = Event()
    event.listen(database, "connect", fill)
    event.listen(database, "handle_error", lambda context: refused.set() if "full" in str(context.original_exception) else None)
    database.dispose()
    with watching(imap.url):
        assert refused.wait(60)
        event.remove(database, "connect", fill)
        event.listen(database, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=4294967294"))
        database.dispose()
        until_taken(30)
    assert seen.tally() == {"offered": 30, "taken": 30, "known": 0, "set_aside": 0}


@pytest.mark.either_database
def test_mail_deleted_and_expunged_between_search_and_fetch_is_nobodys_and_stops_nothing(imap: ImapServer) -> None:
    imap.append(*(a_mail(number) for number in range(1, 2 * BATCH + 20) if number % 10))
    marked, withdrawn = 2 * BATCH + 2, 2 * BATCH + 3  # in the third batch, which is not fetched before the first is taken in

    def delete_two() -> None:
        with imap.session() as client:
            client.select_folder("INBOX")
            client.delete_messages([withdrawn])
            client.expunge()
            client.delete_messages([marked])

    todo = [delete_two]

    def still_ours() -> None:  # asked before every commit
        while todo:
            todo.pop()()

    with (
        Folder(parse(imap.url)) as folder,
        CatchingUp(folder, stop=Event(), still_ours=still_ours) as catching_up,
    ):
        catching_up.take_all()
    taken = imap.count()
    assert seen.tally() == {"offered": taken, "taken": taken, "known": 0, "set_aside": 0}
    mailbox = seen.mailbox()
    assert mailbox is not None
    assert (mailbox.last_uid, mailbox.behind) == (taken + 1, 0)


def test_one_message_id_with_two_texts_is_two_contacts(imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(1).replace(b"bericht 1", b"iets anders"), a_mail(1))
    with watching(imap.url):
        wait_until(
            lambda: seen.tally()["offered"] == 3, seconds=60, otherwise=lambda: AssertionError(f"offered {seen.tally()}")
        )
    assert seen.tally() == {"offered": 3, "taken": 2, "known": 1, "set_aside": 0}


@pytest.mark.either_database
def test_a_mailbox_that_was_renamed_doubles_nothing_under_its_new_name(imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2), folder="Post")
    with watching(imap.url_of("Post")):
        until_taken(2)
    with imap.session() as client:
        client.rename_folder("Post", "Loket")
    imap.append(a_mail(3), folder="Loket")
    with watching(imap.url_of("Loket")):
        until_taken(3)
    assert seen.tally() == {"offered": 5, "taken": 3, "known": 2, "set_aside": 0}
