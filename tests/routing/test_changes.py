"""What a supervisor is told of the difference between two texts of the rules."""

from contact_hub.routing.file.changes import Changes, changes, line_by_line, rules_that_need
from contact_hub.routing.file.rulebook import read_rulebook
from tests.builders import RULES


def between(before: str, after: str) -> Changes:
    return changes(read_rulebook(before), read_rulebook(after))


def test_a_rule_that_only_stands_on_another_line_is_the_same() -> None:
    assert between(RULES, "# a remark\n" + RULES) == Changes()


def test_rules_are_named_by_what_became_of_them() -> None:
    lines = RULES.splitlines(keepends=True)
    trees = next(line for line in lines if "id: trees" in line)
    without = "".join(line for line in lines if line != trees)
    other = without.replace("text: [gevaar]", "text: [gevaar, meteoor]").replace("id: hours", "id: opening")
    assert between(RULES, other) == Changes(added=("opening",), removed=("trees", "hours"), changed=("danger",))


def test_a_rule_in_another_place_is_moved_and_those_around_it_are_not() -> None:
    lines = RULES.splitlines(keepends=True)
    taxes = next(line for line in lines if "id: taxes" in line)
    lines.remove(taxes)
    first = next(place for place, line in enumerate(lines) if "id: potholes" in line)
    lines.insert(first, taxes)
    assert between(RULES, "".join(lines)) == Changes(moved=("taxes",))


def test_queues_that_came_and_went_are_named() -> None:
    other = "".join(line for line in RULES.splitlines(keepends=True) if "groen" not in line)
    found = between(RULES, other)
    assert found.queues_removed == ("groen",)
    assert rules_that_need(read_rulebook(RULES), found.queues_removed) == ("trees",)


def test_a_calendar_with_another_name_is_otherwise_and_the_rules_that_go_by_it_are_not() -> None:
    rules = RULES.replace("when: {text: [boom]}", "when: {received: {inside: office}}")
    named = rules.replace("office: {mon-fri", "office: {name: {nl: Kantooruren}, mon-fri")
    assert between(rules, named) == Changes(calendars_changed=("office",))


def test_the_same_text_has_no_diff_and_another_shows_its_lines() -> None:
    assert line_by_line(RULES, RULES) == ""
    assert "+# a remark" in line_by_line(RULES, "# a remark\n" + RULES)
