"""The rules that decide: published one after another, by whoever is first, and never rewritten."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as SessionType

from contact_hub import editions, intake, next_edition, publishing
from contact_hub.database import Session, _alembic, connect, disconnect, migrate, now, reading
from contact_hub.editions import CompiledEdition, Edition, NoEdition
from contact_hub.loading import FORM
from contact_hub.next_edition import NoReason, Overtaken
from contact_hub.routing.file.checking import checked
from contact_hub.routing.file.rulebook import RulebookError, read_rulebook
from contact_hub.tickets import Ticket
from tests.builders import RULES, a_contact, a_newer_hub_publishes, publish_rules
from tests.servers.processes import wait_until

pytestmark = pytest.mark.usefixtures("database")
COMPILED = select(CompiledEdition.edition_id).filter_by(form=FORM).order_by(CompiledEdition.edition_id)
WITH_METEORS = RULES.replace("[gevaar]", "[gevaar, meteoor]")
WITHOUT_PARKS = "".join(line for line in RULES.splitlines(keepends=True) if "groen" not in line)


def publish(rules: str, *, onto: int | None = None, author: str = "Anna Claes", reason: str = "because") -> Edition:
    with Session.begin() as session:
        return next_edition.publish(session, rules, author=author, reason=reason, onto=onto)


def how_many_editions() -> int:
    with reading() as session:
        return len(session.scalars(select(Edition.id)).all())


def test_rules_with_mistakes_cannot_be_published() -> None:
    with pytest.raises(RulebookError), Session.begin() as session:
        publish_rules(session, "nonsense")

    assert how_many_editions() == 0


def test_an_edition_of_another_version_of_the_hub_steps_aside_for_the_one_before() -> None:
    with Session.begin() as session:
        first = publish_rules(session)
        a_newer_hub_publishes(session, "format: 99", after=first)

    with reading() as session:
        assert editions.deciding(session).edition == first.id


def test_a_hub_without_any_rules_says_what_to_do(database: Engine) -> None:
    editions.forget()
    with reading() as session, pytest.raises(NoEdition, match="contact-hub init"):
        editions.deciding(session)


def test_an_edition_keeps_its_author_reason_diff_time_and_what_was_tested() -> None:
    publish(RULES)
    edition = publish(WITH_METEORS, author="Sofie Janssens", reason="  A meteor fell. ")

    assert (edition.id, edition.author, edition.reason) == (2, "Sofie Janssens", "A meteor fell.")
    assert "+  - {id: danger, when: {text: [gevaar, meteoor]}" in edition.diff
    assert edition.changes["changed"] == ["danger"]
    assert edition.tested["rules"] == len(read_rulebook(RULES).rules)
    assert edition.tested.keys() == {"rules", "examples", "tests", "findings"}


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_edition_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(NoReason):
        publish(RULES, reason=reason)

    assert how_many_editions() == 0


def test_who_publishes_on_an_edition_that_was_overtaken_is_told_what_changed() -> None:
    publish(RULES)
    publish(WITH_METEORS, onto=1, author="Sofie Janssens")

    with pytest.raises(Overtaken) as told:
        publish(WITHOUT_PARKS, onto=1)
    assert (told.value.came.id, told.value.came.author) == (2, "Sofie Janssens")
    assert "meteoor" in told.value.diff
    assert told.value.changes.changed == ("danger",)
    assert how_many_editions() == 2


def test_a_rule_for_a_queue_that_another_edition_just_removed_is_named() -> None:
    publish(RULES)
    publish(WITHOUT_PARKS, onto=1)

    with pytest.raises(Overtaken) as told:
        publish(WITH_METEORS, onto=1)
    assert told.value.changes.queues_removed == ("groen",)
    assert told.value.homeless == ("trees",)


def test_a_rule_put_onto_rules_without_its_queue_is_a_mistake_that_names_it() -> None:
    orphan = next(line for line in RULES.splitlines(keepends=True) if "id: trees" in line)

    with pytest.raises(RulebookError, match="groen"):
        publish(WITHOUT_PARKS.replace("default:", f"{orphan}default:"))


def test_of_supervisors_who_publish_at_once_one_is_first_and_the_others_are_told() -> None:
    first = publish(RULES)
    all_ready = threading.Barrier(4)
    told: list[str] = []

    def publish_mine(number: int) -> None:
        mine = next_edition.ready(checked(f"# {number}\n{RULES}", now()), first)
        all_ready.wait(20)
        try:
            with Session.begin() as session:
                next_edition.put_in_force(session, mine, author=f"supervisor {number}", reason="at once")
        except Overtaken as overtaken:
            told.append(overtaken.came.author)
        else:
            told.append("first")

    at_once(publish_mine, 4)
    with reading() as session:
        winner = session.get_one(Edition, 2).author
    assert sorted(told) == sorted(["first", winner, winner, winner])
    assert how_many_editions() == 2


def test_editions_that_follow_each_other_without_regard_are_all_kept() -> None:
    publish(RULES)
    at_once(lambda number: publish(f"# {number}\n{RULES}"), 4)

    with reading() as session:
        assert session.scalars(select(Edition.id).order_by(Edition.id)).all() == [1, 2, 3, 4, 5]
        assert editions.broken_links(session) == []


def at_once(do: Callable[[int], object], times: int) -> None:
    threads = [threading.Thread(target=do, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edition SET text = 'mine'",
        "UPDATE edition SET published_at = published_at",
        "DELETE FROM edition",
        "DELETE FROM edition WHERE id = 2",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_edition(statement: str) -> None:
    publish(RULES)
    publish(WITH_METEORS)

    with pytest.raises(DBAPIError, match="never changed"), Session.begin() as session:
        session.execute(text(statement))
    with reading() as session:
        assert editions.broken_links(session) == []


def test_no_statement_replaces_or_empties_the_editions(database: Engine) -> None:
    publish(RULES)
    columns = "id, text, author, reason, published_at, previous_hash, hash, diff, changes, tested, replay"
    copied = columns.replace("text", "'mine'", 1)
    statements = {
        "sqlite": [f"INSERT OR REPLACE INTO edition ({columns}) SELECT {copied} FROM edition"],
        "postgresql": [
            "TRUNCATE edition CASCADE",
            f"INSERT INTO edition ({columns}) SELECT {copied} FROM edition ON CONFLICT (id) DO UPDATE SET text = 'mine'",
        ],
    }
    for statement in statements[database.dialect.name]:
        with pytest.raises(DBAPIError), Session.begin() as session:
            session.execute(text(statement))
    with reading() as session:
        assert session.get_one(Edition, 1).text == RULES


@pytest.mark.parametrize("column", ["text", "author", "reason", "hash", "previous_hash"])
def test_an_edition_rewritten_behind_the_databases_back_breaks_the_chain(database: Engine, column: str) -> None:
    for rules in (RULES, WITH_METEORS, RULES):
        publish(rules)
    with Session.begin() as session:
        off = {"sqlite": "DROP TRIGGER edition_unchanged", "postgresql": "ALTER TABLE edition DISABLE TRIGGER USER"}
        session.execute(text(off[database.dialect.name]))
        session.execute(text(f"UPDATE edition SET {column} = 'rewritten' WHERE id = 2"))

    with reading() as session:
        assert 2 in editions.broken_links(session)


def test_an_edition_taken_out_of_the_middle_breaks_the_chain(database: Engine) -> None:
    for rules in (RULES, WITH_METEORS, RULES):
        publish(rules)
    with Session.begin() as session:
        off = {"sqlite": "DROP TRIGGER edition_kept", "postgresql": "ALTER TABLE edition DISABLE TRIGGER USER"}
        session.execute(text(off[database.dialect.name]))
        session.execute(text("DELETE FROM edition_compiled"))
        session.execute(text("DELETE FROM edition WHERE id = 2"))

    with reading() as session:
        assert editions.broken_links(session) == [3]


def test_a_rolled_back_publication_leaves_no_trace_in_what_decides() -> None:
    publish(RULES)
    with Session() as session:
        next_edition.publish(session, WITH_METEORS, author="a", reason="b")
        assert editions.deciding(session).edition == 2
        session.rollback()
    publish(WITHOUT_PARKS)

    [arrival] = intake.receive([a_contact(message="een meteoor")], channel="email")
    with reading() as session:
        assert session.get_one(Ticket, arrival.ticket.id).queue_id == "onthaal"


def test_the_editions_of_an_older_hub_become_the_beginning_of_the_chain(tmp_path: Path) -> None:
    before = f"sqlite:///{tmp_path / 'older.sqlite'}"
    command.upgrade(_alembic(before), "0002")
    connect(before)
    with Session.begin() as session:
        for number in (1, 3):
            session.execute(
                text("INSERT INTO edition (id, text, author, reason, published_at) VALUES (:id, :text, 'Anna', 'why', :at)"),
                {"id": number, "text": f"# {number}\n{RULES}", "at": "2026-11-23 09:00:00.123456"},
            )
    migrate(before)

    publish(WITH_METEORS)
    with reading() as session:
        assert session.scalars(select(Edition.id).order_by(Edition.id)).all() == [1, 3, 4]
        assert editions.broken_links(session) == []
    disconnect()


def queue_decided(session: SessionType, words: str) -> str:
    return editions.deciding(session).rulebook.decide(a_contact(message=words)).queue


def test_a_process_that_comes_back_decides_by_the_newest_edition_from_its_compiled_form() -> None:
    publish(RULES)
    publish(WITH_METEORS)
    editions.forget()
    with reading() as session:
        assert session.scalars(COMPILED).all() == [1, 2]
        assert queue_decided(session, "een meteoor") == "wegen"


@pytest.mark.parametrize("lost", ["DELETE FROM edition_compiled", "UPDATE edition_compiled SET data = 'x'"])
def test_without_a_compiled_form_of_this_version_the_text_is_read(lost: str) -> None:
    publish(WITH_METEORS)
    with Session.begin() as session:
        session.execute(text(lost))
    editions.forget()
    with reading() as session:
        assert queue_decided(session, "een meteoor") == "wegen"


def a_long_text(number: int) -> str:
    """Rules that take their time to be read."""
    rules = "".join(
        f"  - {{id: rule-{each}, when: {{text: [woord{each}]}}, then: {{queue: groen}}}}\n" for each in range(number)
    )
    return WITH_METEORS.replace("default:", f"{rules}default:")


def test_while_a_new_edition_is_read_the_one_before_decides_on_and_nobody_waits() -> None:
    first = publish(RULES)
    with Session.begin() as session:
        editions.deciding(session)
        a_newer_hub_publishes(session, a_long_text(3000), after=first, at=now() + timedelta(minutes=5))
        assert queue_decided(session, "een meteoor") == "onthaal"

    def decides() -> bool:
        with reading() as session:
            return queue_decided(session, "een meteoor") == "wegen"

    wait_until(decides, seconds=60, otherwise=lambda: AssertionError("the new edition never decided"))


def test_an_edition_that_is_not_quite_new_is_waited_for() -> None:
    first = publish(RULES)
    with Session.begin() as session:
        editions.deciding(session)
        a_newer_hub_publishes(session, a_long_text(300), after=first, at=now() - timedelta(seconds=2))
    with reading() as session:
        assert queue_decided(session, "een meteoor") == "wegen"


def test_only_the_compiled_forms_of_the_last_editions_are_kept() -> None:
    for number in range(7):
        publish(f"# {number}\n{RULES}")
    with reading() as session:
        assert session.scalars(COMPILED).all() == [3, 4, 5, 6, 7]
        assert editions.rulebook_of(session, 1) == editions.rulebook_of(session, 7)


def test_a_text_with_mistakes_on_an_edition_that_was_overtaken_is_told_of_that_first() -> None:
    first = publish(RULES)
    with Session.begin() as session:
        a_newer_hub_publishes(session, "format: 99", after=first)

    with pytest.raises(Overtaken) as told:
        publish("nonsense", onto=1)
    assert (told.value.homeless, told.value.changes.removed) == ((), ())
    assert "+format: 99" in told.value.diff


def test_an_edition_of_another_version_is_compiled_when_this_one_starts() -> None:
    publish(RULES)
    for before in ("DELETE FROM edition_compiled", "UPDATE edition_compiled SET data = 'x'"):
        with Session.begin() as session:
            session.execute(text(before))
        publishing.compile_newest()
        with reading() as session:
            assert editions.is_compiled(session, session.get_one(Edition, 1))


def test_an_edition_that_cannot_be_read_is_not_compiled() -> None:
    first = publish(RULES)
    with Session.begin() as session:
        a_newer_hub_publishes(session, "format: 99", after=first)
    publishing.compile_newest()
    with reading() as session:
        assert not editions.is_compiled(session, session.get_one(Edition, 2))
