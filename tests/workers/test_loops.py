"""No two machines answer each other for ever: what the hub sends is carried to whoever answers by itself, and counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import update

from channels.email.reading import read_mail
from contact_hub import answers, editions, intake, live, outbox, settings, threads
from contact_hub.database import Session, connect, disconnect, now, reading
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Ticket
from tests.builders import an_agent, publish_rules
from tests.servers import SmtpSink
from tests.servers.smtp import Received
from workers import jobs

ROOS, HERE, THERE = "roos@example.org", "onthaal@lindervelde.example", "loket@overveld.example"
LONGEST = 30  # rounds after which nobody believes any more that it ends

Replies = Callable[[Received], list[bytes]]
_numbers = count(1)


@dataclass(frozen=True)
class Hub:
    """A municipality: its database and its one address."""

    database_url: str
    address: str

    @contextmanager
    def at_work(self, environment: pytest.MonkeyPatch, smtp: SmtpSink) -> Iterator[None]:
        """This process is a process of that hub."""
        given = {"DATABASE_URL": self.database_url, "REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": self.address * 3}
        given |= {
            "MAIL_FROM": self.address,
            "SMTP_URL": smtp.url,
            "MAILBOXES": f"imaps://{self.address.replace('@', '%40')}:x@host/INBOX",
        }
        for name, value in given.items():
            environment.setenv(f"CONTACT_HUB_{name}", value)
        known = settings.read()
        connect(self.database_url)
        editions.forget()
        live.connect(None)
        outbox.sends_by(known.mail_accounts)
        threads.signs_with(known.secret_key)
        threads.answers_at(known.own_addresses)
        yield
        disconnect()


@dataclass
class World:
    """The hubs, and the others at whose addresses somebody or something answers."""

    smtp: SmtpSink
    environment: pytest.MonkeyPatch
    hubs: tuple[Hub, ...]
    others: dict[str, Replies]

    def carry(self, *mails: tuple[str, bytes]) -> list[Received]:
        """Carries mails, each with its recipient, and all that follows; gives what the hubs sent until it was quiet."""
        on_its_way = list(mails)
        for _ in range(LONGEST):
            seen = len(self.smtp.received)
            for hub in self.hubs:
                self._work(hub, [raw for recipient, raw in on_its_way if recipient == hub.address])
            sent = self.smtp.received[seen:]
            if not sent:
                return self.smtp.received
            on_its_way = [each for mail in sent for each in self._delivered(mail)]
        pytest.fail("they answer each other for ever")

    def _work(self, hub: Hub, mails: list[bytes]) -> None:
        with hub.at_work(self.environment, self.smtp):
            intake.receive([read_mail(raw, now()) for raw in mails], channel="email")
            jobs.send_outbox()

    def _delivered(self, mail: Received) -> list[tuple[str, bytes]]:
        [recipient] = mail.recipients
        own = [(recipient, b"Return-Path: <%s>\r\n" % mail.sender.encode() + mail.content)]
        replies = self.others.get(recipient, lambda _: [])(mail)
        return [*own, *((str(mail.message["From"]).rpartition(" ")[2].strip("<>"), raw) for raw in replies)]


def a_mail(sender: str, subject: str = "Een vraag", text: str = "Mag ik iets vragen?", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        sender,
        HERE,
        subject,
        f"<{next(_numbers)}@elsewhere.example>",
    )
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


@pytest.fixture
def world(database_url: str, smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """One hub with its rules in force."""
    world = World(smtp, monkeypatch, (Hub(database_url, HERE),), {})
    open_for_work(world, world.hubs[0])
    before = outbox.accounts
    yield world
    outbox.sends_by(before)
    threads.answers_at([])


def open_for_work(world: World, hub: Hub) -> None:
    with hub.at_work(world.environment, world.smtp), Session.begin() as session:
        publish_rules(session)


def tickets(world: World, hub: Hub) -> list[str]:
    with hub.at_work(world.environment, world.smtp), reading() as session:
        return [ticket.status for ticket in session.query(Ticket).order_by(Ticket.id)]


def test_the_hub_does_not_answer_itself(world: World) -> None:
    assert world.carry((HERE, a_mail(HERE)), (HERE, a_mail(f"Onthaal <{HERE.upper()}>"))) == []
    assert tickets(world, world.hubs[0]) == ["new", "new"]


def test_what_an_agent_writes_to_the_own_mailbox_goes_round_once(world: World) -> None:
    hub = world.hubs[0]
    world.carry((HERE, a_mail(HERE)))
    an_agent_answers(world, hub)

    assert [each.recipients for each in world.carry()] == [(HERE,)]
    assert len(tickets(world, hub)) == 1


def test_two_hubs_write_to_each_other_once_each(world: World, sqlite_template: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.sqlite"
    there.write_bytes(sqlite_template.read_bytes())
    other = Hub(f"sqlite:///{there}", THERE)
    world.hubs = (*world.hubs, other)
    open_for_work(world, other)

    world.carry((THERE, a_mail(ROOS)))  # so that no reference means a ticket of both hubs

    sent = world.carry((HERE, a_mail(THERE)), (THERE, a_mail(HERE)))

    assert [each.recipients for each in sent[1:]] == [(THERE,), (HERE,)]
    an_agent_answers(world, world.hubs[0])
    assert [each.recipients for each in world.carry()[3:]] == [(THERE,)]
    assert {state for hub in world.hubs for state in tickets(world, hub)} <= {"new", "open"}


def an_agent_answers(world: World, hub: Hub) -> None:
    """At once: nobody takes it back."""
    with hub.at_work(world.environment, world.smtp), Session.begin() as session:
        answers.send(session, session.query(Ticket).order_by(Ticket.id).limit(1).one(), "Dat kan.", by=an_agent(session))
        session.execute(update(Outgoing).where(Outgoing.state == "waiting").values(due_at=now()))


def test_a_vacation_responder_gets_one_receipt(world: World) -> None:
    world.others[ROOS] = lambda mail: [
        a_mail(ROOS, "Afwezig", "Ik ben met vakantie.", Auto_Submitted="auto-replied", In_Reply_To=mail.message["Message-ID"])
    ]

    assert len(world.carry((HERE, a_mail(ROOS)))) == 1
    assert tickets(world, world.hubs[0]) == ["new"]


def test_a_rude_responder_that_says_nothing_of_itself_gets_no_second_mail_in_its_thread(world: World) -> None:
    world.others[ROOS] = lambda mail: [
        a_mail(ROOS, "Bedankt voor uw bericht", "Wij nemen contact op.", In_Reply_To=mail.message["Message-ID"])
    ]

    assert len(world.carry((HERE, a_mail(ROOS)))) == 1
    assert len(tickets(world, world.hubs[0])) == 1


def test_a_responder_that_hides_as_a_new_person_every_time_is_left_after_five_mails_an_hour(world: World) -> None:
    world.others[ROOS] = lambda mail: [a_mail(ROOS, f"Vraag {mail.message['Message-ID']}"), a_mail(ROOS, "En nog een vraag")]

    assert len(world.carry((HERE, a_mail(ROOS)))) == 5


def test_a_mailing_list_gets_nothing(world: World) -> None:
    letters = [
        a_mail("nieuws@lijst.example", List_Id="<nieuws.lijst.example>"),
        a_mail("nieuws@lijst.example", Precedence="bulk"),
        a_mail("nieuws-owner@lijst.example"),
        a_mail(ROOS, List_Unsubscribe="<mailto:weg@lijst.example>"),
    ]

    assert world.carry(*((HERE, letter) for letter in letters)) == []
    assert len(tickets(world, world.hubs[0])) == 4


def test_a_report_of_a_failure_is_not_reported_on(world: World) -> None:
    def bounces(mail: Received) -> list[bytes]:
        return [
            a_mail(
                "MAILER-DAEMON@example.org", "Undelivered Mail", "550 5.1.1 no such user", References=mail.message["Message-ID"]
            )
        ]

    world.others[ROOS] = bounces

    assert len(world.carry((HERE, a_mail(ROOS)))) == 1
    with world.hubs[0].at_work(world.environment, world.smtp), reading() as session:
        assert [mail.state for mail in session.query(Outgoing)] == ["bounced"]
