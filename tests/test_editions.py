"""The rules that decide: published whole, followed from the file, and never lost to a mistake."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from contact_hub import editions, intake
from contact_hub.database import Session, reading
from contact_hub.editions import Edition, NoEdition
from contact_hub.queues import Queue
from contact_hub.routing.rulebook import RulebookError
from contact_hub.tickets import Ticket
from tests.builders import RULES, a_contact, publish_rules

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "routing_rules.yaml"
    path.write_text(RULES, "utf-8")
    return path


def follow(file: Path) -> list[str]:
    with Session.begin() as session:
        return [str(mistake) for mistake in editions.follow(session, file)]


def decided_queue(text: str) -> str:
    [arrival] = intake.receive([a_contact(message=text)], channel="email")
    with reading() as session:
        return session.get_one(Ticket, arrival.ticket.id).queue_id


def how_many_editions() -> int:
    with reading() as session:
        return len(session.scalars(select(Edition.id)).all())


def test_a_good_file_becomes_the_edition_that_decides(file: Path) -> None:
    assert follow(file) == []

    assert decided_queue("pothole") == "wegen"


def test_a_file_that_did_not_change_is_no_new_edition(file: Path) -> None:
    follow(file)
    follow(file)

    assert how_many_editions() == 1


def test_a_changed_file_decides_from_then_on(file: Path) -> None:
    follow(file)
    file.write_text(RULES.replace("[gevaar]", "[gevaar, meteoor]"), "utf-8")
    follow(file)

    assert decided_queue("een meteoor") == "wegen"
    assert how_many_editions() == 2


@pytest.mark.parametrize(
    "broken",
    ["", "format: [", RULES.replace("queue: wegen", "queue: nowhere"), "format: 1\n", "\x00", "default: {queue: onthaal}"],
)
def test_with_a_broken_file_the_last_edition_decides(file: Path, broken: str) -> None:
    follow(file)
    file.write_text(broken, "utf-8")

    assert follow(file) != []
    assert decided_queue("pothole") == "wegen"
    with reading() as session:
        assert editions.mistakes_in_file(session)
    assert how_many_editions() == 1


def test_a_file_that_breaks_its_own_promises_is_not_published(file: Path) -> None:
    follow(file)
    promise = {"name": "een put", "contact": {"text": "pothole"}, "expect": {"queue": "groen"}}
    file.write_text(f"{RULES}\ntests: [{json.dumps(promise)}]\n", "utf-8")

    [mistake] = follow(file)
    assert "een put" in mistake
    assert decided_queue("pothole") == "wegen"
    assert how_many_editions() == 1


def test_a_file_that_is_gone_is_a_mistake_and_no_stop(file: Path) -> None:
    follow(file)
    file.unlink()

    assert follow(file) != []
    assert decided_queue("pothole") == "wegen"


def test_mending_the_file_clears_its_mistakes(file: Path) -> None:
    follow(file)
    file.write_text("nonsense", "utf-8")
    follow(file)
    file.write_text(RULES, "utf-8")

    assert follow(file) == []
    with reading() as session:
        assert editions.mistakes_in_file(session) == []
    assert how_many_editions() == 1


def test_a_first_file_that_is_broken_leaves_one_queue_for_everything(file: Path) -> None:
    file.write_text("nonsense", "utf-8")

    assert follow(file) != []
    assert decided_queue("pothole") == "onthaal"


def test_a_broken_file_after_the_emergency_is_mended_by_a_good_one(file: Path) -> None:
    file.write_text("nonsense", "utf-8")
    follow(file)
    file.write_text(RULES, "utf-8")
    follow(file)

    assert decided_queue("pothole") == "wegen"


def test_a_queue_that_left_the_rules_is_retired_and_keeps_its_tickets(file: Path) -> None:
    follow(file)
    assert decided_queue("een boom") == "groen"
    kept = [line for line in RULES.splitlines(keepends=True) if "groen" not in line]
    file.write_text("".join(kept), "utf-8")
    follow(file)

    with reading() as session:
        assert session.get_one(Queue, "groen").retired
        assert session.scalars(select(Ticket.queue_id)).all() == ["groen"]


def test_rules_with_mistakes_cannot_be_published() -> None:
    with pytest.raises(RulebookError), Session.begin() as session:
        publish_rules(session, "nonsense")

    assert how_many_editions() == 0


def test_an_edition_of_another_version_of_the_hub_steps_aside_for_the_one_before() -> None:
    with Session.begin() as session:
        first = publish_rules(session)
        session.add(Edition(text="format: 99", author="later", reason="from the future"))

    with reading() as session:
        assert editions.deciding(session).edition == first.id


def test_a_hub_without_any_rules_says_what_to_do(database: Engine) -> None:
    editions.forget()
    with reading() as session, pytest.raises(NoEdition, match="contact-hub init"):
        editions.deciding(session)
