"""The page of one rule tells all of it to a supervisor who never wrote one, and leads into a draft at its line."""

from html import unescape

import lxml.html
import pytest

from contact_hub import drafts
from contact_hub.database import Session, reading
from contact_hub.drafts import Draft
from tests.builders import RULES, a_contact, a_ticket, publish_rules, some_tickets
from tests.web.conftest import Desk, SignIn

RICH = RULES.replace("office: {mon-fri", "office: {name: {nl: Kantooruren, en: Office hours}, mon-fri").replace(
    "route:\n",
    """\
lists:
  trunks: [stam, "berk*"]
route:
  # Agreed with the parks.
  - id: felling
    name: Felling of trees
    when:
      all:
        - text: [kappen, {list: trunks}]
        - channel: [phone, chat]
      not: {postcode: 9000-9099}
    then: {queue: groen, priority: urgent, due: 1 hour, tags: [wood], also: [put]}
    examples:
      yes: [{channel: phone, text: Mag ik een berkje kappen?}]
      no: [{channel: chat, text: Een stam, postcode: "9050"}]
  - {id: birds, status: shadow, when: {text: {at least: 2, of: [duif, mus, mees]}}, then: {queue: groen}}
  - id: lamps
    when: {form: [street, gone], topic: put}
    then: {queue: wegen}
    examples: {yes: [{channel: webform, form: street, topic: put, text: Donker}]}
  - {id: late, status: "off", when: {text: laat, received: {outside: office}}, then: {queue: groen}}
""",
)


@pytest.fixture
def sofie(sign_in: SignIn) -> Desk:
    with Session.begin() as session:
        publish_rules(session, RICH)
    return sign_in("supervisor", name="Sofie Janssens")


def shown(desk: Desk, path: str) -> str:
    """The words on a page, with single spaces."""
    return " ".join(" ".join(lxml.html.fromstring(desk.page(path)).find(".//main").itertext()).split())


@pytest.mark.either_database
def test_a_rule_is_told_whole(sofie: Desk) -> None:
    page = shown(sofie, "/rules/rule/felling")
    assert "Felling of trees" in page
    assert "Agreed with the parks." in page
    assert "Subject or message contains: kappen the list trunks (stam, berk*) 2 words, line" in page
    assert "Came in by: Chat, Phone" in page
    assert "None of these: The postcode is: 9000-9099" in page
    assert "“berk" not in page
    assert "A star stands for any letters" in page
    assert "Goes to Parks groen" in page
    assert "Urgent" in page
    assert "Due within 1 hour" in page
    assert "Second ticket Roads wegen : Put in de weg put" in page
    assert "Mag ik een berkje kappen? Door: Phone" in page
    assert "Een stam Door: Chat Postcode: 9050" in page


@pytest.mark.either_database
def test_its_text_stands_there_as_it_is_with_its_lines(sofie: Desk) -> None:
    page = sofie.page("/rules/rule/felling")
    first = RICH[: RICH.index("  # Agreed")].count("\n") + 1
    assert f"Lines {first} to {first + 11} of edition 2" in page
    text = unescape(lxml.html.fromstring(page).xpath("string(//pre)"))
    assert f"{first + 4}      all:\n" in text
    assert "birds" not in text


@pytest.mark.either_database
def test_numbers_of_words_are_told(sofie: Desk) -> None:
    assert "Subject or message contains at least 2 of: duif, mus, mees" in shown(sofie, "/rules/rule/birds")


@pytest.mark.either_database
def test_a_calendar_is_told_by_its_name(sofie: Desk) -> None:
    assert "None of these: Received within the hours of: Office hours" in shown(sofie, "/rules/rule/late")


@pytest.mark.either_database
def test_forms_and_topics_are_told_as_people_call_them(sofie: Desk) -> None:
    page = shown(sofie, "/rules/rule/lamps")
    assert "The form is: gone, Report something in the street" in page
    assert "Form: Report something in the street Topic: Put in de weg" in page
    sofie.post("/language", language="fr")
    assert "Le formulaire est : gone, Signaler un problème dans la rue" in shown(sofie, "/rules/rule/lamps")


def test_it_tells_what_it_took_and_would_have_taken_lately(sofie: Desk, sign_in: SignIn) -> None:
    with Session.begin() as session:
        felled = [a_contact(channel="phone", message=f"Een stam kappen {number}") for number in range(12)]
        tickets = some_tickets(session, *felled)
        a_ticket(session, message="duif en mus")
        a_ticket(session, message="iets discreets: discreet")
        reference = tickets[0].reference
    assert "12 contacts in the last 30 days" in shown(sofie, "/rules/rule/felling")
    assert reference not in sofie.page("/rules/rule/felling")
    assert reference in sofie.page(f"/rules/rule/felling?before={tickets[2].id}")
    assert "What it would have taken lately 1 contact" in shown(sofie, "/rules/rule/birds")
    assert "What it labelled lately 0 contacts" in shown(sofie, "/rules/rule/discreet")  # it made it confidential
    assert "What it labelled lately 1 contact" in shown(sign_in("supervisor", "onthaal"), "/rules/rule/discreet")


def test_tickets_that_are_not_the_readers_are_neither_counted_nor_listed(sofie: Desk) -> None:
    with Session.begin() as session:
        reference = a_ticket(session, message="de ombudsman").reference
    page = shown(sofie, "/rules/rule/complaints")
    assert "0 contacts in the last 30 days" in page
    assert reference not in page


@pytest.mark.either_database
def test_what_the_doctor_says_of_it_stands_there(sofie: Desk) -> None:
    assert "has no examples" in shown(sofie, "/rules/rule/birds")
    assert "Nothing was found wrong with this rule" in shown(sofie, "/rules/rule/felling")


@pytest.mark.either_database
def test_it_leads_into_a_draft_at_its_line(sofie: Desk) -> None:
    answer = sofie.post("/rules/drafts", rule="felling")
    assert answer.headers["Location"] == "/rules/drafts/1?rule=felling"
    line = RICH[: RICH.index("  - id: felling")].count("\n") + 1
    assert f'data-line="{line}"' in sofie.page("/rules/drafts/1?rule=felling")
    assert "/rules/drafts/1?rule=birds" in sofie.page("/rules/rule/birds")


@pytest.mark.either_database
def test_a_rule_that_the_draft_no_longer_has_is_told(sofie: Desk) -> None:
    sofie.post("/rules/drafts")
    with Session.begin() as session:
        drafts.keep(session, session.get_one(Draft, 1), version=1, text="format: [", reason="", by="Anna")
    assert "does not stand in this draft" in sofie.page("/rules/drafts/1?rule=felling")
    with reading() as session:
        assert session.get_one(Draft, 1).text == "format: ["
