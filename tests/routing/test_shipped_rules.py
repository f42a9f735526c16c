"""The rules that ship serve a municipality from the first day."""

from pathlib import Path

import pytest
import yaml

from contact_hub.routing.doctor import examine
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.file.trial import contacts_in
from contact_hub.routing.protection import protection
from contact_hub.routing.rules import Decision, Rulebook

ROOT = Path(__file__).parents[2]
CONTACTS = Path(__file__).with_name("contacts.yaml")
ACTING_AT_ONCE = {"wachtdienst", "sociale-dienst"}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook((ROOT / "routing_rules.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judged(book: Rulebook) -> list[tuple[dict[str, str], Decision]]:
    text = CONTACTS.read_text(encoding="utf-8")
    expected = {entry["id"]: entry for entry in yaml.load(text, Loader=yaml.CSafeLoader)}
    return [(expected[name], book.decide(contact)) for name, contact in contacts_in(text)]


def test_every_example_and_test_holds(book: Rulebook) -> None:
    assert book.examples_astray() == []


@pytest.mark.timeout(300)
def test_the_doctor_has_nothing_to_say(book: Rulebook) -> None:
    assert [(finding.code, finding.line, str(finding.what)) for finding in examine(book)] == []


@pytest.mark.timeout(300)
def test_examples_guard_most_words_and_conditions(book: Rulebook) -> None:
    assert protection(book).score >= 0.8


def test_every_service_is_there_and_reached(book: Rulebook) -> None:
    assert len(book.queues) == 32
    assert {rule.then.queue for rule in book.rules if rule.section == "route"} | {"quarantaine"} == set(book.queues)
    assert {queue.id for queue in book.queues.values() if queue.tier == "front"} == {
        "onthaal",
        "doorverwijzing-extern",
        "quarantaine",
    }


def test_queues_and_topics_have_names_in_every_language(book: Rulebook) -> None:
    for named in (*book.queues.values(), *book.topics.values()):
        assert set(named.names) == set(book.municipality.languages), named.id


def test_every_rule_has_a_name_of_its_own_and_says_why(book: Rulebook) -> None:
    for rule in book.rules:
        assert rule.name, rule.id
        assert rule.why, rule.id
    assert len({rule.name for rule in book.rules}) == len(book.rules)


def test_every_route_rule_shows_both_sides(book: Rulebook) -> None:
    for rule in book.rules:
        if rule.section == "route":
            assert rule.yes, rule.id
            assert rule.no, rule.id


def test_most_contacts_go_straight_to_the_right_queue(judged: list[tuple[dict[str, str], Decision]]) -> None:
    astray = [entry["id"] for entry, decision in judged if not _right(entry, decision)]
    assert len(astray) <= len(judged) * 0.2, astray


def test_in_doubt_a_contact_waits_at_the_reception(book: Rulebook, judged: list[tuple[dict[str, str], Decision]]) -> None:
    wrong = [
        entry["id"] for entry, decision in judged if not _right(entry, decision) and book.queues[decision.queue].tier == "back"
    ]
    assert len(wrong) <= len(judged) * 0.05, wrong


def test_nothing_urgent_is_missed(judged: list[tuple[dict[str, str], Decision]]) -> None:
    for entry, decision in judged:
        if entry.get("expected_priority") == "urgent":
            assert (_right(entry, decision), decision.priority) == (True, "urgent"), entry["id"]


def test_no_citizen_is_quarantined(judged: list[tuple[dict[str, str], Decision]]) -> None:
    for entry, decision in judged:
        assert not decision.screened or entry["expected_queue"] == "quarantaine", entry["id"]


def test_automatic_mail_and_spam_are_set_aside(judged: list[tuple[dict[str, str], Decision]]) -> None:
    unwanted = [(entry["id"], decision.screened) for entry, decision in judged if entry["expected_queue"] == "quarantaine"]
    missed = [name for name, screened in unwanted if not screened]
    assert len(missed) <= len(unwanted) * 0.4, missed


def _right(entry: dict[str, str], decision: Decision) -> bool:
    """Somebody in mortal danger is in good hands with the duty officer and with the social service alike."""
    good = {entry["expected_queue"], *entry.get("also_right", [])}
    return decision.queue in good or (
        entry.get("expected_priority") == decision.priority == "urgent" and decision.queue in ACTING_AT_ONCE
    )
