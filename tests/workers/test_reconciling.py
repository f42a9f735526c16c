"""Each mail of a mailbox is proved to be in the hub, and what is missing is named and can be taken in."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from channels.email.mailbox import Folder
from channels.email.mailbox_address import parse
from channels.email.reading import CHANNEL, read_mail
from contact_hub import intake, mailboxes
from contact_hub.arrivals import SetAside, TakenContact
from contact_hub.cli import main
from contact_hub.database import Session, reading
from tests.builders import publish_rules
from tests.servers import ImapServer
from tests.workers.mails import a_mail, no_mail_at_all
from workers.catching_up import read_fetched


@pytest.fixture(autouse=True)
def _settings(database: Engine, database_url: str, redis_url: str, imap: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": "k" * 40, "MAILBOXES": imap.url}
    for name, value in needed.items():
        monkeypatch.setenv(f"CONTACT_HUB_{name}", value)
    with Session.begin() as session:
        publish_rules(session)


def reconciled(*words: str) -> Result:
    return CliRunner().invoke(main, ["mailbox", "reconcile", *words])


def report(result: Result) -> dict[str, object]:
    return dict(json.loads(result.stdout))


def take_in(*mails: bytes) -> None:
    intake.receive([read_mail(mail, datetime.now(UTC)) for mail in mails], channel=CHANNEL)


def watched(imap: ImapServer, *, begins_uid: int = 0, last_uid: int = 100) -> None:
    """As a watcher leaves it that came to the mail `last_uid`."""
    with Session.begin() as session:
        mailbox = mailboxes.record_of(session, parse(imap.url).name)
        mailbox.uid_validity, mailbox.begins_uid, mailbox.last_uid = imap.uidvalidity(), begins_uid, last_uid


def test_what_is_missing_is_named_and_taken_in_and_nothing_is_marked(imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2), no_mail_at_all(), a_mail(3))
    take_in(a_mail(1), a_mail(3))
    with Folder(parse(imap.url), readonly=True) as folder:
        [broken] = [each for each in folder.fetch(folder.newer_than(0, None)[0]) if each.uid == 3]
    unreadable = read_fetched(broken)
    assert isinstance(unreadable, intake.Unreadable)
    intake.receive([], [unreadable], channel=CHANNEL)
    watched(imap)

    found = reconciled("--json")
    assert found.exit_code == 1, found.output
    told = report(found)
    assert (told["mails"], told["by_id"], told["set_aside"]) == (4, 2, 1)
    assert [each["uid"] for each in told["missing"]] == [2]  # type: ignore[attr-defined]

    assert reconciled("--take-in").exit_code == 0
    assert report(reconciled("--json"))["missing"] == []
    with reading() as session:
        assert len(session.scalars(select(TakenContact)).all()) == 3
        assert len(session.scalars(select(SetAside)).all()) == 1
    with imap.session() as client:
        client.select_folder("INBOX", readonly=True)
        assert len(client.search("UNSEEN")) == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_repeated_message_id_proves_nothing_and_its_hash_does(imap: ImapServer) -> None:
    again = a_mail(1).replace(b"bericht 1", b"iets anders")
    imap.append(a_mail(1), again)
    take_in(again)
    watched(imap)

    told = report(reconciled("--json"))
    assert (told["by_id"], told["by_hash"]) == (0, 1)
    assert [each["uid"] for each in told["missing"]] == [1]  # type: ignore[attr-defined]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_came_before_the_beginning_or_is_still_to_be_read_is_not_missing(imap: ImapServer) -> None:
    imap.append(a_mail(1), a_mail(2), a_mail(3))
    take_in(a_mail(2))
    watched(imap, begins_uid=1, last_uid=2)

    found = reconciled("--json", "--strictly")
    assert found.exit_code == 0, found.output
    told = report(found)
    assert (told["before"], told["by_hash"], told["waiting"], told["missing"]) == (1, 1, 1, [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_the_mail_since_a_day_is_walked(imap: ImapServer) -> None:
    with imap.session() as client:
        client.append("INBOX", a_mail(1), msg_time=datetime.now(UTC) - timedelta(days=9))
    imap.append(a_mail(2))
    day = datetime.now(UTC) - timedelta(days=2)
    assert report(reconciled("--json", "--since", f"{day:%Y-%m-%d}"))["mails"] == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mailbox_nobody_knows_is_told(imap: ImapServer) -> None:
    found = reconciled("post@nowhere.example/INBOX")
    assert found.exit_code == 2
    assert "loket@127.0.0.1/INBOX" in found.output
