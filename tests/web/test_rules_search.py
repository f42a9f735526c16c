"""Of hundreds of rules, those that matter now are found: by name, by the words they look for, by queue and by status."""

import lxml.html
import pytest

from contact_hub.database import Session
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.web.rules.search import Search
from tests.builders import RULES, publish_rules
from tests.web.conftest import Desk, SignIn

MANY = RULES.replace(
    "route:\n",
    """\
lists:
  space: [meteoor, "komeet*"]
route:
  - {id: sky, name: Vallende stenen, when: {text: {list: space}}, then: {queue: wegen}}
  - {id: points, status: shadow, when: {text: {at least: 2, of: [{list: space}, ster]}}, then: {queue: groen}}
  - {id: plate, status: off, when: {text: [{pattern: "[0-9]-[a-z]{3}-[0-9]{3}"}, {pattern: "^.{1,20}$"}]}, then: {queue: groen}}
  - {id: reply, when: {not: {sender: "*@Météo.example"}, text: [x]}, then: {queue: onthaal}}
""",
)


def found(words: str = "", queue: str = "", status: str = "") -> dict[str, list[str]]:
    hits = Search(words, queue, status).found(read_rulebook(MANY))
    return {rule: [f"not {hit.word}" if hit.keeps_off else hit.word for hit in each] for rule, each in hits.items()}


@pytest.mark.parametrize("words", ["meteoor", "METEOOR", "meteoo"])
def test_a_word_finds_the_rules_that_look_for_it_with_that_word(words: str) -> None:
    assert found(words) == {"sky": ["meteoor"], "points": ["meteoor"]}


def test_a_word_that_a_citizen_writes_finds_what_would_hold_for_it() -> None:
    assert found("kometenregen") == {}
    assert found("komeetstaart") == {"sky": ["komeet*"], "points": ["komeet*"]}
    assert found("1-abc-234") == {"plate": ["[0-9]-[a-z]{3}-[0-9]{3}"]}
    assert found("meteo.example") == {"reply": ["not *@météo.example"]}


@pytest.mark.parametrize("words", ["sky", "stenen vallende", "roads mends"])
def test_ids_names_and_reasons_are_found_word_by_word(words: str) -> None:
    assert list(found(words)) in (["sky"], ["potholes"])


def test_queues_are_found_by_their_name_in_any_language() -> None:
    assert {"sky", "potholes", "danger"} <= found("Wegen").keys() == found("roads").keys()


def test_queue_and_status_narrow_what_is_found() -> None:
    assert list(found("", "groen")) == ["points", "plate", "trees"]
    assert list(found("", "groen", "active")) == ["trees"]
    assert list(found("meteoor", "groen")) == ["points"]
    assert found("meteoor", "groen", "off") == {}
    assert Search().is_empty


@pytest.fixture
def sofie(sign_in: SignIn) -> Desk:
    with Session.begin() as session:
        publish_rules(session, MANY)
    return sign_in("supervisor")


def test_the_page_shows_what_is_found_and_its_address_says_what_was_looked_for(sofie: Desk) -> None:
    page = lxml.html.fromstring(sofie.page("/rules?find=meteoor&queue=wegen&status=active"))
    assert [row.get("id") for row in page.iter("tr") if row.get("id")] == ["rule-sky"]
    assert page.xpath("//input[@name='find']/@value") == ["meteoor"]
    assert page.xpath("//select/option[@selected]/@value") == ["wegen", "active"]
    assert page.xpath("//mark/text()") == ["meteoor"]
    assert page.xpath("string(//main//p[@role='status'])") == "1 of 12 rules"
    assert page.xpath("//form[@role='search']/@method") == ["get"]


def test_where_nothing_fits_the_page_says_so_and_leads_back_to_all(sofie: Desk) -> None:
    page = sofie.page("/rules?find=nergens&status=nonsense")
    assert "No rule fits" in page
    assert "Show all" in page
    assert "Everything else" not in page


def test_what_no_rule_takes_is_shown_with_the_rules_of_its_queue(sofie: Desk) -> None:
    assert "Everything else" in sofie.page("/rules?queue=onthaal")
    assert "Everything else" not in sofie.page("/rules?queue=groen")
