"""The servers the other tests lean on do what they say, over the wire."""

import imaplib
import os
import shutil
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage

import psycopg
import pytest
import redis

from tests.emptied import Emptied
from tests.servers import ImapServer, PostgresServer, SmtpSink, ValkeyServer
from tests.servers.dovecot import dovecot
from tests.servers.postgresql import wheel_binaries
from tests.servers.processes import port_answers, wait_until

MAIL = b"From: anna@example.org\r\nTo: loket@lindervelde.example\r\nSubject: Put in de weg\r\n\r\nVoor nummer 7.\r\n"
VISITORS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'visitor'"
KINDS = ["pymap", "dovecot"] if dovecot() else ["pymap"]


@pytest.fixture(scope="module", params=KINDS)
def mailbox(request: pytest.FixtureRequest) -> Iterator[ImapServer]:
    with ImapServer("loket@lindervelde.example", "geheim", kind=request.param) as server:
        yield server


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> None:
    if "mailbox" in request.fixturenames:
        request.getfixturevalue("mailbox").clear()


def select(server: PostgresServer, database: str, statement: str) -> object:
    with psycopg.connect(server.url(database).replace("+psycopg", "")) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def test_postgresql_answers_and_copies_a_template(postgresql: PostgresServer) -> None:
    template = postgresql.create_database()
    with psycopg.connect(postgresql.url(template).replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE ticket AS SELECT 7 AS number")
    copy = postgresql.create_database(template=template)
    assert select(postgresql, copy, "SELECT number FROM ticket") == 7
    postgresql.drop_database(copy)
    postgresql.drop_database(template)


def test_an_emptied_database_is_as_new_and_another_one_once_its_shape_was_changed(
    postgresql: PostgresServer, postgresql_database: Emptied
) -> None:
    places: list[str] = []
    for reshaped in ("", "ALTER TABLE lease DISABLE TRIGGER USER", ""):
        _wait_for_visitors_to_be_gone(postgresql)
        places.append(postgresql_database.url())
        with psycopg.connect(places[-1].replace("+psycopg", ""), application_name="visitor") as connection:
            assert connection.execute("SELECT count(*), nextval('agent_id_seq') FROM lease").fetchone() == (0, 1)
            connection.execute("INSERT INTO lease VALUES ('mailbox', 'anna', now())")
            connection.execute(reshaped.encode())
    assert places[0] == places[1] != places[2]


def _wait_for_visitors_to_be_gone(server: PostgresServer) -> None:
    """A process of the server outlives who closed the connection by a moment."""
    wait_until(lambda: select(server, "postgres", VISITORS) == 0, seconds=10, otherwise=lambda: AssertionError("still there"))


def test_postgresql_folds_capitals_beyond_ascii(postgresql: PostgresServer) -> None:
    assert select(postgresql, "postgres", "SELECT lower('GEÏNTERESSEERD')") == "geïnteresseerd"


def test_postgresql_cuts_connections_as_a_fail_over_does(postgresql: PostgresServer) -> None:
    name = postgresql.create_database()
    connection = psycopg.connect(postgresql.url(name).replace("+psycopg", ""))
    assert postgresql.drop_connections(name) == 1
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    postgresql.drop_database(name)


def test_durable_postgresql_from_the_wheel_keeps_its_data_over_a_kill() -> None:
    with PostgresServer(durable=True, binaries=wheel_binaries()) as server:
        assert select(server, "postgres", "SHOW fsync") == "on"
        name = server.create_database()
        server.kill()
        server.start()
        assert select(server, name, "SELECT current_database()") == name


def test_valkey_forgets_goes_and_comes_back_at_the_same_address() -> None:
    with ValkeyServer() as server, redis.Redis.from_url(server.url) as client:
        client.set("desk", "open")
        server.flush()
        assert client.get("desk") is None
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        assert client.ping()


def test_imap_takes_mail_and_gives_it_back(mailbox: ImapServer) -> None:
    mailbox.append(MAIL, MAIL)
    mailbox.append(MAIL, folder="Archief")
    assert (mailbox.count(), mailbox.count("Archief")) == (2, 1)
    with mailbox.session() as client:
        client.select_folder("INBOX")
        uid = client.search()[0]
        assert client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] == MAIL
        assert {b"IDLE", b"MOVE"} <= set(client.capabilities())


def test_imap_tells_an_idle_client_of_new_mail(mailbox: ImapServer) -> None:
    with imaplib.IMAP4("127.0.0.1", mailbox.port, timeout=20) as client:
        client.login(mailbox.user, mailbox.password)
        client.select("INBOX")
        client.send(b"a1 IDLE\r\n")
        hear(client, b"+ ")
        mailbox.append(MAIL)
        hear(client, b"EXISTS")
        client.send(b"DONE\r\n")
        hear(client, b"a1 OK")


def hear(client: imaplib.IMAP4, word: bytes) -> None:
    """Read lines until one has a word; the server hanging up is a failure."""
    assert any(word in line for line in iter(client.readline, b"")), "the server hung up"


def test_imap_keeps_the_mails_when_their_numbers_change(mailbox: ImapServer) -> None:
    mailbox.append(MAIL, MAIL)
    before = mailbox.uidvalidity()
    mailbox.change_uidvalidity()
    assert mailbox.uidvalidity() != before
    assert mailbox.count() == 2


def test_imap_keeps_its_address_and_dovecot_its_mail_over_a_restart(mailbox: ImapServer) -> None:
    mailbox.append(MAIL)
    mailbox.restart()
    assert mailbox.count() == (1 if mailbox.keeps_mail else 0)


def test_smtp_accepts_refuses_and_is_away(smtp: SmtpSink) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "hub@lindervelde.example", "anna@example.org", "Uw melding"
    letter.set_content("Goed ontvangen.")
    deliver(smtp, letter)
    received = smtp.wait_for(1)[0]
    assert (received.recipients, received.message["Subject"]) == (("anna@example.org",), "Uw melding")
    smtp.refuse(550, "no such person")
    with pytest.raises(smtplib.SMTPDataError, match="550"):
        deliver(smtp, letter)
    smtp.stop()
    with pytest.raises(ConnectionRefusedError):
        deliver(smtp, letter)
    smtp.start()
    smtp.accept()
    deliver(smtp, letter)
    assert len(smtp.wait_for(2)) == 2


def deliver(smtp: SmtpSink, letter: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=20) as client:
        client.send_message(letter)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
@pytest.mark.parametrize("kind", ["PostgresServer", "ValkeyServer", "ImapServer"])
def test_a_server_dies_with_the_process_that_started_it(kind: str) -> None:
    start = f"import time; from tests.servers import {kind} as Server; server = Server(); server.start()"
    start += "; print(server.port, server.home, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        port, home = parent.stdout.readline().split()
        assert port_answers(int(port))
        os.kill(parent.pid, signal.SIGKILL)
    wait_until(lambda: not port_answers(int(port)), seconds=20, otherwise=lambda: AssertionError(f"{kind} lives on"))
    shutil.rmtree(home, ignore_errors=True)  # it may still be closing its files
