"""A bad rules file is answered with all its mistakes, each with its place and how to mend it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.file.rulebook import RulebookError, read_rulebook
from tests.routing.rulebooks import DESK


def mistakes_of(text: str) -> list[Mistake]:
    with pytest.raises(RulebookError) as caught:
        read_rulebook(text)
    return caught.value.mistakes


def mistake_of(rules: str) -> Mistake:
    """The one mistake of the small desk with these sections."""
    (mistake,) = mistakes_of(DESK + rules)
    return mistake


FIRST = DESK.count("\n") + 1


@pytest.mark.parametrize(
    ("rules", "line", "what", "mend"),
    [
        ("lists: {waste: [*afval]}", FIRST, "YAML reads *afval as a reference", 'Put quotes around it: "*afval"'),
        ("lists: {waste: [*afval*]}", FIRST, "YAML cannot read *afval*", 'Put quotes around it: "*afval*"'),
        ("lists: {waste: &all [afval]}", FIRST, "&all as an anchor", "write it out"),
        ("lists: {waste: [afval], waste: [gft]}", FIRST, "stands here twice", "Keep one"),
        ("lists: {waste: [af*val]}", FIRST, "has a star inside", "only at the beginning or the end"),
        ('lists: {waste: ["!"]}', FIRST, "no letter or digit", "leave it out"),
        ("lists: {waste: []}", FIRST, "is empty", "Add a word"),
        ("lists: {waste: [a, {list: waste}]}", FIRST, "includes itself", "Take it out"),
        ("lists: {waste: [{list: wast}]}", FIRST, "There is no list “wast”", "Did you mean “waste”?"),
        ("lists: {waste: [{pattern: '(a'}]}", FIRST, "missing )", "RE2"),
        ("lists: {waste: [{pattern: 'a*'}]}", FIRST, "fits every text", "+ in place of *"),
        ("lists: {waste: [{at least: 3, of: [a, b]}]}", FIRST, "“at least 3” of 2 words", "from 1 to 2"),
        ("rout: []", FIRST, "no key “rout”", "Did you mean “route”?"),
        ("route:\n  - {id: A b, when: {text: x}, then: {queue: waste}}", FIRST + 1, "cannot be an id", "small letters"),
        ("route:\n  - {id: a, then: {queue: waste}}", FIRST + 1, "lacks “when”", "Add `when: …`"),
        ("route:\n  - {id: a, when: {}, then: {queue: waste}}", FIRST + 1, "would hold for everything", "at least one"),
        ("route:\n  - {id: a, when: {txt: x}, then: {queue: waste}}", FIRST + 1, "no field “txt”", "Did you mean “text”?"),
        ("route:\n  - {id: a, when: {text: x}, then: {queue: wast}}", FIRST + 1, "cannot be “wast”", "Did you mean “waste”?"),
        ("route:\n  - {id: a, when: {text: x}, then: {tags: [t]}}", FIRST + 1, "says no queue", "Add `queue: …`"),
        ("route:\n  - {id: a, when: {topic: x}, then: {queue: waste}}", FIRST + 1, "cannot be “x”", "collection"),
        ("route:\n  - {id: a, when: {postcode: x}, then: {queue: waste}}", FIRST + 1, "no postcode", "9000-9099"),
        ("route:\n  - {id: a, until: x, when: {text: x}, then: {queue: waste}}", FIRST + 1, "no date", "2027-06-30"),
        ("route:\n  - {id: default, when: {text: x}, then: {queue: waste}}", FIRST + 1, "already", "another id"),
        ("route:\n  - {id: a, until: 20270630, when: {text: x}, then: {queue: waste}}", FIRST + 1, "no date", "2027-06-30"),
        ("route:\n  - {id: a, when: {text: x}, then: waste}", FIRST + 1, "must be keys with values", "{key: value}"),
        ("label:\n  - {id: a, when: {text: x}, then: {queue: waste}}", FIRST + 1, "label cannot set a queue", "`route`"),
        ("route:\n  - {id: a, when: {received: {inside: x}}, then: {queue: waste}}", FIRST + 1, "cannot be “x”", "office"),
        ("route:\n  - {id: a, when: {form.: x}, then: {queue: waste}}", FIRST + 1, "no field “form.”", "Did you mean “form”?"),
        ("route:\n  - {id: a, when: {text: x}, then: {queue: waste, due: soon}}", FIRST + 1, "is no time", "3 working days"),
        ("tests:\n  - {name: a, contact: {text: x}, expect: {queue: nowhere}}", FIRST + 1, "cannot be “nowhere”", "Choose"),
        ("tests:\n  - {name: a, contact: {text: x}, expect: {}}", FIRST + 1, "“expect” is empty", "Write a value"),
        ("tests:\n  - {name: a, contact: {txet: x}, expect: {queue: waste}}", FIRST + 1, "no key “txet”", "“text”"),
    ],
)
def test_a_mistake_says_where_what_and_how_to_mend(rules: str, line: int, what: str, mend: str) -> None:
    mistake = mistake_of(rules)
    assert mistake.line == line
    assert what in str(mistake.what)
    assert mend in str(mistake.mend)


@pytest.mark.parametrize(
    "condition",
    [
        "channel: []",
        "topic: []",
        "sender domain: []",
        "postcode: []",
        "has: []",
        "person.open tickets: []",
        "received: {inside: []}",
        "received: {weekday: []}",
        "received: {hours: []}",
    ],
)
def test_a_condition_that_names_nothing_is_refused_rather_than_never_holding(condition: str) -> None:
    mistake = mistake_of(f"route:\n  - {{id: a, when: {{{condition}}}, then: {{queue: waste}}}}")
    assert "This list is empty" in str(mistake.what)


def test_a_long_name_is_shown_by_its_beginning() -> None:
    for rules in (f"? {'x' * 100_000}\n: []", f"topics: [{{id: a, name: {{nl: A}}, queue: {'x' * 100_000}}}]"):
        assert len(str(mistake_of(rules))) < 500


def test_all_mistakes_come_in_one_go_from_top_to_bottom() -> None:
    found = mistakes_of(DESK.replace("3 working days", "3 fortnights") + "lists: {a: [*b]}\nrote: []\nroute:\n  - {id: x}\n")
    assert [mistake.line for mistake in found] == sorted(mistake.line for mistake in found)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("calendar", "what", "mend"),
    [
        ("{}", "never opens", "mon-fri"),
        ("{closed: [belgian holidays]}", "never opens", "mon-fri"),
        ("{mon-fri: []}", "never opens", "mon-fri"),
        ('{mon-fri: ["09:00-12:00"], fri: ["09:00-11:00"]}', "“fri” stands here twice", "Keep one"),
        ('{fri: ["09:00-11:00"], mon-fri: ["09:00-12:00"]}', "“fri” stands here twice", "Keep one"),
        ('{mon: ["17:00-09:00"]}', "end before they begin", "24:00"),
        ('{mon: ["09:00-09:00"]}', "end before they begin", "24:00"),
        ('{mon: ["9:00-12:00"]}', "cannot be “9:00-12:00”", "09:00-12:00"),
        ('{someday: ["09:00-12:00"]}', "knows no “someday”", "Choose from"),
        ('{mon: ["09:00-12:00"], closed: ["24/12"]}', "is no date", "2027-06-30"),
        ('{mon: ["09:00-12:00"], closed: ["20261224"]}', "is no date", "2027-06-30"),
        ('{mon: ["09:00-12:00"], closed: ["2026-W52-4"]}', "is no date", "2027-06-30"),
        ('{name: {dutch: Uren}, mon: ["09:00-12:00"]}', "is no language", "nl or fr"),
        ("{name: {nl: Uren}}", "never opens", "mon-fri"),
    ],
)
def test_a_calendar_nobody_can_count_in_is_refused(calendar: str, what: str, mend: str) -> None:
    text = DESK.replace("calendars:\n", f"calendars:\n  odd: {calendar}\n")
    (mistake,) = mistakes_of(text)
    assert mistake.line == 4
    assert what in str(mistake.what)
    assert mend in str(mistake.mend)


def test_a_missing_default_is_refused() -> None:
    (mistake,) = mistakes_of(DESK.replace("default: {queue: reception}\n", ""))
    assert "lacks “default”" in str(mistake.what)


def test_what_yaml_would_turn_into_something_else_stays_a_word() -> None:
    book = read_rulebook(DESK + "lists: {odd: [no, on, 0123, 17:30, null, 1e3]}\n")
    assert book.queues["reception"].id == "reception"


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "\x00\x01",
        "[",
        "- - a",
        "a: b: c",
        "\ud800",
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "a: \t[",
        "---\na: 1\n---\nb: 2\n",
        "!!python/object/apply:os.system [true]",
        "a: &a [*a]",
        "x" * 50_000_000,
        "? [a]\n: b",
        "format: 1\n" * 300,
    ],
    ids=range(16),
)
def test_rubbish_is_answered(rubbish: str) -> None:
    assert mistakes_of(rubbish)


def test_a_bomb_of_lists_is_refused() -> None:
    lists = "".join(f"  l{i}: [w{i}{''.join(f', {{list: l{j}}}' for j in range(i))}]\n" for i in range(150))
    assert any("too large together" in str(mistake.what) for mistake in mistakes_of(f"{DESK}lists:\n{lists}"))


def test_a_long_chain_of_lists_is_answered() -> None:
    lists = "".join(f"  l{i}: [{{list: l{i - 1}}}, w{i}]\n" for i in range(900, 0, -1))
    assert any("grow too large" in str(mistake.what) for mistake in mistakes_of(f"{DESK}lists:\n{lists}  l0: [a]\n"))


@given(st.text(max_size=200))
def test_any_text_is_read_or_answered(text: str) -> None:
    for rules in (text, DESK + text):
        with contextlib.suppress(RulebookError):
            read_rulebook(rules)
