"""While two changes meet in a text, its check says so, and nothing of the YAML they make together."""

import pytest

from contact_hub.routing.file.merging import merged
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from tests.builders import RULES

MINE = RULES.replace("[gevaar]", "[gevaar, meteoor]").replace("why: Roads mends them", "why: Always")
THEIRS = RULES.replace("[gevaar]", "[gevaar, komeet]").replace("why: Roads mends them", "why: Never")


def mistakes_in(text: str) -> list[Mistake]:
    with pytest.raises(RulebookError) as refused:
        read_rulebook(text)
    return refused.value.mistakes


def test_lines_that_both_changed_are_one_mistake_that_names_them_and_the_way_out() -> None:
    both = merged(RULES, MINE, THEIRS, names=("my draft", "edition 2"))
    (found,) = mistakes_in(both.text)
    lines = both.text.splitlines()
    assert lines[found.line - 1] == "<<<<<<< my draft"
    last = lines.index(">>>>>>> edition 2") + 1
    assert str(found.what) == f"Both changed the same lines ({found.line}–{last})."
    assert "“my draft”, below it “edition 2”: choose one" in str(found.mend)


def test_each_place_is_told_and_nothing_else_that_is_wrong() -> None:
    both = merged(RULES, f"{MINE}nonsense: yes\n", THEIRS).text.replace(
        "format: 1", "<<<<<<< HEAD\n=======\nformat: 9\n>>>>>>> x"
    )
    assert [str(each.what).startswith("Both changed") for each in mistakes_in(both)] == [True, True]


def test_an_ancestor_between_the_changes_belongs_to_their_place() -> None:
    (found,) = mistakes_in(f"<<<<<<<\na\n|||||||\nb\n=======\nc\n>>>>>>>\n{RULES}")
    assert str(found.mend) == "Choose what shall stay, and take the lines with <<<<<<<, |||||||, =======, >>>>>>> away."


@pytest.mark.parametrize("mark", ["<<<<<<< my draft", "=======", ">>>>>>> edition 2\r"])
def test_a_mark_that_was_left_behind_is_told_at_its_line(mark: str) -> None:
    (found,) = mistakes_in(f"# above\n{mark}\n{RULES}")
    assert found.line == 2
    assert str(found.what) == "A mark of a merge was left here."


def test_signs_within_a_rule_are_no_marks() -> None:
    read_rulebook(RULES.replace("Roads mends them", '"<<<<<<< a =======  >>>>>>>"') + "# =======\n #>>>>>>>\n")
