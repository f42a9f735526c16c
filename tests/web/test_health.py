"""What those who watch over the hub may ask, and what no answer tells."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text

from contact_hub import editions, intake, leases, process, troubles
from contact_hub.arrivals import Tally
from contact_hub.database import Session, now
from contact_hub.mailboxes import Mailbox
from contact_hub.oauth import OAuthClient
from contact_hub.outbox import Outgoing
from contact_hub.settings import Settings
from tests.application import made_anew
from tests.builders import a_contact, a_ticket, an_agent, publish_rules

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, redis_url=redis_url, secret_key="x" * 32, var=tmp_path)


@pytest.fixture
def running(database: Engine) -> None:
    """A hub with rules, a scheduler and a watcher of one mailbox."""
    editions.forget()
    with Session.begin() as session:
        publish_rules(session)
        for name in ("schedule", "mailbox info@mail.example/INBOX"):
            leases.hold(session, name, "somebody", timedelta(minutes=1))


def ready(settings: Settings) -> tuple[int, dict[str, str]]:
    answer = made_anew(settings).test_client().get("/health/ready")
    assert answer.json is not None
    return answer.status_code, answer.json["parts"]


@pytest.mark.either_database
def test_a_process_that_answers_lives(settings: Settings) -> None:
    assert made_anew(settings).test_client().get("/health/live").status_code == 200


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_a_hub_with_all_its_parts_is_ready(settings: Settings) -> None:
    code, parts = ready(replace(settings, mailboxes=("imap://info:secret@mail.example/INBOX",)))

    assert code == 200
    assert parts == dict.fromkeys(("database", "migrations", "rules", "outbox", "schedule", "mailboxes", "redis"), "ok")


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_a_mailbox_nobody_watches_is_not_ready(settings: Settings) -> None:
    code, parts = ready(replace(settings, mailboxes=("imap://a:s@m.example/INBOX", "imap://b:s@m.example/INBOX")))

    assert (code, parts["mailboxes"]) == (503, "1 of 2 not watched")


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_a_watcher_that_died_is_seen(settings: Settings) -> None:
    with Session.begin() as session:
        session.execute(text("UPDATE lease SET until = :gone"), {"gone": "2026-01-01 00:00:00"})

    code, parts = ready(replace(settings, mailboxes=("imap://info:s@mail.example/INBOX",)))
    assert (code, parts["mailboxes"], parts["schedule"]) == (503, "1 of 1 not watched", "no scheduler runs")


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_a_news_server_that_is_gone_is_not_ready(settings: Settings) -> None:
    code, parts = ready(replace(settings, redis_url="redis://127.0.0.1:1/0"))

    assert code == 503
    assert parts["redis"].startswith("does not answer")
    assert parts["database"] == "ok"


def test_a_hub_without_rules_is_not_ready(settings: Settings) -> None:
    editions.forget()

    code, parts = ready(settings)
    assert code == 503
    assert "contact-hub init" in parts["rules"]


@pytest.mark.usefixtures("running")
def test_a_database_of_another_shape_is_not_ready(settings: Settings) -> None:
    with Session.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    code, parts = ready(settings)
    assert code == 503
    assert "contact-hub init" in parts["migrations"]


@pytest.mark.usefixtures("running")
def test_mail_that_no_worker_sends_is_seen(settings: Settings) -> None:
    intake.receive([a_contact()], channel="email")
    with Session.begin() as session:
        session.query(Outgoing).update({"due_at": now() - timedelta(minutes=6)})

    code, parts = ready(settings)
    assert (code, parts["outbox"]) == (503, "1 mails wait for a worker")


def scrape(settings: Settings, **request: Any) -> dict[tuple[str, ...], float]:
    answer = made_anew(settings).test_client().get("/metrics", **request)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(each.name, *sorted(each.labels.values())): each.value for family in families for each in family.samples}


@pytest.mark.usefixtures("running")
def test_metrics_are_counted_from_the_database(settings: Settings) -> None:
    mail = a_contact(message="pothole", received=now())
    intake.receive([mail, mail], channel="email")
    with Session.begin() as session:
        a_ticket(session, channel="phone", sender="").resolve(by=an_agent(session), outcome="spam")
        session.add(Mailbox(name="info@mail.example/INBOX", behind=7, trouble=troubles.SIGN_IN_REFUSED, seen_at=now()))
        session.add(Tally(channel="chat", day=now().date(), offered=2, taken=1))

    found = scrape(settings)
    assert found["contact_hub_contacts_total", "email", "taken"] == 1
    assert found["contact_hub_contacts_total", "email", "known"] == 1
    assert found["contact_hub_missing", "chat"] == 1
    assert (found["contact_hub_tickets_open", "wegen"], found["contact_hub_tickets_open", "onthaal"]) == (1, 0)
    assert found["contact_hub_outbox_mails", "waiting"] == 1
    assert found["contact_hub_mailbox_behind", "info@mail.example/INBOX"] == 7
    assert found["contact_hub_mailbox_trouble", "info@mail.example/INBOX"] == 1
    assert found["contact_hub_mailbox_alarm", "info@mail.example/INBOX", "sign-in"] == 1
    assert found["contact_hub_mailbox_alarm", "info@mail.example/INBOX", "silent"] == 0
    assert found["contact_hub_decisions_last_hour",] == 1
    assert found["contact_hub_decision_seconds_last_hour",] >= 0
    assert found["contact_hub_rules_edition",] == 1
    assert found["contact_hub_rules_file_mistakes",] == 0


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_metrics_tell_until_when_the_secret_of_the_mailboxes_is_good(settings: Settings) -> None:
    tomorrow = now().date() + timedelta(days=1)
    oauth = OAuthClient("https://tokens.example", "hub", secret_expires=tomorrow)
    found = scrape(replace(settings, oauth=oauth))
    assert 0 < found["contact_hub_secret_seconds",] <= timedelta(days=2).total_seconds()


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_metrics_are_for_those_inside(settings: Settings) -> None:
    client = made_anew(replace(settings, metrics_token="the token")).test_client()

    def code(**request: Any) -> int:
        return client.get("/metrics", **request).status_code

    outside = {"REMOTE_ADDR": "203.0.113.7"}
    assert code() == 200
    assert code(environ_base=outside) == 404
    assert code(headers={"X-Forwarded-For": "203.0.113.7"}) == 404
    assert code(environ_base=outside, headers={"Authorization": "Bearer wrong"}) == 404
    assert code(environ_base=outside, headers={"Authorization": "Bearer the token"}) == 200


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_without_a_token_none_is_accepted(settings: Settings) -> None:
    answer = (
        made_anew(settings)
        .test_client()
        .get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}, headers={"Authorization": "Bearer "})
    )

    assert answer.status_code == 404


@pytest.mark.either_database
@pytest.mark.usefixtures("running")
def test_the_log_tells_each_request_without_what_was_in_it(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    process.bind(settings)
    app: Flask = made_anew(settings)

    app.test_client().get("/desk/inbox?queue=roos.peeters@example.org")

    out = capsys.readouterr().out
    line = next(line for line in map(json.loads, out.splitlines()) if line["event"] == "request")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/desk/inbox", 302)
    assert line["ms"] >= 0
    assert "roos" not in out
