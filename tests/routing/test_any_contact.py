"""Whatever comes in is decided, always the same way, and every word shown as evidence stands where it is said to stand."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.routing.decisions import Decision, departures
from contact_hub.routing.explaining import explain
from contact_hub.routing.fields import Reading
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.text import READ_AT_MOST, fold
from tests.routing import random_rules
from tests.routing.rulebooks import contact, rulebook

BOOK = rulebook("""
screen:
  - {id: machines, when: {automatic: [bounce, auto-reply]}, then: {queue: reception}}
label:
  - {id: at-night, when: {received: {outside: office}}, then: {tags: [night], also: complaints}}
  - {id: files, when: {attachment: ["*pdf", "fi*"]}, then: {tags: [file]}}
  - {id: known, when: {person.known: yes, person.open tickets: 1+}, then: {confidential: yes}}
route:
  - {id: phrase, when: {text: [fuite de gaz, e-mail, "*te gr*"], not: {text: niet}}, then: {queue: complaints}}
  - {id: pattern, when: {everything: [{pattern: 'e.a'}, {pattern: "[\\u0621-\\u064a]+"}], channel: email}, then: {queue: waste}}
  - {id: some, when: {text: {at least: 2, of: ["a*", "*e", "*st*", ete]}, postcode: ["9000-9099"]}, then: {queue: waste}}
  - {id: short, when: {message: ["*e*"], has: [quoted, form.what, header.x]}, then: {topic: collection}}
  - {id: arabic, when: {text: [قمامة, "مرح*"], quoted: {list: odd}}, then: {queue: waste}}
  - {id: trial, status: shadow, when: {quoted: "a*"}, then: {queue: waste}}
lists:
  odd: [ß, "ø*", "*ü", strasse]
""")
PIECES = [  # of surrogates a low one alone: after a high one it would be another character once it was written as JSON
    *("fuite de gaz", "E-MAIL", "e mail", "été", "e\u0301te\u0301", "niet", "te groot", "caf&eacute;", "&#233;a", "&amp;", "&"),
    *("قمامة", "مرحبا", "\u200f", "\u202e", "\u200b", "\u00ad", "\udfff", "\x00", "\n", " ", "  ", "ﬁets", "Straße"),
    *("İ", "ø", "²", "a", "st", "-"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)
CONTACTS = st.builds(
    Contact,
    channel=st.sampled_from(["email", "chat"]) | TEXTS,
    external_id=st.just("1"),
    received=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - as asked there
    subject=TEXTS,
    message=TEXTS,
    quoted=TEXTS,
    sender=TEXTS | st.just("an@post.example"),
    recipients=st.lists(TEXTS, max_size=2).map(tuple),
    language=TEXTS,
    automatic=st.sampled_from(["", "", "", "bounce"]),
    form=TEXTS,
    fields=st.dictionaries(TEXTS | st.just("what"), TEXTS, max_size=2),
    postcode=TEXTS | st.just("9050"),
    topic=TEXTS,
    person=st.builds(PersonFacts, st.booleans(), st.integers(0, 3)),
    headers=st.dictionaries(TEXTS | st.just("X"), TEXTS, max_size=2),
    attachments=st.lists(TEXTS.map(lambda name: Attachment(name, "application/pdf", b"")), max_size=2).map(tuple),
)


@given(CONTACTS)
def test_every_contact_is_decided_as_the_plain_evaluator_says(given: Contact) -> None:
    decision = BOOK.decide(given)
    assert decision == BOOK.decide_plainly(given) == BOOK.decide(given)
    assert decision.queue in BOOK.queues
    stored = json.loads(json.dumps(decision.as_record()))
    assert Decision.from_record(stored) == decision
    assert departures(stored, BOOK.decide(given)) == []


@given(CONTACTS, st.sampled_from([rule.id for rule in BOOK.rules]))
def test_every_rule_is_explained_for_every_contact(given: Contact, rule: str) -> None:
    explained = explain(BOOK, given, rule)
    decision = BOOK.decide(given)
    assert (explained.outcome in ("won", "added")) == (rule == decision.rule or rule in decision.labels)
    assert (explained.outcome == "failed") == (not explained.holds)
    near = {each.rule: each.missing for each in decision.near_misses}
    assert rule not in near or explained.because == near[rule]


@given(random_rules.rulebooks, random_rules.contacts)
@settings(max_examples=40)
def test_rules_of_any_shape_are_explained_as_they_hold(book: Rulebook, given: Contact) -> None:
    for rule in book.rules:
        explained = explain(book, given, rule.id)
        assert explained.holds == explained.tree.holds == rule.when.holds(Reading(given, book.municipality.zone))
        assert str(explained.because)
        json.dumps(explained.as_record())


@given(CONTACTS)
def test_evidence_slices_the_original_text_to_the_word_it_names(given: Contact) -> None:
    reading = Reading(given, BOOK.municipality.zone)
    for rule in BOOK.rules:
        for one in rule.when.evidence(reading) if rule.when.holds(reading) else ():
            original = reading.original(one.field)
            assert 0 <= one.start < one.end <= len(original)
            if one.word not in ("e.a", "[\u0621-\u064a]+"):
                assert fold(one.word.strip("*")).strip() in fold(original[one.start : one.end])


@given(TEXTS)
@settings(max_examples=30)
def test_evidence_keeps_its_place_behind_much_text(text: str) -> None:
    message = f"{text} {'é' * 1000}  {text} fuite  DE gaz {text}"
    decision = BOOK.decide(contact(message))
    for one in decision.evidence:
        if one.word == "fuite de gaz":
            assert fold(message[one.start : one.end]) == " fuite de gaz "


def test_a_body_of_twenty_megabytes_is_decided_by_its_beginning() -> None:
    body = f"fuite de gaz {'vuilnis ' * 2_500_000} qeXa"
    given = contact(body, quoted=body)
    decision = BOOK.decide(given)
    assert decision.rule == "phrase"
    assert [(one.start, one.end) for one in decision.evidence] == [(0, 12)]
    assert "pattern" not in decision.runners_up
    assert len(Reading(given, BOOK.municipality.zone).encoded("message")) == READ_AT_MOST


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "default"),
        ({"quoted": "fuite de gaz"}, "default"),
        ({"message": "\u200fقمامة\u200e في الشارع"}, "pattern"),
        ({"message": "مرحبا", "quoted": "øre", "channel": "chat"}, "arabic"),
        ({"message": "\ud800e\udfffa"}, "pattern"),
        ({"subject": "\x00fuite\x00de\x00gaz\x00"}, "phrase"),
        ({"message": "\u202efuite\u00a0de gaz\u202c"}, "phrase"),
    ],
)
def test_a_contact_of_any_script_or_none_is_decided(fields: dict[str, str], rule: str) -> None:
    assert BOOK.decide(contact(**fields)).rule == rule
