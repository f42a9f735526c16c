"""The rules file is followed while it leads, kept as a draft once the desk has gone its own way, and never stops the gate."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from contact_hub import drafts, editions, intake, next_edition, rules_file
from contact_hub.database import Session, reading
from contact_hub.editions import Edition
from contact_hub.queues import Queue
from contact_hub.routing.file.marked import LARGEST
from contact_hub.tickets import Ticket
from tests.builders import RULES, a_contact

pytestmark = pytest.mark.usefixtures("database")
WITH_METEORS = RULES.replace("[gevaar]", "[gevaar, meteoor]")
WITH_COMETS = RULES.replace("[gevaar]", "[gevaar, komeet]")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "routing_rules.yaml"
    path.write_text(RULES, "utf-8")
    return path


def follow(file: Path) -> list[str]:
    with Session.begin() as session:
        return [str(mistake) for mistake in rules_file.follow(session, file)]


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
        assert rules_file.mistakes_in_file(session)
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


@pytest.mark.parametrize("text", ["a: b\n" * 10_000_000, "\U0001f600" * (LARGEST + 1)], ids=["50 MB", "wide characters"])
def test_a_file_that_is_no_file_of_rules_by_its_size_is_a_mistake_and_not_kept(file: Path, text: str) -> None:
    follow(file)
    file.write_text(text, "utf-8")

    [mistake] = follow(file)
    assert "more than 5,000,000 characters" in mistake
    with reading() as session:
        assert session.get_one(rules_file.RulesFile, 1).text == ""
    assert decided_queue("pothole") == "wegen"
    file.write_text(RULES, "utf-8")
    assert follow(file) == []


def test_mending_the_file_clears_its_mistakes(file: Path) -> None:
    follow(file)
    file.write_text("nonsense", "utf-8")
    follow(file)
    file.write_text(RULES, "utf-8")

    assert follow(file) == []
    with reading() as session:
        assert rules_file.mistakes_in_file(session) == []
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


def publish_at_the_desk(text: str) -> int:
    with Session.begin() as session:
        return next_edition.publish(session, text, author="Anna Claes", reason="at the desk").id


def in_force() -> str:
    with reading() as session:
        newest = editions.newest(session)
        assert newest
        return newest.text


def waiting() -> drafts.Draft | None:
    with reading() as session:
        found = rules_file.waiting_draft(session)
        return session.get_one(drafts.Draft, found.id, populate_existing=True) if found else None


def test_a_file_that_changed_after_the_desk_published_overwrites_nothing_and_waits_as_a_draft(file: Path) -> None:
    follow(file)
    publish_at_the_desk(WITH_METEORS)
    file.write_text(WITH_COMETS, "utf-8")

    assert follow(file) == []
    assert in_force() == WITH_METEORS
    draft = waiting()
    assert draft
    assert (draft.text, draft.based_on) == (WITH_COMETS, 1)


def test_a_file_that_did_not_change_stays_quiet_when_the_desk_publishes(file: Path) -> None:
    follow(file)
    publish_at_the_desk(WITH_METEORS)
    follow(file)

    assert in_force() == WITH_METEORS
    assert waiting() is None


def test_a_file_leads_again_once_what_it_says_decides(file: Path) -> None:
    follow(file)
    publish_at_the_desk(WITH_METEORS)
    file.write_text(WITH_METEORS, "utf-8")
    follow(file)
    file.write_text(WITH_COMETS, "utf-8")
    follow(file)

    assert in_force() == WITH_COMETS
    assert waiting() is None


def test_a_waiting_file_that_a_supervisor_publishes_leads_again(file: Path) -> None:
    follow(file)
    publish_at_the_desk(WITH_METEORS)
    file.write_text(WITH_COMETS, "utf-8")
    follow(file)
    publish_at_the_desk(WITH_COMETS)
    file.write_text(RULES, "utf-8")
    follow(file)

    assert in_force() == RULES


def test_only_the_newest_change_of_the_file_waits_but_nobodys_work_on_an_older_one_is_lost(file: Path) -> None:
    follow(file)
    publish_at_the_desk(WITH_METEORS)
    for number in range(3):
        file.write_text(f"# {number}\n{WITH_COMETS}", "utf-8")
        follow(file)
        if number == 1:
            with Session.begin() as session:
                draft = rules_file.waiting_draft(session)
                assert draft
                drafts.keep(session, draft, version=1, text="mine", reason="", by="Anna Claes")

    with reading() as session:
        kept = [session.get_one(drafts.Draft, each.id).text for each in drafts.in_work(session)]
    assert sorted(kept) == [f"# 2\n{WITH_COMETS}", "mine"]


def test_a_mistake_in_between_does_not_take_the_lead_from_the_file(file: Path) -> None:
    follow(file)
    file.write_text("nonsense", "utf-8")
    follow(file)
    file.write_text(WITH_COMETS, "utf-8")
    follow(file)

    assert in_force() == WITH_COMETS


def test_the_file_is_kept_byte_for_byte(file: Path) -> None:
    text = "# Windows, été\r\n" + RULES.replace("\n", "\r\n")
    file.write_bytes(text.encode("utf-8"))
    follow(file)

    assert in_force() == text
