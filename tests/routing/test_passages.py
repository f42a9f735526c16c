"""A rule is found in the text of the file with the lines it stands on, and nothing of its neighbours."""

import pytest

from contact_hub.routing.file.passages import line_of, passage_of
from contact_hub.routing.file.rulebook import read_rulebook
from tests.builders import RULES

ROUTE = """\
queues:
  - {id: danger, name: {nl: Gevaar}}
route:
  # 1 Danger

  # Agreed with the network operator.
  # Since 2021.
  - id: danger
    when:
      any: [{text: [gas,
        gaz]}]
    then: {queue: danger}  # at once
    why: >
      Two lines
      of reason
  # The next one.
  -
    id: "trees"
    when: {text: [boom]}
    examples: {yes: [a,
  b]}

  - {when: {text: [x]}, id: last}
default: {queue: danger}
"""


@pytest.mark.parametrize(("line", "first", "last"), [(8, 6, 15), (18, 16, 21), (23, 23, 23)])
def test_a_rule_has_all_its_lines_and_the_comment_above_it(line: int, first: int, last: int) -> None:
    found = passage_of(ROUTE, line)
    assert (found.first, found.last) == (first, last)
    assert found.lines == tuple(ROUTE.splitlines()[first - 1 : last])


def test_the_comment_is_said_without_its_signs() -> None:
    assert passage_of(ROUTE, 8).comment == "Agreed with the network operator.\nSince 2021."
    assert passage_of(ROUTE, 23).comment == ""
    drawn = "route:\n  # =====\n  # 1. Danger\n  # -----\n  #\n  - {id: a}\n"
    assert passage_of(drawn, 6).comment == "1. Danger"


def test_every_rule_of_a_file_stands_where_it_was_read() -> None:
    for rule in read_rulebook(RULES).rules:
        found = passage_of(RULES, rule.line)
        assert found.first == found.last == rule.line == line_of(RULES, rule.id)
        assert f"id: {rule.id}," in found.lines[0]


def test_rules_within_brackets_share_their_line() -> None:
    assert passage_of("route: [{id: a}, {id: b}]\ndefault: x\n", 1).lines == ("route: [{id: a}, {id: b}]",)


@pytest.mark.parametrize(("rule", "line"), [("danger", 8), ("trees", 18), ("last", 23), ("dan", 0), ("gone", 0)])
def test_a_rule_is_found_by_its_id_and_not_a_queue_of_the_same_name(rule: str, line: int) -> None:
    assert line_of(ROUTE, rule) == line
    assert line_of(ROUTE + "\t: broken [", rule) == line
