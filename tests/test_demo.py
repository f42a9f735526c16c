"""The demo: a small town whose invented citizens use the real doors."""

import smtplib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient
from sqlalchemy import Engine, select

from channels.email.reading import read_mail
from contact_hub import forms, submissions
from contact_hub.arrivals import TakenContact
from contact_hub.database import Session, reading
from contact_hub.demo.citizens import Story, anew, nth, stories
from contact_hub.demo.doors import FILES_OF, FormDoor, MailDoor, answers_of
from contact_hub.demo.files import content_of
from contact_hub.demo.letters import mail_of
from contact_hub.demo.mailboxes import CITIZENS, PASSWORD, TOWN
from contact_hub.demo.people import PEOPLE
from contact_hub.settings import HERE
from tests.application import served, settings_for
from tests.builders import MONDAY, publish_rules
from tests.running_hub import running
from tests.servers.processes import free_port, port_answers, wait_until

SOON = 120.0  # seconds on a busy machine; a minute on one of its own
STORIES = stories()
MAILS = [story for story in STORIES if story.channel == "email"]
FORMS = [story for story in STORIES if story.channel == "webform"]


def by_id(story: Story) -> str:
    return story.id


@pytest.mark.timeout(300)
def test_within_a_minute_the_desk_holds_contacts_from_every_door_routed_by_the_rules_that_ship(tmp_path: Path) -> None:
    with running(tmp_path, "--demo") as hub:
        hub.until_it_says(PEOPLE[0].email)
        assert "mistakes" not in hub.said.read_text("utf-8")
        database = tmp_path / "var/demo/contact-hub.db"
        wait_until(
            lambda: (
                count(database, "SELECT count(DISTINCT channel) FROM contact") == 4
                and count(database, "SELECT count(*) FROM contact") >= 20
                and count(database, "SELECT count(*) FROM outbox WHERE state = 'sent'") > 0
            ),
            seconds=SOON,
            otherwise=hub.silent,
        )
        assert count(database, "SELECT count(*) FROM ticket WHERE queue_id IS NULL") == 0
        assert count(database, "SELECT count(DISTINCT queue_id) FROM ticket") > 8
        assert count(database, "SELECT count(*) FROM tally WHERE offered <> taken + known + set_aside") == 0


@pytest.mark.parametrize("story", FORMS, ids=by_id)
def test_every_form_is_filled_in_as_it_demands(story: Story) -> None:
    form = forms.published(HERE / "forms")[story.form]
    files = [submissions.attachment(name, *content_of(name)) for name in story.files]
    for told in (story, anew(story, 1)):
        assert not submissions.check(form, answers_of(told), {FILES_OF[form.id]: files} if files else {}).slips


def test_a_form_is_in_the_language_of_who_filled_it_in(database: Engine, database_url: str, redis_url: str) -> None:
    told = {story.language: story for story in FORMS}
    with Session.begin() as session:
        publish_rules(session)
    with served(settings_for(database_url, redis_url)) as address:
        for story in told.values():
            FormDoor(address).bring(story)
    with reading() as session:
        assert sorted(session.scalars(select(TakenContact.language))) == sorted(told)
    assert len(told) > 1


@pytest.mark.parametrize("story", MAILS, ids=by_id)
def test_a_mail_is_read_as_it_was_told(story: Story) -> None:
    contact = read_mail(mail_of(story).as_bytes(), MONDAY)
    assert (contact.sender, contact.sender_name, contact.subject) == (story.sender, story.name, story.subject)
    assert [each.name for each in contact.attachments] == list(story.files)
    assert bool(contact.automatic) == bool(story.headers)
    assert contact.message
    assert contact.message.split()[0] == story.body.split()[0]


@pytest.mark.parametrize("story", MAILS, ids=by_id)
def test_a_mail_that_is_sent_again_is_the_same_contact(story: Story) -> None:
    first, second = (read_mail(mail_of(story).as_bytes(), MONDAY).external_id for _ in range(2))
    assert first == second


def test_a_story_told_anew_is_of_other_people_and_another_contact_each_time() -> None:
    told = [nth(STORIES, number) for number in range(3 * len(STORIES))]
    assert len({story.key for story in told}) == len(told)
    mails = [mail_of(story) for story in told if story.channel == "email"]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    assert told[0].sender != told[len(STORIES)].sender


def test_a_reply_answers_the_mail_of_the_same_person() -> None:
    reply = next(story for story in STORIES if story.answers)
    question = next(story for story in STORIES if story.id == reply.answers)
    for round_ in range(3):
        asked, answered = anew(question, round_), anew(reply, round_)
        assert asked.sender == answered.sender
        assert mail_of(answered)["In-Reply-To"] == mail_of(asked)["Message-ID"]


@pytest.fixture
def town() -> Iterator[tuple[int, int]]:
    """The demo's mail server: its IMAP and its SMTP port."""
    imap, smtp = free_port(), free_port()
    command = [sys.executable, "-m", "contact_hub.demo.mail_server", "--imap", str(imap), "--smtp", str(smtp)]
    with subprocess.Popen(command) as server:
        try:
            wait_until(
                lambda: port_answers(imap) and port_answers(smtp), seconds=60, otherwise=lambda: AssertionError("no mail")
            )
            yield imap, smtp
        finally:
            server.terminate()


def test_mail_to_the_town_and_answers_to_citizens_land_in_their_own_mailboxes(town: tuple[int, int]) -> None:
    imap, smtp = town
    MailDoor(smtp).bring(MAILS[0])
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = TOWN, MAILS[0].sender, "Uw vraag"
    with smtplib.SMTP("127.0.0.1", smtp) as server:
        server.send_message(answer)
    assert subjects(imap, TOWN) == [MAILS[0].subject]
    assert subjects(imap, CITIZENS) == ["Uw vraag"]


def subjects(port: int, owner: str) -> list[str]:
    """The subjects of the mails in somebody's mailbox."""
    with IMAPClient("127.0.0.1", port=port, ssl=False) as client:
        client.login(owner, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        fetched = client.fetch(client.search(), ["ENVELOPE"])
        return [mail[b"ENVELOPE"].subject.decode() for mail in fetched.values()]


def count(database: Path, query: str) -> int:
    """One figure out of the desk's database; 0 while it has no tables yet."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(query).fetchone()[0])
