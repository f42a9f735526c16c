"""The mailbox watcher takes every mail in once, whatever happens meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from imapclient import IMAPClient
from sqlalchemy import func, select

from channels.email.mailbox import BATCH_BYTES
from contact_hub.database import Session, reading
from contact_hub.editions import Edition
from contact_hub.tickets import Ticket
from tests import builders
from tests.servers import ImapServer, ValkeyServer
from tests.servers.stubborn_imap import Manner, StubbornImap
from tests.workers import hub as seen
from tests.workers.conftest import StartHub
from tests.workers.mails import a_big_mail, a_mail, no_mail_at_all
from workers.catching_up import TRIES

pytestmark = pytest.mark.timeout(200)


def test_mail_is_taken_in_and_then_flagged(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2))
    watching = hub(mailboxes=imap.url)
    watcher = watching.start("mailbox")
    watching.until(lambda: seen.contacts() == 2, what="both mails are taken in")
    imap.append(a_mail(3))
    watching.until(lambda: seen.contacts() == 3, what="the mail that came later is taken in")
    watching.until(lambda: unseen(imap) == 0, what="all mails are flagged")
    assert seen.tally() == {"offered": 3, "taken": 3, "known": 0, "set_aside": 0}
    assert seen.stop(watcher) == 0
    assert seen.holder() == ""


def test_a_reply_joins_the_ticket_of_what_it_answers(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(6), a_mail(7, From="Citizen 6 <citizen6@example.org>"))
    watching = hub(mailboxes=imap.url)
    watching.start("mailbox")
    watching.until(lambda: seen.contacts() == 2, what="both mails are taken in")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


@pytest.mark.either_database
def test_mail_can_be_moved_out_of_the_way_once_it_is_taken_in(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2))
    watching = hub(mailboxes=f"{imap.url}?move=Verwerkt")
    watching.start("mailbox")
    watching.until(lambda: imap.count("Verwerkt") == 2, what="both mails are moved")
    assert imap.count() == 0
    assert seen.contacts() == 2


@pytest.mark.either_database
def test_what_a_crash_left_unflagged_is_flagged_later(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2))
    watching = hub(mailboxes=imap.url)
    seen.stop(taken(watching, 2))
    with imap.session() as client:
        client.select_folder("INBOX")
        client.remove_flags([1], [b"\\Seen"])
    watching.start("mailbox")
    watching.until(lambda: unseen(imap) == 0, what="the mail is flagged after all")
    assert seen.tally()["offered"] == 2


def test_a_mail_that_cannot_be_read_is_set_aside_and_the_next_one_flows(hub: StartHub, imap: ImapServer) -> None:
    imap.append(no_mail_at_all(), a_mail(1))
    watching = hub(mailboxes=imap.url)
    taken(watching, 1)
    [aside] = seen.set_aside()
    assert aside.reason
    assert seen.tally() == {"offered": 2, "taken": 1, "known": 0, "set_aside": 1}
    watching.until(lambda: unseen(imap) == 0, what="both mails are flagged")


@pytest.mark.either_database
@pytest.mark.parametrize("manner", ["refuses", "leaves out"])
def test_a_mail_the_server_does_not_give_is_set_aside_and_the_next_one_flows(hub: StartHub, manner: Manner) -> None:
    with StubbornImap([a_mail(1), None, a_mail(3)], manner) as server:
        taken(hub(mailboxes=server.url), 2)
    [aside] = seen.set_aside()
    assert "UID in the mailbox: 2" in aside.reason
    assert seen.tally() == {"offered": 3, "taken": 2, "known": 0, "set_aside": 1}


@pytest.mark.either_database
@pytest.mark.parametrize("manner", ["refuses", "hangs up"])
def test_a_big_mail_at_which_the_server_fails_whenever_asked_is_set_aside_at_last(hub: StartHub, manner: Manner) -> None:
    with StubbornImap([a_mail(1), None, a_mail(3)], manner, size=BATCH_BYTES + 1) as server:
        taken(hub(mailboxes=server.url), 2)
    [aside] = seen.set_aside()
    assert "UID in the mailbox: 2" in aside.reason
    assert seen.tally() == {"offered": 3, "taken": 2, "known": 0, "set_aside": 1}
    mailbox = seen.mailbox()
    assert mailbox is not None
    assert (mailbox.stuck_uid, mailbox.stuck_times) == (2, TRIES)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_at_which_the_server_hangs_up_is_found_among_the_others(hub: StartHub) -> None:
    with StubbornImap([a_mail(1), a_mail(2), None, a_mail(4)], "hangs up") as server:
        taken(hub(mailboxes=server.url), 3)
    [aside] = seen.set_aside()
    assert "UID in the mailbox: 3" in aside.reason
    assert seen.tally() == {"offered": 4, "taken": 3, "known": 0, "set_aside": 1}


@pytest.mark.either_database
def test_a_mail_withdrawn_before_it_is_read_stops_nothing(hub: StartHub, imap: ImapServer) -> None:
    imap.append(*(a_mail(number) for number in range(1, 6)))
    with imap.session() as client:
        client.select_folder("INBOX")
        client.delete_messages([2, 5])
        client.expunge()
    watching = hub(mailboxes=imap.url)
    taken(watching, 3)
    assert seen.counts_close()


def test_the_same_mail_in_two_mailboxes_is_one_contact(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2))
    imap.append(a_mail(2), a_mail(3), folder="Burgerzaken")
    watching = hub(mailboxes=f"{imap.url} {imap.url_of('Burgerzaken')}")
    watching.start("mailbox")
    watching.until(lambda: seen.tally()["offered"] == 4, what="both mailboxes are read")
    assert seen.contacts() == 3
    assert seen.tally() == {"offered": 4, "taken": 3, "known": 1, "set_aside": 0}


def test_new_numbers_for_old_mail_double_nothing(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2))
    watching = hub(mailboxes=imap.url)
    taken(watching, 2)
    imap.change_uidvalidity()
    imap.append(a_mail(3))
    watching.until(lambda: seen.contacts() == 3, what="the mail that came after the change is taken in")
    assert seen.tally() == {"offered": 5, "taken": 3, "known": 2, "set_aside": 0}


@pytest.mark.either_database
def test_a_mailbox_can_start_from_now(hub: StartHub, imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2))
    watching = hub(mailboxes=f"{imap.url}?since=now")
    watching.start("mailbox")
    watching.until(lambda: seen.mailbox() is not None, what="the mailbox is seen")
    imap.append(a_mail(3))
    watching.until(lambda: seen.contacts() == 1, what="the new mail is taken in")
    watching.until(lambda: unseen(imap) == 2, what="only what was taken in is flagged")


@pytest.mark.either_database
def test_what_came_before_the_start_stays_out_when_mails_get_new_numbers(hub: StartHub, imap: ImapServer) -> None:
    if not imap.keeps_mail:
        pytest.skip("pymap forgets when a mail came")
    with imap.session() as client:
        client.append("INBOX", a_mail(1), msg_time=datetime.now(UTC) - timedelta(days=400))
        client.append("INBOX", a_mail(2), msg_time=datetime.now(UTC) - timedelta(minutes=5))
    watching = hub(mailboxes=f"{imap.url}?since=now")
    watching.start("mailbox")
    watching.until(lambda: seen.mailbox() is not None, what="the mailbox is seen")
    imap.change_uidvalidity()
    imap.append(a_mail(3))
    watching.until(lambda: seen.contacts() == 1, what="the new mail is taken in")
    assert seen.tally() == {"offered": 1, "taken": 1, "known": 0, "set_aside": 0}
    watching.until(lambda: unseen(imap) == 2, what="only what was taken in is flagged")


@pytest.mark.either_database
def test_a_mail_server_that_was_gone_is_caught_up_with(hub: StartHub, imap: ImapServer) -> None:
    if not imap.keeps_mail:
        pytest.skip("pymap forgets its mail when it goes")
    imap.append(a_mail(1))
    watching = hub(mailboxes=imap.url)
    taken(watching, 1)
    imap.stop()
    watching.until(lambda: trouble() == "the mail server can't be reached", what="the trouble is noted")
    imap.start()
    imap.append(a_mail(2))
    watching.until(lambda: seen.contacts() == 2, what="the new mail is taken in")
    assert trouble() == ""
    mailbox = seen.mailbox()
    assert mailbox is not None
    assert mailbox.stuck_times == 0


@pytest.mark.either_database
def test_a_refused_sign_in_is_noted_without_the_password(hub: StartHub, imap: ImapServer) -> None:
    watching = hub(mailboxes=imap.url.replace(imap.password, "verkeerd"))
    watching.start("mailbox")
    watching.until(lambda: trouble() == "sign-in refused", what="the trouble is noted")
    assert "verkeerd" not in watching.log()


def test_of_two_watchers_one_works_and_the_other_takes_over(hub: StartHub, imap: ImapServer) -> None:
    watching = hub(mailboxes=imap.url)
    first = watching.start("mailbox")
    watching.until(lambda: seen.holder() != "", what="the first watcher works")
    holder = seen.holder()
    watching.start("mailbox")
    watching.until(lambda: "waiting: another process does this" in watching.log(), what="the second watcher waits")
    imap.append(a_mail(1))
    watching.until(lambda: seen.contacts() == 1, what="the first watcher takes mail in")
    assert seen.holder() == holder
    seen.kill(first)
    imap.append(a_mail(2))
    watching.until(lambda: seen.contacts() == 2, what="the second watcher took over")
    assert seen.holder() not in {"", holder}
    assert seen.tally() == {"offered": 2, "taken": 2, "known": 0, "set_aside": 0}


def test_without_rules_nothing_is_lost(hub: StartHub, imap: ImapServer) -> None:
    watching = hub(mailboxes=imap.url)
    with Session.begin() as session:
        text = session.scalars(select(Edition.text)).one()
        builders.lose_all_editions(session)
    imap.append(a_mail(1))
    watching.start("mailbox")
    watching.until(lambda: trouble() != "", what="the trouble is noted")
    with Session.begin() as session:
        builders.publish_rules(session, text)
    watching.until(lambda: seen.contacts() == 1, what="the mail is taken in after all")
    assert seen.counts_close()


@pytest.mark.either_database
def test_mail_flows_while_the_news_server_is_gone(hub: StartHub, imap: ImapServer, valkey: ValkeyServer) -> None:
    watching = hub(mailboxes=imap.url)
    valkey.kill()
    imap.append(a_mail(1))
    taken(watching, 1)
    valkey.start()
    imap.append(a_mail(2))
    watching.until(lambda: seen.contacts() == 2, what="mail is taken in as before")
    assert seen.counts_close()


def test_big_mails_in_a_row_fill_no_memory(hub: StartHub, imap: ImapServer) -> None:
    for number in range(3):
        imap.append(a_big_mail(number, 50 << 20))
    imap.append(a_mail(1))
    watching = hub(mailboxes=imap.url)
    watcher = taken(watching, 4)
    assert watcher.pid is not None
    assert seen.peak_memory(watcher.pid) < 250 << 20


def taken(watching: seen.Hub, count: int) -> seen.BaseProcess:
    """A watcher that has taken so many mails in."""
    watcher = watching.start("mailbox")
    watching.until(lambda: seen.contacts() == count, what=f"{count} mails are taken in", seconds=90)
    return watcher


def trouble() -> str:
    mailbox = seen.mailbox()
    return mailbox.trouble if mailbox else ""


def unseen(imap: ImapServer) -> int:
    client: IMAPClient
    with imap.session() as client:
        client.select_folder("INBOX", readonly=True)
        return len(client.search("UNSEEN"))
