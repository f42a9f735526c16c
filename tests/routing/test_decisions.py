"""How the rules of one file decide together."""

import json
from datetime import UTC, datetime

from contact_hub.routing.rules import Clock
from tests.routing.rulebooks import contact, rulebook

RULES = """
screen:
  - {id: machines, when: {automatic: [bounce]}, then: {queue: reception, tags: [machine]}}
label:
  - {id: in-haste, when: {text: dringend}, then: {tags: [haste], priority: high, note: "Leest dringend"}}
  - {id: french, when: {language: fr}, then: {tags: [french, haste]}}
route:
  - {id: first, when: {text: afval}, then: {topic: collection, priority: low, tags: [waste]}}
  - {id: second, when: {text: [afval, klacht]}, then: {queue: complaints, due: 10 days}}
  - {id: trial, status: shadow, when: {text: afval}, then: {queue: complaints}}
  - {id: gone, status: off, when: {text: oud}, then: {queue: complaints}}
  - {id: season, until: 2026-06-30, when: {text: zomer}, then: {queue: waste}}
"""
BOOK = rulebook(RULES)


def test_the_first_route_rule_wins() -> None:
    decision = BOOK.decide(contact("klacht over afval"))
    assert (decision.rule, decision.queue, decision.topic) == ("first", "waste", "collection")


def test_what_no_rule_takes_goes_where_the_default_says() -> None:
    decision = BOOK.decide(contact("goeiedag"))
    assert (decision.rule, decision.queue, decision.priority, decision.evidence) == ("default", "reception", "normal", ())


def test_a_screen_rule_ends_the_matter() -> None:
    decision = BOOK.decide(contact("dringend afval", automatic="bounce"))
    assert (decision.rule, decision.screened, decision.labels, decision.tags) == ("machines", True, (), ("machine",))


def test_every_label_adds_and_the_highest_priority_counts() -> None:
    decision = BOOK.decide(contact("dringend: afval", language="fr"))
    assert decision.labels == ("in-haste", "french")
    assert decision.tags == ("waste", "haste", "french")
    assert (decision.priority, decision.note, decision.language) == ("high", "Leest dringend", "fr")


def test_a_rule_in_shadow_is_recorded_and_decides_nothing() -> None:
    decision = BOOK.decide(contact("afval"))
    assert (decision.rule, decision.shadows) == ("first", ("trial",))


def test_a_rule_that_is_off_does_nothing() -> None:
    assert BOOK.decide(contact("oud")).rule == "default"


def test_a_rule_counts_until_its_last_day_at_the_municipality() -> None:
    assert BOOK.decide(contact("zomer", received=datetime(2026, 6, 30, 21, 59, tzinfo=UTC))).rule == "season"
    assert BOOK.decide(contact("zomer", received=datetime(2026, 6, 30, 22, 1, tzinfo=UTC))).rule == "default"


def test_a_rule_may_set_another_due_time_than_its_queue() -> None:
    assert BOOK.decide(contact("klacht")).due == "10 days"


def test_a_topic_chosen_on_a_form_stays() -> None:
    assert BOOK.decide(contact("goeiedag", topic="collection")).topic == "collection"
    assert BOOK.decide(contact("goeiedag", topic="unheard")).topic == ""


def test_a_decision_can_be_stored() -> None:
    record = BOOK.decide(contact("afval")).as_record()
    assert json.loads(json.dumps(record))["evidence"] == [{"field": "message", "start": 0, "end": 5, "word": "afval"}]


def test_the_desk_is_read_with_its_clocks_and_calendars() -> None:
    assert BOOK.queues["waste"].clock == Clock(3, "working days")
    assert (BOOK.queues["reception"].tier, BOOK.queues["complaints"].visibility) == ("front", "confidential")
    assert BOOK.topics["collection"].first_line
    assert BOOK.calendars["office"].belgian_holidays
    assert BOOK.municipality.languages == ("nl", "fr")


def test_examples_and_tests_that_do_not_hold_are_named() -> None:
    astray = rulebook("""
route:
  - id: waste
    when: {text: afval}
    then: {queue: waste}
    examples: {yes: [huisvuil], no: [afval]}
  - id: later
    when: {text: afval}
    then: {queue: complaints}
    examples: {yes: [afval]}
tests:
  - {name: tagged, contact: {text: afval}, expect: {queue: complaints, tags: [x]}}
""").examples_astray()
    assert [(one.rule, one.example) for one in astray] == [
        ("waste", "huisvuil"),
        ("waste", "afval"),
        ("later", "afval"),
        ("tests", "tagged"),
        ("tests", "tagged"),
    ]
    assert "the rule waste takes it first" in str(astray[2].what)


def test_the_same_contact_is_decided_the_same_at_any_time() -> None:
    given = contact("dringend afval", language="fr")
    assert BOOK.decide(given) == BOOK.decide(given)
