"""A mailbox of 100,000 mails that the hub sees for the first time: read in order and in small pieces, or left alone."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import Engine, select

from channels.email.mailbox import BATCH, Folder
from channels.email.mailbox_address import parse
from contact_hub.database import Session, reading
from contact_hub.mailboxes import record_of
from contact_hub.messages import Message
from tests.builders import publish_rules
from tests.servers import ImapServer
from tests.servers.dovecot import dovecot, fill
from tests.workers import hub as seen
from tests.workers.mails import a_mail
from workers.catching_up import CatchingUp

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(200),
    pytest.mark.skipif(not dovecot(), reason="only Dovecot serves mails that were laid into its folder"),
]

ALL, DIFFERENT = 100_000, 6 * BATCH
BEFORE = 1_000_000_000  # mails that were there before them: long numbers make long answers


@pytest.fixture(scope="module")
def large() -> Iterator[ImapServer]:
    """A server with 100,000 mails, of which only the first few differ."""
    server = ImapServer()
    mails = [a_mail(number).replace(b"\n", b"\r\n") for number in range(1, DIFFERENT + 1)]
    fill(server.home, owner=server.user, mails=mails, again=ALL - DIFFERENT, first=BEFORE + 1)
    with server:
        yield server


@pytest.fixture(autouse=True)
def _rules(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session)


def test_it_is_read_from_its_oldest_mail_in_small_pieces_and_taken_up_where_it_was_left(large: ImapServer) -> None:
    tracemalloc.start()
    read(large.url, batches=3)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 40 << 20
    assert behind() == (BEFORE + 3 * BATCH, large.count() - 3 * BATCH)
    read(large.url, batches=2)
    assert behind() == (BEFORE + 5 * BATCH, large.count() - 5 * BATCH)
    assert message_ids() == [f"mail-{number}@example.org" for number in range(1, 5 * BATCH + 1)]
    assert seen.tally() == {"offered": 5 * BATCH, "taken": 5 * BATCH, "known": 0, "set_aside": 0}


def test_whoever_begins_now_waits_for_none_of_them(large: ImapServer) -> None:
    address = f"{large.url}?since=now"
    read(address, batches=0)
    before = large.count()
    large.append(a_mail(1, Message_ID="<now@example.org>"))
    read(address, batches=1)
    assert message_ids() == ["now@example.org"]
    assert behind() == (BEFORE + before + 1, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_tens_of_thousands_that_lost_their_flags_are_flagged_again(large: ImapServer) -> None:
    address = parse(f"{large.url}?since=2020-01-01")
    many = ALL // 4
    until = BEFORE + many
    with Session.begin() as session:
        mailbox = record_of(session, address.name)
        mailbox.uid_validity, mailbox.last_uid, mailbox.begins_at = 7, until, datetime(2020, 1, 1, tzinfo=UTC)
    with Folder(address) as folder, CatchingUp(folder, stop=Event(), still_ours=lambda: None) as catching_up:
        assert len(folder.left_behind(0, until, None)) > many - DIFFERENT
        catching_up.put_away_leftovers()
        assert folder.left_behind(0, until, None) == []


def read(url: str, *, batches: int) -> None:
    """Reads as a watcher does that is told to stop after so many batches."""
    stop = Event()
    if not batches:
        stop.set()
    commits = iter(range(1, batches + 1))

    def still_ours() -> None:  # asked before every commit
        if next(commits) == batches:
            stop.set()

    with Folder(parse(url)) as folder, CatchingUp(folder, stop=stop, still_ours=still_ours) as catching_up:
        catching_up.take_all()


def behind() -> tuple[int, int]:
    """Up to which mail it was read, and how many wait."""
    mailbox = seen.mailbox()
    assert mailbox is not None
    return mailbox.last_uid, mailbox.behind


def message_ids() -> list[str]:
    with reading() as session:
        return [name or "" for name in session.scalars(select(Message.message_id).filter_by(kind="said").order_by(Message.id))]
