"""A pattern that could hold up all others is refused when it is saved, and says how to mend it."""

import pytest

from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.file.rulebook import RulebookError
from contact_hub.routing.patterns import MOST_STEPS, MOST_STEPS_TOGETHER, Expression, compiled, steps_of
from tests.routing.rulebooks import DESK, book_when, fits, rulebook

DEAR = ["a.{0,300}c", "((a{1,10}){1,10}){1,10}b", r"\\pL{1,100}9", "(ab|cd){1,500}"]


def mistakes_of(rules: str) -> list[Mistake]:
    with pytest.raises(RulebookError) as caught:
        rulebook(rules)
    return caught.value.mistakes


@pytest.mark.parametrize("pattern", DEAR)
def test_a_dear_pattern_is_refused_where_it_stands(pattern: str) -> None:
    (mistake,) = mistakes_of(f'route:\n  - {{id: it, when: {{text: {{pattern: "{pattern}"}}}}, then: {{queue: waste}}}}\n')
    assert mistake.line == DESK.count("\n") + 2
    assert mistake.column > 1
    assert "costs too much" in str(mistake.what) or "too large" in str(mistake.what)
    assert str(mistake.mend)


def test_many_patterns_are_refused_when_they_cost_too_much_together() -> None:
    one = "a.{0,100}b.{0,4}"
    many = MOST_STEPS_TOGETHER // steps_of(compiled(one)) + 2
    patterns = ", ".join(f"{{pattern: '{one}{number}'}}" for number in range(many))
    first, *_ = mistakes_of(f"route:\n  - {{id: it, when: {{text: [{patterns}]}}, then: {{queue: waste}}}}\n")
    assert "together" in str(first.what)


@pytest.mark.parametrize("pattern", [r"\b(gas|stroom)lek(ken)?\b", r"dossier\s*:?\s*\d{4}-\d+", r"sluik.{0,40}stort"])
def test_what_people_write_is_far_below_the_limit(pattern: str) -> None:
    assert steps_of(compiled(pattern)) < MOST_STEPS / 2
    assert book_when(f"{{text: {{pattern: '{pattern}'}}}}")


def test_a_pattern_is_tried_wherever_it_may_fit() -> None:
    assert fits("{text: {pattern: 'GAS(lek|geur)'}}", "Een gaslek!")
    assert not fits("{text: {pattern: 'gas(lek|geur)'}}", "Een gas lek!")
    assert fits("{text: {pattern: '&eacute;'}}", "caf&eacute;")
    assert Expression("é+").search("ÉÉ".encode())
