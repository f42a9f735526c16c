"""A mailbox is read without changing anything until it is said what to put away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Event

import pytest
from imapclient.exceptions import LoginError

from channels.email.mailbox import BATCH, BATCH_BYTES, Folder, FolderClosed, Listed, batches
from channels.email.mailbox_address import parse
from tests.servers import ImapServer
from tests.servers.stubborn_imap import StubbornImap

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAIL = b"From: a@example.org\r\nSubject: one\r\n\r\nhello\r\n"


@pytest.fixture
def folder(imap: ImapServer) -> Iterator[Folder]:
    imap.append(MAIL, MAIL.replace(b"one", b"two"), MAIL.replace(b"one", b"three"))
    with Folder(parse(imap.url)) as folder:
        yield folder


def test_mails_are_fetched_oldest_first_and_stay_unseen(folder: Folder, imap: ImapServer) -> None:
    listed, waiting, until = folder.newer_than(0, None)
    mails = folder.fetch(listed)
    assert (waiting, until) == (3, listed[-1].uid)
    assert [mail.raw for mail in mails] == [MAIL, MAIL.replace(b"one", b"two"), MAIL.replace(b"one", b"three")]
    assert all(mail.received.tzinfo is UTC for mail in mails)
    assert folder.left_behind(0, until, None) == [mail.uid for mail in mails]


def test_only_what_is_newer_is_listed(folder: Folder) -> None:
    first, *later = folder.newer_than(0, None)[0]
    assert folder.newer_than(first.uid, None)[0] == later
    assert folder.newer_than(later[-1].uid, None) == ([], 0, later[-1].uid)


def test_a_mail_whose_size_the_server_does_not_say_is_listed_all_the_same() -> None:
    with StubbornImap([MAIL], "refuses", size=None) as server, Folder(parse(server.url)) as folder:
        listed, _, until = folder.newer_than(0, None)
        assert [(each.uid, each.size) for each in listed] == [(1, 0)]
        assert [mail.raw for mail in folder.fetch(listed)] == [MAIL]
        assert until == 1


def test_what_came_before_the_beginning_is_passed_by(folder: Folder, imap: ImapServer) -> None:
    with imap.session() as client:
        client.append("INBOX", MAIL.replace(b"one", b"old"), msg_time=datetime(2020, 1, 1, tzinfo=UTC))
    listed, _, until = folder.newer_than(0, datetime.now(UTC) - timedelta(hours=1))
    assert len(listed) == 3
    assert folder.left_behind(0, until + 1, datetime.now(UTC) - timedelta(hours=1)) == [each.uid for each in listed]


def test_a_mail_that_vanished_after_it_was_listed_is_left_out(folder: Folder, imap: ImapServer) -> None:
    listed, _, _ = folder.newer_than(0, None)
    with imap.session() as client:
        client.select_folder("INBOX")
        client.delete_messages([listed[1].uid])
        client.expunge()
    assert [mail.uid for mail in folder.fetch(listed)] == [listed[0].uid, listed[2].uid]
    assert folder.still_there([each.uid for each in listed]) == [listed[0].uid, listed[2].uid]
    folder.put_away([each.uid for each in listed])


def test_a_big_mail_comes_whole_whatever_its_size_was_said_to_be(imap: ImapServer) -> None:
    big = MAIL + b"0123456789abcdef" * (BATCH_BYTES // 8) + b"\r\n"
    imap.append(big, folder="Groot")
    with Folder(parse(imap.url_of("Groot"))) as folder:
        [listed] = folder.newer_than(0, None)[0]
        assert listed.size > BATCH_BYTES
        [mail] = folder.fetch([Listed(listed.uid, BATCH_BYTES + 1, listed.received, listed.dated)])
    assert mail.raw == big


def test_moving_makes_the_folder_it_needs(folder: Folder, imap: ImapServer) -> None:
    with Folder(parse(f"{imap.url}?move=Klaar")) as moving:
        moving.put_away([each.uid for each in moving.newer_than(0, None)[0]])
    assert (imap.count(), imap.count("Klaar")) == (0, 3)


def test_waiting_ends_when_mail_comes(folder: Folder, imap: ImapServer) -> None:
    until = folder.newer_than(0, None)[2]
    imap.append(MAIL)
    found = []
    for _ in range(30):
        found = folder.newer_than(until, None)[0]
        if found:
            break
        folder.wait(Event())
    assert len(found) == 1


def test_a_wrong_password_and_a_missing_folder_are_told_apart(imap: ImapServer) -> None:
    with pytest.raises(LoginError):
        Folder(parse(imap.url.replace(imap.password, "verkeerd")))
    with pytest.raises(FolderClosed):
        Folder(parse(imap.url_of("Nergens")))


def test_batches_stay_small_and_big_mails_come_alone() -> None:
    sizes = [1000] * (BATCH + 5) + [BATCH_BYTES * 3] + [BATCH_BYTES // 2] * 5
    listed = [Listed(uid, size, NOON, NOON) for uid, size in enumerate(sizes, start=1)]
    made = list(batches(listed))
    assert [mail for batch in made for mail in batch] == listed
    assert all(len(batch) <= BATCH for batch in made)
    assert all(len(batch) == 1 or sum(mail.size for mail in batch) <= BATCH_BYTES for batch in made)
    assert all(earlier[-1].uid < later[0].uid for earlier, later in pairwise(made))
