"""The mailbox watcher takes every mail in once, whatever happens meanwhile."""

from tests.servers import ImapServer
from tests.workers import hub as seen
from tests.workers.conftest import StartHub
from tests.workers.mails import a_mail


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


def unseen(imap: ImapServer) -> int:
    with imap.session() as client:
        client.select_folder("INBOX", readonly=True)
        return len(client.search("UNSEEN"))
