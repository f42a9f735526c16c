"""The check of a text says everything at once, here and in another process alike."""

from datetime import UTC, datetime

import pytest

from contact_hub.routing.file.checking import checked
from contact_hub.routing.file.checking_apart import SHORT, checked_apart, read_apart
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from tests.builders import RULES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEAD = "  - {id: dead, when: {text: [boom, gevaar]}, then: {queue: wegen}}\n"
PROMISE = '  - {name: "een put", contact: {text: pothole}, expect: {queue: groen}}\n'
TEXTS = {
    "good": RULES,
    "mistakes": RULES.replace("queue: groen", "queue: grien"),
    "examples": f"{RULES}tests:\n{PROMISE}",
    "findings": RULES.replace("default:", f"{DEAD}default:"),
    "not even YAML": "route: [",
}
FORMS = {"street": ("what",)}
LONG = "# filled up\n" * (SHORT // 10)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_another_process_says_what_this_one_says(text: str) -> None:
    here, apart = checked(text + LONG, NOW), checked_apart(text + LONG, NOW)
    assert (apart.rulebook, apart.mistakes, apart.astray, apart.findings) == (
        here.rulebook,
        here.mistakes,
        here.astray,
        here.findings,
    )


@pytest.mark.parametrize("name", ["mistakes", "examples", "findings", "not even YAML"])
def test_what_is_in_the_way_is_named_with_how_to_mend_it(name: str) -> None:
    found = checked(TEXTS[name], NOW)
    assert found.in_the_way
    assert all(each.line > 0 and str(each.what) and str(each.mend) for each in found.in_the_way)


def test_good_rules_have_nothing_in_the_way_whatever_the_doctor_remarks() -> None:
    found = checked(RULES, NOW)
    assert found.findings
    assert found.in_the_way == []


def test_a_long_text_is_only_read_apart_where_nobody_asks_for_its_check() -> None:
    assert read_apart(TEXTS["examples"] + LONG) == read_rulebook(TEXTS["examples"] + LONG)
    with pytest.raises(RulebookError, match="grien"):
        read_apart(TEXTS["mistakes"] + LONG)


def test_the_forms_that_citizens_fill_in_are_known_to_the_check_here_and_apart() -> None:
    text = RULES.replace("default:", "  - {id: asks, when: {form: stret}, then: {queue: wegen}}\ndefault:")
    for found in (checked(text, NOW, FORMS), checked_apart(text + LONG, NOW, FORMS)):
        assert [each.rules for each in found.findings if each.code == "unknown-form"] == [("asks",)]
