"""How the rules of one file decide together."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

import contact_hub
from contact_hub.routing.decisions import RECEIPTS, Also, Decision, departures
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.rules import Clock
from tests.routing.rulebooks import book_when, contact, rulebook

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


def test_a_second_ticket_is_asked_for_by_queue_or_topic() -> None:
    for asked, wanted in [
        ("{queue: complaints}", Also("complaints")),
        ("complaints", Also("complaints")),
        ("[{topic: collection}]", Also("waste", "collection")),
        ("collection", Also("waste", "collection")),
        ("{queue: complaints, topic: collection}", Also("complaints", "collection")),
    ]:
        book = rulebook(f"route:\n  - {{id: it, when: {{text: put}}, then: {{queue: reception, also: {asked}}}}}\n")
        assert book.decide(contact("put")).also == (wanted,)


def test_labels_may_ask_for_a_second_ticket_unless_the_first_stands_there() -> None:
    book = rulebook("""
label:
  - {id: angry, when: {text: klacht}, then: {also: complaints, confidential: yes, receipt: none}}
route:
  - {id: it, when: {text: afval}, then: {queue: waste, also: [complaints]}}
  - {id: them, when: {text: put}, then: {queue: complaints}}
""")
    decision = book.decide(contact("klacht over afval"))
    assert (decision.also, decision.confidential, decision.receipt) == ((Also("complaints"),), True, "none")
    assert book.decide(contact("klacht over een put")).also == ()
    assert not book.decide(contact("put")).confidential


@pytest.mark.parametrize(
    ("then", "what"),
    [
        ("{queue: waste, also: waste}", "beside the first"),
        ("{topic: collection, also: {queue: waste}}", "beside the first"),
        ("{queue: waste, also: nowhere}", "cannot be “nowhere”"),
        ("{queue: waste, also: {}}", "says no queue"),
        ("{queue: waste, receipt: lettre}", "cannot be “lettre”"),
        ("{queue: waste, confidential: maybe}", "cannot be “maybe”"),
    ],
)
def test_what_a_rule_cannot_say_is_refused(then: str, what: str) -> None:
    with pytest.raises(RulebookError) as caught:
        rulebook(f"route:\n  - {{id: it, when: {{text: put}}, then: {then}}}\n")
    assert what in str(caught.value)


def test_a_screen_rule_opens_no_second_ticket() -> None:
    with pytest.raises(RulebookError, match="no second ticket"):
        rulebook("screen:\n  - {id: it, when: {text: put}, then: {queue: waste, also: complaints}}\n")


def test_the_receipts_a_rule_may_choose_are_letters_the_hub_has() -> None:
    letters = yaml.safe_load((Path(contact_hub.__file__).with_name("letters") / "receipts.yaml").read_text("utf-8"))
    assert set(RECEIPTS) == set(letters)


def test_the_other_route_rules_that_hold_are_runners_up() -> None:
    assert BOOK.decide(contact("klacht over afval")).runners_up == ("second",)
    assert BOOK.decide(contact("klacht")).runners_up == ()
    assert BOOK.decide(contact("afval", automatic="bounce")).runners_up == ("first", "second")


@pytest.mark.parametrize(
    ("when", "message", "missing"),
    [
        ('{text: put, postcode: "9000"}', "put", "The contact has no “postcode”."),
        ("{text: put, channel: [chat, phone]}", "put", "“door” is none of these: chat, phone."),
        ('{text: put, message: ["a", b]}', "put", "“message” holds none of these: a, b."),
        ("{text: put, not: {message: mop}}", "put mop", "“message” holds what “not” excludes: mop."),
        ("{text: put, not: {channel: email}}", "put", "“not” excludes this “door”."),
        ("{all: [{text: put}, {text: {at least: 2, of: [a, b]}}]}", "put a", "holds 1 of the 2 words"),
        ("{text: put, any: [{message: a}, {message: b}]}", "put", "None of these words is there: a, b."),
        ("{text: put, received: {outside: office}}", "put", "It came in within the hours of “office”."),
        ("{text: put, received: {inside: night}}", "put", "It came in outside the hours of “night”."),
        ("{text: put, received: {weekday: sat}}", "put", "It came in on another day than sat."),
        ('{text: put, received: {hours: "22:00-23:00"}}', "put", "It came in at another time than 22:00-23:00."),
        ("{text: put, person.known: yes}", "put", "The sender was not known yet."),
        ("{text: put, person.open tickets: 2+}", "put", "The sender has another number of open tickets than 2+."),
        ("{text: put, has: [quoted, attachment]}", "put", "The contact has no “quoted, attachment”."),
    ],
)
def test_a_rule_that_failed_on_one_condition_is_a_near_miss(when: str, message: str, missing: str) -> None:
    (near,) = book_when(when).decide(contact(message)).near_misses
    assert near.rule == "it"
    assert missing in str(near.missing)


def test_a_rule_past_its_last_day_is_a_near_miss() -> None:
    (near,) = BOOK.decide(contact("zomer", received=datetime(2026, 7, 1, 9, tzinfo=UTC))).near_misses
    assert (near.rule, str(near.missing)) == ("season", "The rule counted until 2026-06-30.")


@pytest.mark.parametrize(
    "when",
    [
        "{text: put, channel: chat, language: fr}",
        "{channel: email, language: fr}",
        "{text: gat, channel: email}",
        "{text: put}",
        "{text: put, channel: email}",
    ],
)
def test_a_rule_that_held_failed_twice_or_met_none_of_its_words_is_no_near_miss(when: str) -> None:
    assert book_when(when).decide(contact("put")).near_misses == ()


def test_at_most_five_near_misses_are_kept_in_the_order_of_the_file() -> None:
    rules = "".join(f"  - {{id: r{n}, when: {{text: put, channel: chat}}, then: {{queue: waste}}}}\n" for n in range(9))
    near = rulebook(f"route:\n{rules}").decide(contact("put")).near_misses
    assert [each.rule for each in near] == ["r0", "r1", "r2", "r3", "r4"]


def test_a_stored_decision_is_read_again_and_compared() -> None:
    decision = BOOK.decide(contact("zomer klacht over afval", received=datetime(2026, 7, 1, 9, tzinfo=UTC)))
    stored = json.loads(json.dumps({**decision.as_record(), "microseconds": 12}))
    assert Decision.from_record(stored) == decision
    assert departures(stored, decision) == []
    reworded = [{**each, "missing": {"text": "In other words", "values": {}}} for each in stored["near_misses"]]
    assert departures({**stored, "near_misses": reworded}, decision) == []
    assert departures({**stored, "near_misses": []}, decision) == ["near_misses"]
    assert departures({**stored, "queue": "reception", "tags": []}, decision) == ["queue", "tags"]


def test_a_decision_stored_by_an_older_hub_is_still_read() -> None:
    decision = BOOK.decide(contact("afval"))
    newer = ("also", "confidential", "runners_up", "near_misses")
    stored = {name: value for name, value in decision.as_record().items() if name not in newer}
    assert Decision.from_record(stored).queue == "waste"
    assert departures(stored, decision) == []


def test_the_desk_is_read_with_its_clocks_and_calendars() -> None:
    assert BOOK.queues["waste"].clock == Clock(3, "working days")
    assert (BOOK.queues["reception"].tier, BOOK.queues["complaints"].visibility) == ("front", "confidential")
    assert BOOK.topics["collection"].first_line
    assert BOOK.calendars["office"].belgian_holidays
    assert BOOK.calendars["office"].names == {"nl": "Kantooruren"}
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


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ("{rule: unheard}", "cannot be “unheard”"),
        ("{labels: [unheard]}", "cannot be “unheard”"),
        ("{also: unheard}", "cannot be “unheard”"),
        ("{receipt: unheard}", "cannot be “unheard”"),
        ("{due: soon}", "is no time"),
    ],
)
def test_a_test_cannot_expect_what_the_file_does_not_know(expect: str, what: str) -> None:
    with pytest.raises(RulebookError) as caught:
        rulebook(f"{RULES}tests: [{{name: odd, contact: {{text: put}}, expect: {expect}}}]\n")
    assert what in str(caught.value)


def test_a_test_may_expect_every_part_of_a_decision() -> None:
    assert (
        rulebook("""
label:
  - {id: angry, when: {text: klacht}, then: {tags: [anger], note: Boos}}
route:
  - id: it
    when: {text: put, person.open tickets: 2+}
    then: {topic: collection, priority: high, also: complaints, confidential: yes, receipt: none, due: 1 day, language: fr}
  - {id: next, when: {text: put}, then: {queue: complaints}}
  - {id: trial, status: shadow, when: {text: put}, then: {queue: complaints}}
tests:
  - name: all
    contact: {text: put klacht, person: {open tickets: 2}}
    expect: {queue: waste, rule: it, priority: high, topic: collection, also: complaints, confidential: yes,
             receipt: none, due: 1 day, language: fr, note: Boos, tags: [anger], labels: [angry], shadows: [trial],
             runners_up: [next], screened: no}
""").examples_astray()
        == []
    )


def test_the_same_contact_is_decided_the_same_at_any_time() -> None:
    given = contact("dringend afval", language="fr")
    assert BOOK.decide(given) == BOOK.decide(given)
