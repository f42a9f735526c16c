"""Processes at work follow a new edition within two seconds, lose no contact by it, and catch up after they were away."""

import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from contact_hub import publishing
from contact_hub.arrivals import TakenContact
from contact_hub.database import Session, now, reading
from contact_hub.editions import Edition
from contact_hub.history import StoredDecision
from tests.builders import RULES
from tests.servers import ImapServer
from tests.workers import hub as seen
from tests.workers.conftest import StartHub
from tests.workers.mails import a_mail

pytestmark = pytest.mark.timeout(200)
FOLLOWED = timedelta(seconds=2)
STORED = timedelta(seconds=2)  # what a busy machine may need to store what it decided
WITH_MESSAGES = RULES.replace("text: [gevaar]", "text: [gevaar, bericht]")


@pytest.fixture
def numbers() -> Iterator[int]:
    return count()


def publish(text: str) -> datetime:
    return publishing.publish(text, author="Anna Claes", reason="while mails flow").published_at


def decided() -> dict[datetime, int]:
    """By which edition each contact was decided, by when it was stored."""
    with reading() as session:
        rows = session.execute(
            select(TakenContact.taken_at, StoredDecision.edition_id).join(
                StoredDecision, StoredDecision.contact_id == TakenContact.id
            )
        )
        return {row.taken_at: row.edition_id for row in rows}


def test_mails_that_flow_while_rules_are_published_are_all_decided_by_the_right_edition(
    hub: StartHub, imap: ImapServer, numbers: Iterator[int]
) -> None:
    watching = hub(mailboxes=imap.url)
    watching.start("mailbox")
    sent = 0

    def one_more_mail_is_taken_in() -> None:
        nonlocal sent
        sent += 1
        imap.append(a_mail(7 * next(numbers) + 1))
        watching.until(lambda: seen.contacts() == sent, what="the mail is taken in")

    for _ in range(5):
        one_more_mail_is_taken_in()
    published_at = publish(WITH_MESSAGES)
    while now() < published_at + FOLLOWED + STORED:
        one_more_mail_is_taken_in()
    one_more_mail_is_taken_in()

    by = decided()
    assert len(by) == sent
    assert {edition for at, edition in by.items() if at < published_at} == {1}
    assert {edition for at, edition in by.items() if at > published_at + FOLLOWED + STORED} == {2}
    assert seen.counts_close()


def test_a_watcher_that_was_away_decides_by_the_new_edition_on_its_return(
    hub: StartHub, imap: ImapServer, numbers: Iterator[int]
) -> None:
    watching = hub(mailboxes=imap.url)
    watcher = watching.start("mailbox")
    imap.append(a_mail(1))
    watching.until(lambda: seen.contacts() == 1, what="the first mail is taken in")
    assert watcher.pid
    with Session.begin() as session:
        session.execute(select(1))  # while nobody else writes: stopped amid a change, the watcher would hold up all others
        psutil.Process(watcher.pid).send_signal(signal.SIGSTOP)
    published_at = publish(WITH_MESSAGES)
    imap.append(a_mail(2))
    watching.until(lambda: now() > published_at + FOLLOWED, what="two seconds pass")
    seen.let_leases_run_out()
    psutil.Process(watcher.pid).send_signal(signal.SIGCONT)
    watching.until(lambda: seen.contacts() == 2, what="the second mail is taken in")
    assert sorted(decided().values()) == [1, 2]


def test_an_edition_published_at_the_command_line_decides_in_running_processes(
    hub: StartHub, imap: ImapServer, tmp_path: Path
) -> None:
    watching = hub(mailboxes=imap.url)
    watching.start("mailbox")
    imap.append(a_mail(1))
    watching.until(lambda: seen.contacts() == 1, what="the first mail is taken in")
    file = tmp_path / "new.yaml"
    file.write_text(WITH_MESSAGES, "utf-8")
    watching.start("rules", "publish", str(file), "--reason", "by hand")
    watching.until(lambda: published(2) is not None, what="the edition is published")
    watching.until(lambda: now() > (published(2) or now()) + FOLLOWED, what="two seconds pass")
    imap.append(a_mail(2))
    watching.until(lambda: seen.contacts() == 2, what="the second mail is taken in")
    assert sorted(decided().values()) == [1, 2]


def published(number: int) -> datetime | None:
    with reading() as session:
        edition = session.get(Edition, number)
        return edition.published_at if edition else None
