"""`contact-hub rules publish, diff, rollback, export, editions`: editions from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from contact_hub.cli import main
from contact_hub.database import Session
from tests.builders import RULES, publish_rules

WITH_METEORS = "# été ☄\r\n" + RULES.replace("[gevaar]", "[gevaar, meteoor]")
WITHOUT_PARKS = "".join(line for line in RULES.splitlines(keepends=True) if "groen" not in line)


@pytest.fixture(autouse=True)
def in_force(database: Engine, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small Lindervelde decides, and the command finds its database."""
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": "k" * 40}.items():
        monkeypatch.setenv(f"CONTACT_HUB_{name}", value)
    with Session.begin() as session:
        publish_rules(session)


def rules(*words: str) -> Result:
    return CliRunner().invoke(main, ["rules", *words], catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "draft.yaml"
    path.write_bytes(WITH_METEORS.encode())
    return path


def test_a_file_is_published_and_given_back_byte_for_byte(file: Path, tmp_path: Path) -> None:
    answer = rules("publish", str(file), "--reason", "A meteor fell.", "--author", "Anna Claes", "--onto", "1")
    assert (answer.exit_code, answer.output) == (0, "Edition 2 decides from now on.\n")
    assert rules("export").stdout_bytes == WITH_METEORS.encode()
    copy = tmp_path / "copy.yaml"
    assert "is edition 1" in rules("export", "1", "-o", str(copy)).output
    assert copy.read_text("utf-8") == RULES
    listed = rules("editions").output
    assert "Anna Claes" in listed
    assert "A meteor fell." in listed


def test_a_file_with_mistakes_is_refused_with_all_of_them(file: Path) -> None:
    file.write_text(RULES.replace("queue: groen", "queue: grien"), "utf-8")
    answer = rules("publish", str(file), "--reason", "x")
    assert answer.exit_code == 1
    assert f"{file}:" in answer.output
    assert "grien" in answer.output


def test_what_a_colleague_published_is_not_overwritten_but_shown(file: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.yaml"
    theirs.write_text(WITHOUT_PARKS, "utf-8")
    rules("publish", str(theirs), "--reason", "No parks.", "--author", "Anna Claes")
    answer = rules("publish", str(file), "--reason", "x", "--onto", "1")
    assert answer.exit_code == 1
    assert "Anna Claes published edition 2 in the meantime: No parks." in answer.output
    assert "queues gone:  groen" in answer.output
    assert "to a queue that is gone: trees" in answer.output
    assert rules("publish", str(file), "--reason", "x", "--onto", "2").exit_code == 0


def test_editions_are_compared_and_rolled_back(file: Path) -> None:
    rules("publish", str(file), "--reason", "x")
    told = rules("diff", "1", "2").output
    assert "changed:      danger" in told
    assert "+  - {id: danger, when: {text: [gevaar, meteoor]}" in told
    assert "Edition 3 decides" in rules("rollback", "1", "--reason", "No meteors.").output
    assert rules("export").stdout_bytes == RULES.encode()


def test_a_rewritten_edition_is_found_out(file: Path, database: Engine) -> None:
    rules("publish", str(file), "--reason", "x")
    assert "Every seal fits" in rules("editions", "--verify").output
    with Session.begin() as session:
        off = {"sqlite": "DROP TRIGGER edition_unchanged", "postgresql": "ALTER TABLE edition DISABLE TRIGGER USER"}
        session.execute(text(off[database.dialect.name]))
        session.execute(text("UPDATE edition SET author = 'nobody' WHERE id = 1"))
    answer = rules("editions", "--verify")
    assert answer.exit_code == 1
    assert "The seal does not fit: 1." in answer.output


@pytest.mark.parametrize(
    "words",
    [
        ("export", "99"),
        ("diff", "1", "99"),
        ("rollback", "99", "--reason", "x"),
        ("rollback", "1", "--reason", "the same"),
        ("publish", "nowhere.yaml", "--reason", "x"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(words: tuple[str, ...]) -> None:
    answer = rules(*words)
    assert answer.exit_code == 2
    assert "Error: " in answer.output
