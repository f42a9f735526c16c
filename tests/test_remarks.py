"""What the doctor said of an edition is kept with it, so that a draft tells what is new."""

import pytest

from contact_hub import remarks
from contact_hub.database import Session, now, reading
from contact_hub.routing.doctor import Finding
from contact_hub.routing.file.checking import checked
from tests.builders import RULES, publish_rules


def findings(text: str) -> list[Finding]:
    return list(checked(text, now()).findings)


@pytest.mark.usefixtures("database")
def test_what_was_said_at_publishing_is_said_again_word_for_word() -> None:
    with Session.begin() as session:
        edition = publish_rules(session).id
    with reading() as session:
        assert remarks.kept(session, edition) == tuple(findings(RULES)) != ()
        assert remarks.kept(session, edition + 1) is None


def test_a_remark_is_the_same_on_another_line_and_new_for_another_rule() -> None:
    before = findings(RULES)
    more = findings(
        "# a line more\n" + RULES.replace("default:", "  - {id: birds, when: {text: [mus]}, then: {queue: groen}}\ndefault:")
    )
    new = [each for each, is_new in zip(more, remarks.are_new(more, before), strict=True) if is_new]
    assert {each.rules for each in new} == {("birds",)}


def test_what_is_said_once_more_than_before_is_new_once() -> None:
    one = findings(RULES)[:1]
    assert remarks.are_new(one * 2, one) == [False, True]
