"""One rule is switched by a button, and the file stays as a person wrote it."""

from datetime import date

import pytest

from contact_hub.routing.explaining import NoSuchRule
from contact_hub.routing.file.amending import amended
from contact_hub.routing.file.rulebook import RulebookError, read_rulebook
from contact_hub.routing.rules import Status
from contact_hub.settings import HERE

FILE = """\
# The desk of a small town.
format: 1
municipality: {name: Klein, timezone: Europe/Brussels, languages: [nl]}   # one language
queues:
  - {id: a, tier: front, name: {nl: "A"}}
  - {id: b, tier: back, name: {nl: "B"}}

route:
  # Gas goes first.
  - id: gas            # agreed with the network
    when: {text: [gas]}
    then: {queue: a}

  - name: "Water"
    id: "water"
    status: shadow     # trying it out
    until: "2027-06-30"
    when: {text: ["water", 'regen']}
    then: {queue: b}
  - {id: tree, status: 'off', when: {text: [boom]}, then: {queue: b}}
  - {id: dog, when: {text: [hond]}, then: {queue: b}, until: 2027-01-31}
default: {queue: a}
"""
DAY = date(2027, 12, 31)


def lines_changed(rule: str, status: Status, until: date | None, file: str = FILE) -> tuple[list[str], list[str]]:
    """The lines that went, and those that came."""
    after = amended(file, rule, status=status, until=until).splitlines()
    before = file.splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_a_rule_that_says_nothing_of_its_status_says_it_on_a_line_of_its_own() -> None:
    assert lines_changed("gas", "off", None) == ([], ["    status: off"])
    assert lines_changed("gas", "active", DAY) == ([], ["    until: 2027-12-31"])


def test_a_word_is_changed_in_its_place_and_the_comment_beside_it_stays() -> None:
    went, came = lines_changed("water", "off", date(2027, 6, 30))
    assert went == ["    status: shadow     # trying it out"]
    assert came == ["    status: off     # trying it out"]
    assert lines_changed("water", "shadow", DAY)[1] == ["    until: 2027-12-31"]


def test_what_is_the_rule_anyway_is_not_said() -> None:
    went, came = lines_changed("water", "active", None)
    assert (went, came) == (["    status: shadow     # trying it out", '    until: "2027-06-30"'], [])


def test_a_rule_within_braces_stays_within_them() -> None:
    assert lines_changed("tree", "active", None)[1] == ["  - {id: tree, when: {text: [boom]}, then: {queue: b}}"]
    assert lines_changed("tree", "shadow", DAY)[1] == [
        "  - {id: tree, until: 2027-12-31, status: shadow, when: {text: [boom]}, then: {queue: b}}"
    ]
    assert lines_changed("dog", "active", None)[1] == ["  - {id: dog, when: {text: [hond]}, then: {queue: b}}"]


def test_line_ends_of_windows_stay() -> None:
    file = FILE.replace("\n", "\r\n")
    assert amended(file, "gas", status="off", until=None).replace("    status: off\r\n", "") == file


def test_a_rule_there_is_not_can_not_be_changed() -> None:
    with pytest.raises(NoSuchRule):
        amended(FILE, "nothing", status="off", until=None)
    with pytest.raises(RulebookError):
        amended("nonsense", "gas", status="off", until=None)


def test_a_rule_of_the_shipped_file_can_be_switched_and_switched_back() -> None:
    text = (HERE / "routing_rules.yaml").read_text("utf-8")
    rule = read_rulebook(text).rules[100]
    switched = amended(text, rule.id, status="off", until=DAY)
    assert amended(switched, rule.id, status=rule.status, until=rule.until) == text
