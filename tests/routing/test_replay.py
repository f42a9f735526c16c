"""A replay says what a draft would do to past tickets, and gives the same answer by the short way as by the long one."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from contact_hub.routing.replay import Past, Replay
from contact_hub.routing.replay.archive import Archive
from contact_hub.routing.replay.edits import edit, takers
from contact_hub.routing.replay.replayed import Accuracy, Report, Way
from contact_hub.routing.rules import Rulebook
from tests.routing import drafts
from tests.routing.rulebooks import contact, rulebook

WASTE = "route:\n  - {id: waste, when: {text: [afval]}, then: {queue: waste}}\n"


def past(*messages: str, final: str = "") -> list[Past]:
    """Tickets with these messages, all put into one queue by people."""
    return [
        Past(number, f"26-{number:06d}-X", contact(message), "reception", final) for number, message in enumerate(messages, 1)
    ]


def replayed(before: str, after: str, tickets: Sequence[Past]) -> Report:
    """What becomes of the tickets; told alike by both ways."""
    replay = Replay(rulebook(before), tickets)
    report = replay.delta(rulebook(after))
    assert report == replay.full(rulebook(after))
    return report


def plainly_moved(before: Rulebook, after: Rulebook, tickets: Sequence[Past]) -> list[tuple[int, str, str, str, str]]:
    """The tickets that move, by the definition of a decision."""
    decided = [(each, before.decide_plainly(each.contact), after.decide_plainly(each.contact)) for each in tickets]
    return [(each.ticket, old.queue, new.queue, old.rule, new.rule) for each, old, new in decided if old.queue != new.queue]


@st.composite
def histories(draw: st.DrawFn) -> list[Past]:
    queues = st.sampled_from(["", *drafts.QUEUES])
    found = draw(st.lists(st.tuples(drafts.contacts, queues), max_size=12))
    return [Past(number, f"26-{number}", contact, "reception", final) for number, (contact, final) in enumerate(found, 1)]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), desk=drafts.desks, tickets=histories())
def test_the_short_way_gives_what_the_long_one_gives_and_both_what_rules_decide(data, desk, tickets) -> None:
    before, after = drafts.book(desk), drafts.book(data.draw(drafts.edited(desk)))
    replay = Replay(before, tickets)
    report = replay.full(after)
    assert replay.delta(after) == report
    moved = [(each.ticket, each.before, each.after, each.rule_before, each.rule_after) for each in report.tickets]
    assert moved == plainly_moved(before, after, tickets)
    for decides, accuracy, screened in (
        (before, report.before, report.screened_before),
        (after, report.after, report.screened_after),
    ):
        decided = [(each, decides.decide_plainly(each.contact)) for each in tickets]
        assert accuracy.right == sum(each.final == decision.queue for each, decision in decided)
        assert screened == sum(decision.screened for _, decision in decided)


@settings(max_examples=60, deadline=None)
@given(desk=drafts.desks, contacts=st.lists(drafts.contacts, max_size=12), among=st.sets(st.integers(0, 11)))
def test_an_archive_finds_exactly_the_contacts_that_fulfil_a_condition(desk, contacts, among) -> None:
    rulebook = drafts.book(desk)
    archive = Archive(contacts, rulebook.municipality.zone)
    among &= archive.everywhere
    for rule in rulebook.rules:
        wanted = {place for place in among if rule.when.holds(archive.readings[place])}
        assert set(archive.fulfilling(rule.when, among)) == wanted


@settings(max_examples=200, deadline=None)
@given(data=st.data(), order=st.permutations(range(7)))
def test_an_edit_keeps_what_did_not_change_in_its_order(data, order) -> None:
    rules = [f"  - {{id: r{number}, when: {{text: word{number}}}, then: {{queue: waste}}}}\n" for number in range(7)]
    before = takers(rulebook("route:\n" + "".join(rules)))
    after = takers(rulebook("route:\n" + "".join(rules[number] for number in order)))
    change = edit(before, after)
    assert [before[place] for place in change.kept] == [after[place] for place in change.kept.values()]
    assert list(change.kept.values()) == sorted(change.kept.values())
    assert sorted([*change.kept, *change.gone]) == list(range(8))
    assert sorted([*change.kept.values(), *change.come]) == list(range(8))


def test_a_rule_moved_from_the_end_to_the_top_is_the_only_one_that_comes() -> None:
    rules = [f"  - {{id: r{number}, when: {{text: word{number}}}, then: {{queue: waste}}}}\n" for number in range(9)]
    before = takers(rulebook("route:\n" + "".join(rules)))
    after = takers(rulebook("route:\n" + "".join([rules[8], *rules[:8]])))
    assert edit(before, after).come == [0]


def test_a_hand_over_by_people_shows_whether_a_ticket_moves_towards_its_place_or_away() -> None:
    tickets = [*past("afval", "afval", final="waste"), *past("afval", final="reception"), *past("afval", "boom")]
    report = replayed("", WASTE, tickets)
    assert (report.moved, report.towards, report.away) == (4, 2, 1)
    assert report.ways == (Way("reception", "waste", tickets=4, towards=2, away=1),)
    assert [each.verdict for each in report.tickets] == ["towards", "towards", "away", "unknown"]
    assert (report.before, report.after) == (Accuracy(judged=3, right=1), Accuracy(judged=3, right=2))


def test_each_rule_tells_what_it_takes_before_and_after() -> None:
    boom = "  - {id: trees, when: {text: [boom]}, then: {queue: complaints}}\n"
    tickets = [*past("afval", "afval boom", final="waste"), *past("boom", "niets", final="complaints")]
    report = replayed(WASTE + boom, "route:\n" + boom + WASTE.removeprefix("route:\n"), tickets)
    told = {
        rule.rule: (rule.won_before, rule.won_after, rule.gained, rule.lost, rule.towards, rule.away) for rule in report.rules
    }
    assert told == {"trees": (1, 2, 1, 0, 0, 1), "waste": (2, 1, 0, 1, 0, 1), "default": (1, 1, 0, 0, 0, 0)}
    trees = report.rules[0]
    assert (trees.before, trees.after) == (Accuracy(1, 1), Accuracy(2, 1))


def test_a_rule_that_is_gone_stands_behind_those_of_the_draft() -> None:
    report = replayed(WASTE, "", past("afval", "boom"))
    assert [(rule.rule, rule.won_before, rule.won_after) for rule in report.rules] == [("default", 1, 2), ("waste", 1, 0)]


def test_tickets_newly_screened_out_are_counted() -> None:
    screen = "screen:\n  - {id: machines, when: {text: [afval]}, then: {queue: complaints}}\n"
    report = replayed(WASTE, screen + WASTE, past("afval", "boom"))
    assert (report.screened_before, report.screened_after, report.moved) == (0, 1, 1)


def test_a_rule_changes_with_the_list_it_names() -> None:
    rule = "route:\n  - {id: it, when: {text: {list: names}}, then: {queue: waste}}\n"
    report = replayed("lists: {names: [afval]}\n" + rule, "lists: {names: [boom]}\n" + rule, past("afval", "boom", "gas"))
    assert [(each.ticket, each.after) for each in report.tickets] == [(1, "reception"), (2, "waste")]


def test_a_rule_changes_with_the_calendar_it_names() -> None:
    rule = {"when": {"received": {"inside": "office"}}, "then": {"queue": "waste"}}
    desk = {"lists": {}, "default": {"queue": "reception"}, "timezone": "Europe/Brussels", "rules": [("it", "route", rule)]}
    before = drafts.book(desk | {"calendars": {"office": {"mon-fri": ["09:00-12:00"]}}})
    after = drafts.book(desk | {"calendars": {"office": {"tue-fri": ["09:00-12:00"]}}})
    report = Replay(before, past("op maandag")).delta(after)
    assert [(each.before, each.after) for each in report.tickets] == [("waste", "reception")]


def test_what_moves_is_all_counted_be_it_listed_or_not() -> None:
    report = replayed("", WASTE, past(*["afval"] * 5))
    record = report.as_record(report.tickets[1:3])
    assert [each["reference"] for each in record["tickets"]] == ["26-000002-X", "26-000003-X"]
    assert (record["moved"], record["not_listed"]) == (5, 3)


def test_a_replay_of_nothing_has_no_share() -> None:
    report = replayed("", WASTE, [])
    assert (report.replayed, report.before.share, report.moved) == (0, None, 0)
