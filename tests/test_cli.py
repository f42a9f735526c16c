"""The `contact-hub` command: what it teaches, what it answers, and how it says what is in its way."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

from contact_hub.agents import Agent
from contact_hub.arrivals import Tally
from contact_hub.cli import main
from contact_hub.database import Session, reading
from contact_hub.settings import HERE
from tests.builders import RULES
from tests.commands import contact_hub

DEMO_CONTACTS = HERE / "contact_hub/demo/contacts.yaml"
SECRET_KEY = "0123456789" * 4


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """The words that call each command."""
    yield path
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from commands(each, *path, name)


@pytest.fixture
def settings(database_url: str, redis_url: str) -> dict[str, str]:
    """A hub's settings; its database has the newest shape."""
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": SECRET_KEY}


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    """A small rules file without mistakes."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, "utf-8")
    return path


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_the_help_of_every_command_tells_what_it_is_for_and_gives_an_example(words: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0
    assert len(answer.output) > 250
    assert f"contact-hub {' '.join(words)}".strip() in answer.output.partition("\n")[2]


def test_good_rules_pass_the_check(rules_file: Path) -> None:
    answer = CliRunner().invoke(main, ["rules", "check", str(rules_file)])
    assert answer.exit_code == 0
    assert "6 queues" in answer.output


def test_the_check_says_where_each_mistake_is_and_how_to_mend_it(rules_file: Path) -> None:
    rules_file.write_text(RULES.replace("queue: groen}", "queue: gron}").replace("tier: front, clock", "teir: front, clock"))
    answer = CliRunner().invoke(main, ["rules", "check", str(rules_file)])
    assert answer.exit_code == 1
    places = [line.split(" ")[0] for line in answer.output.splitlines() if line.startswith(f"{rules_file}:")]
    assert len(places) >= 2
    assert all(place.removeprefix(f"{rules_file}:").replace(":", "").isdecimal() for place in places)


def test_the_check_says_which_examples_do_not_hold(rules_file: Path) -> None:
    rules_file.write_text(RULES.replace("text: [boom]}", "text: [boom]}, examples: {yes: [een struik]}"), "utf-8")
    answer = CliRunner().invoke(main, ["rules", "check", str(rules_file)])
    assert answer.exit_code == 1
    assert "een struik" in answer.output


def test_a_missing_rules_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["rules", "check", str(tmp_path / "nowhere.yaml")])
    assert answer.exit_code == 2
    assert "nowhere.yaml can't be read" in answer.output


def test_trying_contacts_gives_one_json_object_a_line(rules_file: Path, tmp_path: Path) -> None:
    contacts = tmp_path / "contacts.yaml"
    contacts.write_text("- {id: a, channel: email, body: een boom}\n- {id: b, channel: chat, subject: hallo}\n")
    answer = CliRunner().invoke(main, ["rules", "try", "--rules", str(rules_file), "--contacts", str(contacts), "--json"])
    assert [json.loads(line) for line in answer.output.splitlines()] == [
        {"id": "a", "queue": "groen", "priority": "normal", "tags": [], "rule": "trees"},
        {"id": "b", "queue": "onthaal", "priority": "normal", "tags": [], "rule": "default"},
    ]


def test_a_quoted_mail_does_not_decide_where_a_new_one_goes(rules_file: Path, tmp_path: Path) -> None:
    contacts = tmp_path / "contacts.yaml"
    contacts.write_text("- id: a\n  channel: email\n  body: |\n    Dank u.\n\n    Op 3 mrt schreef Jan:\n    > een boom\n")
    answer = CliRunner().invoke(main, ["rules", "try", "--rules", str(rules_file), "--contacts", str(contacts), "--json"])
    assert json.loads(answer.output)["queue"] == "onthaal"


def test_trying_a_typed_text_tells_the_rule_and_the_words_it_goes_by(rules_file: Path) -> None:
    answer = CliRunner().invoke(main, ["rules", "try", "--rules", str(rules_file), "Er", "is", "gevaar", "hier"])
    assert answer.exit_code == 0
    told = {line.split()[0]: line.split(maxsplit=1)[1] for line in answer.output.splitlines()}
    assert told["queue"] == "wegen"
    assert told["priority"] == "urgent"
    assert told["rule"].startswith("danger")
    assert told["words"] == "“gevaar”"


def test_the_shipped_rules_send_the_demo_contacts_where_they_belong() -> None:
    answer = CliRunner().invoke(main, ["rules", "try", "--contacts", str(DEMO_CONTACTS)])
    assert answer.exit_code == 0
    right, _, of = answer.output.splitlines()[-1].split()[:3]
    assert int(right) >= 0.9 * int(of), answer.output


def test_a_mail_that_cannot_be_read_does_not_hold_up_the_others(tmp_path: Path) -> None:
    good, bad, missing = (tmp_path / name for name in ("good.eml", "bad.eml", "missing.eml"))
    good.write_bytes(b"From: Jan <jan@post.example>\r\nSubject: Put\r\n\r\nEen put in de weg.\r\n")
    bad.write_bytes(b"")
    answer = CliRunner().invoke(main, ["mail", "read", str(bad), str(missing), str(good)])
    assert answer.exit_code == 1
    lines = [json.loads(line) for line in answer.output.splitlines()]
    assert [line["file"] for line in lines] == ["bad.eml", "missing.eml", "good.eml"]
    assert [bool(line.get("error")) for line in lines] == [True, True, False]
    assert (lines[2]["from_email"], lines[2]["subject"]) == ("jan@post.example", "Put")


def test_a_missing_setting_ends_a_command_in_one_sentence_that_names_it(tmp_path: Path) -> None:
    answer = contact_hub("tally", VAR=str(tmp_path))
    assert answer.returncode == 2
    assert "CONTACT_HUB_DATABASE_URL" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_database_that_does_not_answer_is_said_without_its_password() -> None:
    url = "postgresql://hub:geheim@127.0.0.1:1/hub"
    answer = contact_hub("tally", DATABASE_URL=url, REDIS_URL="redis://127.0.0.1:1/0", SECRET_KEY=SECRET_KEY)
    assert answer.returncode == 2
    assert "does not answer" in answer.stderr
    assert "geheim" not in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_port_in_use_is_said_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = contact_hub("web", "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 2
    assert "--port" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_init_makes_a_database_ready_and_may_be_repeated(tmp_path: Path, rules_file: Path, redis_url: str) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    settings = {"DATABASE_URL": url, "REDIS_URL": redis_url, "SECRET_KEY": SECRET_KEY, "RULES": str(rules_file)}
    assert "contact-hub init" in contact_hub("tally", **settings).stderr
    for _ in range(2):
        answer = contact_hub("init", "--demo", **settings)
        assert answer.returncode == 0, answer.stderr
        assert "anna@lindervelde.example" in answer.stdout
    assert contact_hub("tally", **settings).returncode == 0


def test_init_makes_an_administrator_once(database: Engine, settings: dict[str, str], rules_file: Path) -> None:
    first, second = (contact_hub("init", "--admin", "Els@town.example", **settings, RULES=str(rules_file)) for _ in range(2))
    assert "password" in first.stdout
    assert "already" in second.stdout
    with reading() as session:
        assert session.scalars(select(Agent)).one().role == "administrator"


def test_init_makes_an_account_with_its_role_and_queues(database: Engine, settings: dict[str, str], rules_file: Path) -> None:
    person = ("init", "--person", "an@town.example", "--role", "back_office", "--queue")
    strange = contact_hub(*person, "nowhere", **settings, RULES=str(rules_file))
    made = contact_hub(*person, "wegen", **settings, RULES=str(rules_file))
    assert "nowhere" in strange.stderr
    assert "password" in made.stdout
    with reading() as session:
        an = session.scalars(select(Agent)).one()
        assert (an.role, an.queue_ids) == ("back_office", {"wegen"})


def test_the_tally_fails_when_a_door_does_not_close(database: Engine, settings: dict[str, str]) -> None:
    today = datetime.now(UTC).date()
    with Session.begin() as session:
        session.add(Tally(channel="email", day=today, offered=5, taken=4, known=1))
        session.add(Tally(channel="phone", day=date(2026, 1, 5), offered=3, taken=1, known=1, set_aside=0))
    today_only = contact_hub("tally", "--day", today.isoformat(), **settings)
    assert today_only.returncode == 0, today_only.stderr
    assert today_only.stdout.split()[-7:] == ["email", "5", "4", "1", "0", "0", "yes"]
    january = contact_hub("tally", "--day", "2026-01-05", **settings)
    assert january.returncode == 1
    assert january.stdout.split()[-7:] == ["phone", "3", "1", "1", "0", "1", "no"]
