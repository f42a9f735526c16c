"""Why a rule took a contact or did not: its whole tree, true and false, and what came of it."""

import json

import pytest

from contact_hub.routing.explaining import Node, NoSuchRule, explain, words_read
from tests.routing.rulebooks import contact, rulebook

BOOK = rulebook("""
screen:
  - {id: machines, when: {automatic: bounce}, then: {queue: reception}}
label:
  - {id: haste, when: {text: dringend}, then: {priority: high}}
route:
  - id: gas
    name: Gasgeur
    why: Veiligheid
    when:
      any:
        - text: [gaslek, {at least: 2, of: [gas, ruik, kelder]}]
        - {subject: gas, channel: phone}
      not: {text: "gasfactuur*"}
    then: {queue: complaints, priority: urgent}
  - {id: smell, when: {text: ruik}, then: {queue: waste}}
  - {id: trial, status: shadow, when: {text: ruik}, then: {queue: waste}}
  - {id: gone, status: off, when: {text: ruik}, then: {queue: waste}}
  - {id: season, until: 2025-06-30, when: {text: ruik}, then: {queue: waste}}
""")


def held(node: Node) -> list[object]:
    """The tree as kinds and verdicts."""
    return [node.kind, node.holds, *map(held, node.parts)]


def test_the_tree_shows_what_held_and_what_did_not() -> None:
    given = contact("Ik ruik gas", subject="Gasfactuur")
    explained = explain(BOOK, given, "gas")
    assert held(explained.tree) == [
        "all", False,
        ["any", True, ["words", True, ["at least", True]], ["all", False, ["words", False], ["value", False]]],
        ["not", False, ["words", True]],
    ]  # fmt: skip
    assert (explained.name, explained.why, explained.holds) == ("Gasgeur", "Veiligheid", False)


def test_each_condition_says_what_it_asks_and_what_it_found_where() -> None:
    given = contact("Ik ruik gas")
    any_of, _ = explain(BOOK, given, "gas").tree.parts
    words, phone = any_of.parts
    (some,) = words.parts
    assert (some.number, some.asks, some.found) == (2, ("gas", "ruik", "kelder"), ("gas", "ruik"))
    assert [given.message[one.start : one.end] for one in some.evidence] == ["gas", "ruik"]
    subject, channel = phone.parts
    assert (subject.field, subject.asks, subject.found, subject.evidence) == ("subject", ("gas",), (), ())
    assert (channel.field, channel.asks, channel.found) == ("channel", ("phone",), ("email",))


@pytest.mark.parametrize(
    ("rule", "fields", "outcome", "because"),
    [
        ("gas", {"message": "gaslek"}, "won", "This rule took the contact."),
        ("smell", {"message": "ruik gas"}, "beaten", "The rule “gas” stands above it and took the contact."),
        ("gas", {"message": "gaslek gasfactuur"}, "failed", "“subject or message” holds what “not” excludes: gasfactuur*."),
        ("gas", {"message": "hallo"}, "failed", "Its conditions do not hold."),
        ("trial", {"message": "ruik"}, "shadow", "The rule is in shadow: that it holds is recorded, and it decides nothing."),
        ("trial", {"message": "hallo"}, "failed", "Its conditions do not hold."),
        ("gone", {"message": "ruik"}, "off", "The rule is off."),
        ("season", {"message": "ruik"}, "past", "The rule counted until 2025-06-30."),
        ("haste", {"message": "dringend"}, "added", "This label was added."),
        ("machines", {"automatic": "bounce"}, "won", "This rule took the contact."),
        ("smell", {"message": "ruik", "automatic": "bounce"}, "screened",
         "The screen rule “machines” took the contact before this one could."),
    ],
)  # fmt: skip
def test_it_says_what_came_of_the_rule(rule: str, fields: dict[str, str], outcome: str, because: str) -> None:
    explained = explain(BOOK, contact(**fields), rule)
    assert (explained.outcome, str(explained.because)) == (outcome, because)


def test_values_show_what_the_contact_has() -> None:
    book = rulebook("""
route:
  - id: it
    when:
      sender: "*@post.example"
      postcode: "9000-9099"
      person.known: yes
      person.open tickets: 2+
      received: {inside: office, weekday: mon-fri, hours: "08:00-20:00"}
      has: [quoted, attachment]
    then: {queue: waste}
""")
    given = contact("x", sender="an@post.example", postcode="B-9050", quoted="oud")
    sender, postcode, known, tickets, received, has = explain(book, given, "it").tree.parts
    assert (sender.asks, sender.found) == (("*@post.example",), ("an@post.example",))
    assert (postcode.asks, postcode.found) == (("9000-9099",), ("B-9050",))
    assert (known.asks, known.found, tickets.asks, tickets.found) == (("yes",), ("no",), ("2+",), ("0",))
    assert [(part.field, part.asks, part.found) for part in received.parts] == [
        ("received inside", ("office",), ("mon 2026-01-05 10:00",)),
        ("received weekday", ("mon", "tue", "wed", "thu", "fri"), ("mon 2026-01-05 10:00",)),
        ("received hours", ("08:00-20:00",), ("mon 2026-01-05 10:00",)),
    ]
    assert (has.asks, has.found) == (("quoted", "attachment"), ("quoted",))


def test_an_explanation_can_be_sent_as_json() -> None:
    record = json.loads(json.dumps(explain(BOOK, contact("ik ruik gas"), "smell").as_record()))
    assert record["because"] == {"text": "The rule “%(rule)s” stands above it and took the contact.", "values": {"rule": "gas"}}
    assert record["tree"]["evidence"] == [{"field": "message", "start": 3, "end": 7, "word": "ruik"}]


def test_a_rule_that_does_not_exist_has_no_explanation() -> None:
    with pytest.raises(NoSuchRule):
        explain(BOOK, contact("x"), "unheard")


def test_the_words_by_which_it_was_decided_are_read_out_of_any_field_each_once() -> None:
    book = rulebook("route: [{id: pit, when: {any: [{text: put}, {form.where: hoek}]}, then: {queue: waste}}]")
    given = contact("Een Put, en nog een put", fields={"where": "op de Hoek"})
    assert words_read(book, given, book.decide(given)) == ["Put", "put", "Hoek"]
