"""What the doctor finds, each with the fewest rules to blame and a message that shows it."""

from datetime import date

import pytest

from contact_hub.routing.doctor import SEVERITIES, Finding, History, examine, failing_examples, from_history, gather
from contact_hub.routing.doctor.past import RulePast
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.file.trial import contacts_in
from contact_hub.routing.replay import Past
from contact_hub.routing.rules import Rulebook
from tests.routing.rulebooks import DESK, contact, rulebook

X = "when: {text: x}, then: {queue: waste}"
QUIET = {"no-example", "unreached-queue", "unused-topic"}
"""What every small book of these tests lacks, and what is looked at by tests of its own."""


def route(*rules: str, before: str = "") -> Rulebook:
    """A book of route rules a, b, c …, under these conditions."""
    lines = [f"  - {{id: {chr(97 + place)}, when: {when}, then: {{queue: waste}}}}" for place, when in enumerate(rules)]
    return rulebook(before + "route:\n" + "\n".join(lines) + "\n")


def findings(book: Rulebook, today: date | None = None) -> list[Finding]:
    return [each for each in examine(book, today) if each.code not in QUIET]


def told(book: Rulebook, today: date | None = None) -> list[tuple[str, ...]]:
    """Codes and rules of what is found."""
    return [(each.code, *each.rules) for each in findings(book, today)]


def test_good_rules_give_no_findings() -> None:
    book = route("{text: afval}", "{text: [boom, bomen], channel: email}", "{not: {text: x}, postcode: [9000-9050]}")
    assert told(book) == []


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('{text: "afval*"}', "{text: [afvalzak, afvalbak]}"),
        ('{text: "*afval*"}', '{subject: "huisafval*"}'),
        ("{text: zak}", "{subject: blauwe zak}"),
        ("{everything: zak}", "{quoted: zak}"),
        ("{text: [zak, bak]}", "{text: zak, channel: email}"),
        ("{text: {at least: 2, of: [a, b, c]}}", "{text: {at least: 3, of: [a, b, c, d]}}"),
        ("{text: {at least: 1, of: [a, b]}}", "{text: b}"),
        ("{has: text}", "{subject: zak}"),
        ("{has: postcode}", "{postcode: [9000]}"),
        ("{has: [form, language]}", "{language: nl}"),
        ("{postcode: [9000-9099, 1000]}", "{postcode: [9050-9060]}"),
        ("{sender domain: town.example}", '{sender: "*@desk.town.example"}'),
        ("{sender domain: town.example}", "{sender domain: desk.town.example}"),
        ("{sender domain: town.example}", "{sender: an@town.example}"),
        ('{sender: "an@*"}', "{sender: an@town.example}"),
        ('{recipient: "*@town.example"}', "{recipient: [desk@town.example]}"),
        ("{person.open tickets: [1-99]}", "{person.open tickets: [2, 3]}"),
        ("{received: {weekday: [mon, tue]}}", "{received: {weekday: mon, hours: '09:00-10:00'}}"),
        ("{received: {hours: '09:00-12:00'}}", "{received: {hours: '09:30-11:00'}}"),
        ("{received: {inside: office}}", "{received: {inside: office}, text: a}"),
        ("{received: {weekday: [mon, tue, wed, thu, fri]}}", "{received: {inside: office}}"),
        ("{any: [{received: {hours: '00:00-12:00'}}, {text: a}]}", "{received: {hours: '08:00-10:00'}}"),
        ("{received: {hours: '20:00-24:00'}}", "{received: {inside: night, hours: '20:00-24:00'}}"),
        ("{header.X-Spam: 'yes'}", "{header.x-spam: 'yes', text: a}"),
        ("{has: header.x-spam}", "{header.X-SPAM: 'yes'}"),
        ("{text: [{pattern: 'a+b'}, c]}", "{subject: [{pattern: 'a+b'}]}"),
        ("{not: {text: boete}}", "{text: afval, not: {everything: boete}}"),
        ("{any: [{text: a}, {not: {text: b}}]}", "{text: [a b]}"),
    ],
)
def test_a_rule_can_never_win_below_one_that_takes_all_it_wants(above: str, below: str) -> None:
    [finding] = findings(route(above, below))
    assert (finding.code, finding.severity, finding.rules) == ("never-wins", "blocks", ("b", "a"))
    assert finding.line == 15


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('{text: "afval*"}', "{text: huisafval}"),
        ("{subject: zak}", "{text: zak}"),
        ("{text: blauwe zak}", "{text: zak}"),
        ("{text: {at least: 2, of: [a, b]}}", "{text: [a, b]}"),
        ("{text: [{pattern: 'a+b'}]}", "{text: aab}"),
        ("{sender domain: own.example}", "{sender domain: town.example}"),
        ("{received: {inside: office}}", "{received: {weekday: mon, hours: '09:00-10:00'}}"),
        ("{text: afval, channel: email}", "{text: afval, channel: [email, chat]}"),
        ("{header.x-a: yes}", "{header.x-b: yes}"),
        ("{person.known: yes}", "{person.open tickets: [1]}"),
        ("{postcode: [9000-9049, 9051-9099]}", "{postcode: [9000-9099]}"),
    ],
)
def test_a_rule_that_can_live_is_never_called_dead(above: str, below: str) -> None:
    assert told(route(above, below)) == []


def test_several_rules_together_may_take_all_that_one_wants() -> None:
    book = route(
        "{channel: chat}",
        "{text: x}",
        "{channel: email, text: a}",
        "{channel: webform}",
        "{text: a, channel: [email, webform]}",
    )
    [finding] = findings(book)
    assert (finding.code, finding.rules) == ("never-wins", ("e", "c", "d"))
    assert "“c”, “d” above it together" in str(finding.what)


def test_the_fewest_rules_are_blamed() -> None:
    book = route(
        "{postcode: [9000-9010]}",
        "{postcode: [9011-9020]}",
        "{postcode: [9021-9030]}",
        "{text: a}",
        "{postcode: [9005-9030], text: a}",
    )
    assert told(book) == [("never-wins", "e", "d")]


def test_screen_rules_come_first() -> None:
    screen = "screen: [{id: s, when: {channel: chat}, then: {queue: complaints}}]\n"
    label = "label: [{id: l, when: {channel: chat, text: a}, then: {tags: [x]}}]\n"
    assert told(route("{channel: chat, text: a}", before=screen + label)) == [
        ("never-wins", "l", "s"),
        ("never-wins", "a", "s"),
    ]


def test_what_is_on_trial_or_off_takes_nothing_from_others() -> None:
    for status in ("shadow", "off"):
        book = rulebook(f"route: [{{id: a, status: {status}, {X}}}, {{id: b, {X}}}]\n")
        assert told(book) == []


def test_a_rule_that_ends_leaves_what_comes_later() -> None:
    rules = f"route: [{{id: a, until: 2026-06-30, {X}}}, {{id: b, %s{X}}}]\n"
    assert told(rulebook(rules % "")) == []
    assert told(rulebook(rules % "until: 2026-05-31, ")) == [("never-wins", "b", "a")]
    assert told(rulebook(rules % "until: 2026-07-31, ")) == []


def test_a_rule_past_its_day_is_named_and_takes_nothing() -> None:
    book = rulebook(f"route: [{{id: a, until: 2026-06-30, {X}}}, {{id: b, {X}}}]\n")
    assert told(book, date(2026, 7, 1)) == [("past-until", "a")]
    assert told(book, date(2026, 6, 30)) == []


def test_the_same_condition_twice_is_a_duplicate() -> None:
    assert told(route("{text: [a, b], channel: chat}", "{channel: chat, text: [b, a]}")) == [("duplicate", "b", "a")]


@pytest.mark.parametrize(
    "when",
    [
        "{channel: chat, any: [{channel: email}, {channel: webform}]}",
        "{text: a, not: {text: a}}",
        "{text: a b, not: {everything: b}}",
        "{postcode: [9000], not: {has: postcode}}",
        "{all: [{postcode: [9000-9010]}, {postcode: [9011]}]}",
        "{received: {weekday: sat, inside: office}}",
        "{all: [{received: {hours: '09:00-10:00'}}, {received: {hours: '10:00-11:00'}}]}",
        "{all: [{sender: an@town.example}, {sender domain: city.example}]}",
        "{all: [{person.known: yes}, {person.known: no}]}",
        "{text: {at least: 2, of: [a, b, c]}, not: {text: [a, b]}}",
    ],
)
def test_a_rule_that_contradicts_itself_blocks(when: str) -> None:
    assert told(route("{text: zzz}", when)) == [("contradiction", "b")]


def test_a_contradiction_names_only_the_conditions_that_clash() -> None:
    [finding] = findings(route("{text: zak, channel: chat, all: [{channel: email}]}"))
    assert "`channel: chat` + `channel: email`" in str(finding.what)


def test_a_day_until_24_00_is_whole() -> None:
    book = route("{received: {hours: ['00:00-12:00', '12:00-24:00']}}", "{text: a}")
    assert told(book) == [("takes-everything", "a")]
    desk = DESK.replace("  night:", '  round: {mon-sun: ["00:00-12:00", "12:00-24:00"]}\n  night:')
    always = read_rulebook(desk + "label: [{id: a, when: {received: {inside: round}}, then: {tags: [x]}}]\n")
    assert told(always) == [("labels-everything", "a")]


def test_a_rule_that_takes_everything_makes_those_below_it_idle() -> None:
    assert told(route("{any: [{text: a}, {not: {text: a}}]}", "{text: b}", "{text: c}")) == [("takes-everything", "a")]
    assert told(route("{text: b}", "{any: [{text: a}, {not: {text: a}}]}")) == [("default-unused", "b")]


def test_a_label_on_everything_tells_nothing() -> None:
    assert (
        told(rulebook("label: [{id: l, when: {not: {text: a, subject: b, channel: chat, quoted: a}}, then: {tags: [x]}}]\n"))
        == []
    )
    assert told(rulebook("label: [{id: l, when: {any: [{has: text}, {not: {subject: b}}]}, then: {tags: [x]}}]\n")) == [
        ("labels-everything", "l")
    ]


URGENT = """
route:
  - id: gas
    when: {text: [gas, gaslek], not: {text: [boete, factuur]}}
    then: {queue: complaints, priority: urgent}
    examples: {yes: [gas], no: [%s]}
"""


def test_a_not_on_an_urgent_rule_is_asked_about_with_a_message_that_slips_through() -> None:
    book = rulebook(URGENT % "water")
    [finding] = findings(book)
    assert (finding.code, finding.rules) == ("urgent-not", ("gas",))
    assert book.decide_plainly(as_contact(finding.witness)).priority == "normal"
    assert {"gas", "gaslek"} & set(finding.witness.strip('"').split())


def test_an_example_settles_what_an_urgent_rule_lets_go() -> None:
    assert told(rulebook(URGENT % "gas boete")) == []


def test_nothing_slips_past_an_urgent_rule_when_another_takes_it() -> None:
    assert (
        told(
            rulebook(URGENT % "water" + "  - {id: late, when: {text: [gas, gaslek]}, then: {queue: waste, priority: urgent}}\n")
        )
        == []
    )


LABELS = """
label:
  - {id: a, when: {text: afval}, then: {due: 3 days}}
  - {id: b, when: {text: vuil}, then: {due: 5 days}%s}
"""


def test_labels_that_say_different_things_of_one_message_are_asked_about() -> None:
    book = rulebook(LABELS % "")
    [finding] = findings(book)
    assert (finding.code, finding.rules) == ("labels-conflict", ("a", "b"))
    assert book.decide_plainly(as_contact(finding.witness)).labels == ("a", "b")
    test = "tests: [{name: t, contact: {text: vuil afval}, expect: {%s}}]"
    assert told(rulebook(LABELS % "" + test % "due: 3 days")) == []


def test_a_test_that_names_no_winner_does_not_settle_a_conflict_of_labels() -> None:
    test = "tests: [{name: t, contact: {text: vuil afval}, expect: {labels: [a, b]}}]"
    for book in (LABELS % ", examples: {yes: [vuil afval], no: [x]}", LABELS % "" + test):
        assert told(rulebook(book)) == [("labels-conflict", "a", "b")]


def test_labels_that_cannot_meet_do_not_conflict() -> None:
    assert told(rulebook(LABELS.replace("text: vuil", "not: {text: afval}") % "")) == []


def test_labels_under_one_condition_are_told() -> None:
    labels = "label: [{id: a, when: {text: [x, y]}, then: {tags: [x]}}, {id: b, when: {text: [y, x]}, then: {tags: [y]}}]\n"
    assert told(rulebook(labels)) == [("same-labels", "b", "a")]


def test_words_that_can_never_count_are_named_with_the_one_that_finds_them() -> None:
    [finding] = findings(route('{text: ["afval*", afvalzak, zak, Blauwe zak, ZAK, "*bak", bak]}'))
    assert finding.code == "idle-word"
    assert str(finding.what).endswith("“afvalzak” (“afval*”), “Blauwe zak” (“zak”), “ZAK” (“zak”), “bak” (“*bak”).")


def test_a_word_written_twice_never_counts() -> None:
    assert told(route("{text: [zak, bak, zak]}")) == [("idle-word", "a")]


def test_an_idle_word_of_a_named_list_is_told_once() -> None:
    lists = 'lists: {waste: ["afval*", afvalzak]}\n'
    book = route("{text: {list: waste}}", "{quoted: [{list: waste}, afvalbak]}", before=lists)
    assert [(each.code, each.rules, each.line) for each in findings(book)] == [("idle-word", (), 13), ("idle-word", ("b",), 16)]


def test_words_that_another_finds_may_count_in_an_at_least() -> None:
    assert told(route('{text: {at least: 3, of: ["afval*", afvalzak, zak]}}')) == []


def test_one_word_may_not_be_as_many_as_at_least_asks_for() -> None:
    [finding] = findings(route('{text: {at least: 2, of: ["afval*", afvalzak, zak]}}'))
    assert (finding.code, finding.rules, finding.witness) == ("counts-twice", ("a",), "afvalzak")


@pytest.mark.parametrize(
    "when",
    [
        "{text: afval, everything: [afval, vuil]}",
        "{any: [{text: 'afval*'}, {subject: afvalzak}]}",
        "{text: gas boete, not: {all: [{text: water}, {not: {text: boete}}]}}",
        "{postcode: [9000], has: postcode}",
    ],
)
def test_a_condition_that_changes_nothing_is_told(when: str) -> None:
    assert told(route(when)) == [("idle-condition", "a")]


def test_a_rule_that_also_takes_messages_without_a_postcode_says_so() -> None:
    rule = "route: [{id: a, when: {text: x, not: {postcode: [9000]}}, then: {queue: waste}, examples: {yes: [%s], no: [y]}}]\n"
    [finding] = findings(rulebook(rule % ""))
    assert (finding.code, finding.rules, finding.witness) == ("takes-missing", ("a",), '"x"')
    assert told(rulebook(rule % "x")) == []


def test_queues_lists_and_topics_that_nothing_leads_to_are_told() -> None:
    book = route("{text: a}", "{text: a, channel: chat}", before="lists: {one: [x], two: [y, {list: one}]}\n")
    book = rulebook(
        "lists: {one: [x], two: [y, {list: one}]}\nroute: [{id: a, when: {text: {list: one}}, then: {queue: waste}}]\n"
    )
    codes = [(each.code, each.line, dict(each.what.values)) for each in examine(book) if each.code != "no-example"]
    assert codes == [
        ("unreached-queue", 9, {"queue": "complaints"}),
        ("unused-topic", 11, {"topic": "collection"}),
        ("unused-list", 13, {"list": "two"}),
    ]


def test_a_channel_that_is_no_door_is_asked_about() -> None:
    rules = "route: [{id: a, when: {channel: [emial, phone], not: {channel: [fax]}}, then: {queue: waste}}]\n"
    findings = [each for each in examine(rulebook(rules)) if each.code == "unknown-channel"]
    assert [dict(each.what.values)["channel"] for each in findings] == ["emial", "fax"]
    assert "webform" in str(findings[0].remedy)


FORMS = {"street": ("what", "where"), "move": ("from", "to")}


def test_a_form_and_an_answer_that_the_hub_does_not_show_are_asked_about() -> None:
    book = route("{form: stret}", "{form: street, form.waht: light}", "{has: form.when}", "{form: move, form.what: x}")
    found = [each for each in examine(book, forms=FORMS) if each.code not in QUIET]
    assert [(each.code, each.rules, each.line) for each in found] == [
        ("unknown-form", ("a",), 14),
        ("unknown-form-field", ("b",), 15),
        ("unknown-form-field", ("c",), 16),
        ("unknown-form-field", ("d",), 17),
    ]
    assert "move, street" in str(found[0].remedy)
    assert "from, to " in str(found[3].remedy)


@pytest.mark.parametrize(
    "when",
    [
        "{form: STREET, form.what: light}",
        "{form.to: x}",
        "{any: [{form: street, form.what: light}, {form: move, form.to: x}]}",
        "{form: street, not: {form.where: x}}",
    ],
)
def test_forms_and_answers_that_the_hub_shows_are_in_order(when: str) -> None:
    assert [each.code for each in examine(route(when), forms=FORMS) if each.code.startswith("unknown")] == []


def test_of_forms_nothing_is_said_where_nobody_tells_which_there_are() -> None:
    assert told(route("{form: stret, form.waht: light}")) == []


def test_a_queue_of_a_rule_that_never_wins_is_not_reached() -> None:
    rules = "route: [{id: a, when: {text: x}, then: {queue: waste}}, {id: b, when: {text: x y}, then: {queue: complaints}}]\n"
    assert ("unreached-queue", "complaints") in [
        (each.code, dict(each.what.values).get("queue")) for each in examine(rulebook(rules))
    ]


@pytest.mark.parametrize(
    ("examples", "missing"), [("{yes: [x]}", "leave alone"), ("{no: [y]}", "must take"), ("{}", "no examples")]
)
def test_a_rule_without_examples_is_asked_about(examples: str, missing: str) -> None:
    rule = f"route: [{{id: a, when: {{text: x}}, then: {{queue: waste}}, examples: {examples}}}]\n"
    [finding] = [each for each in examine(rulebook(rule)) if each.code == "no-example"]
    assert missing in str(finding.what)


def test_examples_and_tests_that_fail_block() -> None:
    rules = "route: [{id: a, when: {text: x}, then: {queue: waste}, examples: {yes: [y]}}]\n"
    tests = "tests: [{name: one, contact: {text: x}, expect: {queue: complaints}}]\n"
    assert [(each.code, each.severity, each.rules) for each in failing_examples(rulebook(rules + tests))] == [
        ("example-fails", "blocks", ("a",)),
        ("example-fails", "blocks", ()),
    ]


def test_what_is_large_or_deep_is_answered_too() -> None:
    many = ", ".join(f"w{number}" for number in range(2000))
    deep = "(" * 400 + "a" + ")" * 400
    book = route(
        f"{{text: {{at least: 900, of: [{many}]}}}}",
        f"{{text: {{pattern: '{deep}'}}}}",
        "{text: a, not: {text: {list: all}}}",
        before=f"lists: {{all: [{many}]}}\n",
    )
    assert told(book) == []


def test_the_gravest_findings_come_first() -> None:
    severities = [SEVERITIES.index(each.severity) for each in examine(route("{text: [a, a b]}", "{text: a}"))]
    assert severities == sorted(severities)


PAIR = """
route:
  - {id: a, when: {text: gras}, then: {queue: waste}}
  - {id: b, when: {text: [gras, boom]}, then: {queue: complaints}}
  - {id: c, when: {text: wolk}, then: {queue: waste}}
  - {id: d, when: {text: gras, channel: email}, then: {queue: complaints}}
"""


def past(count: int, message: str, final: str) -> list[Past]:
    return [Past(number, f"26-{number:06}", contact(message), "waste", final) for number in range(count)]


def test_the_past_tells_which_rules_never_matched_or_won_and_which_compete() -> None:
    book = rulebook(PAIR)
    history = gather(
        book, [*past(6, "gras", "complaints"), *past(2, "gras", "waste"), *past(1, "gras", ""), *past(1, "boom", "")], 90
    )
    assert history.tickets == 10
    assert history.rules["a"] == RulePast(9, 9, {"complaints": 6})  # type: ignore[arg-type]
    found = from_history(book, history)
    assert [(each.code, each.rules) for each in found] == [
        ("never-matched", ("c",)),
        ("never-won", ("d", "a")),
        ("competes", ("a", "b")),
        ("competes", ("a", "d")),
    ]
    assert "won 9 tickets that “b” wanted too. People left 2 of them where they were, moved 6 to “complaints”" in str(
        found[2].what
    )
    assert str(found[2].remedy).startswith("Move “b” above “a”")


def test_without_a_past_nothing_is_said_of_it() -> None:
    book = rulebook(PAIR)
    assert from_history(book, gather(book, [], 90)) == []
    assert from_history(book, History(90, 0, {}, {})) == []


def as_contact(witness: str) -> object:
    """The made-up message, read as an example of the file would be."""
    text = witness if witness.startswith("{") else f"{{text: {witness}}}"
    [(_, made)] = contacts_in(f"[{{id: x, {text[1:]}]")
    return made
