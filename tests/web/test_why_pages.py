"""Why a ticket is here and why no other rule took it, on the pages of those who may read it."""

import re

import pytest

from contact_hub.database import Session
from contact_hub.history import StoredDecision
from contact_hub.tickets import Ticket
from tests import builders
from tests.web.conftest import SignIn

pytestmark = pytest.mark.either_database

RULES = builders.RULES.replace(
    "route:\n",
    """  - {id: wet, name: "Natte rug", when: {text: [nat]}, then: {tags: [nat]}}
route:
  - {id: fallen, when: {text: [omgevallen boom]}, then: {queue: groen, also: [ombuds, wegen]}}
  - {id: parks, name: "Parken & pleinen",
     when: {text: [park], postcode: [9050], not: {any: [{channel: [chat]}, {text: [hond]}]}}, then: {queue: groen}}
""",
)


def a_ticket(words: str, **contact: object) -> str:
    with Session.begin() as session:
        builders.publish_rules(session, RULES)
        return builders.a_ticket(session, message=words, **contact).reference


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_ticket_tells_labels_runners_up_and_near_misses_each_leading_to_its_rule(sign_in: SignIn) -> None:
    reference = a_ticket("Een pothole en een boom in een nat park")

    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")

    side = text_of(page[page.index("Why here?") :])
    assert "Labels Natte rug" in side
    assert "Would also have taken it trees" in side
    assert "Nearly Parken &amp; pleinen The contact has no “postcode”." in side
    for rule in ("wet", "trees", "parks"):
        assert f'href="/tickets/{reference}/why?rule={rule}"' in page


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("channel: [counter, chat]", "“door” is none of these: Chat, Counter."),
        ("language: [fr]", "“language” is none of these: Français."),
        ("topic: [put]", "“topic” is none of these: Put in de weg."),
        ("received: {inside: office}", "It came in outside the hours of “Openingstijden”."),
        ("subject: [ene, twee, drie, vier, vijf, zes]", "“subject” holds none of these: ene, twee, drie, vier, vijf, …"),
        ("received: {weekday: [sun]}", "It came in on another day than Sunday."),
    ],
)
def test_a_near_miss_calls_what_it_lacks_as_people_call_it(sign_in: SignIn, condition: str, told: str) -> None:
    rule = f"  - {{id: near, when: {{text: [plein], {condition}}}, then: {{queue: groen}}}}\n"
    called = RULES.replace("office: {mon-fri", "office: {name: {nl: Openingstijden}, mon-fri")
    with Session.begin() as session:
        builders.publish_rules(session, called.replace("route:\n", f"route:\n{rule}"))
        contact = {"language": "nl", "topic": "openingsuren", "received": builders.MONDAY.replace(hour=2)}
        reference = builders.a_ticket(session, message="Op het plein", **contact).reference

    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")

    assert f"Nearly near {told} edition" in text_of(page)


def test_three_rules_that_would_also_have_taken_it_stand_open_and_the_others_folded(sign_in: SignIn) -> None:
    words = ("tak", "stam", "blad", "wortel", "kruin", "knop")
    twins = "".join(f"  - {{id: twin-{each}, when: {{text: [{each}]}}, then: {{queue: groen}}}}\n" for each in words)
    with Session.begin() as session:
        builders.publish_rules(session, RULES.replace("route:\n", f"route:\n{twins}"))
        reference = builders.a_ticket(session, message=", ".join(words)).reference

    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")

    opened, folded = page[page.index("Would also have taken it") :].split('<details id="runners-up-too">')
    assert (opened.count("?rule=twin-"), folded[: folded.index("</details>")].count("?rule=twin-")) == (3, 2)
    assert "and 2 more" in folded


def test_the_whole_of_any_rule_is_shown_true_and_false_with_what_was_found(sign_in: SignIn) -> None:
    reference = a_ticket("Er ligt <b>afval</b> in het park naast de school")

    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}/why?rule=parks")

    tree = page[page.index('class="tree"') :]
    assert "&lt;b&gt;afval&lt;/b&gt; in het <mark>park</mark> naast" in tree
    assert re.findall(r'<li class="(holds|fails)">', tree) == ["fails", "holds", "fails", "holds", "fails", "fails", "fails"]
    assert "The contact has none." in tree
    assert '<option value="parks" selected>' in page


def test_fields_and_values_of_a_rule_are_called_as_people_call_them(sign_in: SignIn) -> None:
    parts = ("channel: [counter]", "language: [fr]", "automatic: [bounce]", "received: {weekday: [sun]}", "topic: [put]")
    rule = f"{{any: [{', '.join(f'{{{part}}}' for part in parts)}]}}"
    with Session.begin() as session:
        builders.publish_rules(
            session, RULES.replace("route:\n", f"route:\n  - {{id: odd, when: {rule}, then: {{queue: groen}}}}\n")
        )
        reference = builders.a_ticket(session, channel="phone", topic="openingsuren").reference

    tree = text_of(sign_in("agent", "onthaal").page(f"/tickets/{reference}/why?rule=odd"))

    assert "Came in by: Counter The contact has: Phone" in tree
    assert "The language is: Français" in tree
    assert "Sent by a machine, as: a mail that came back" in tree
    assert "Received on a: Sunday The contact has: 23 November 2026, 10:00" in tree
    assert "The topic is: Put in de weg The contact has: Opening hours" in tree


def test_the_page_says_that_the_decision_taken_again_is_the_same(sign_in: SignIn) -> None:
    reference = a_ticket("Een pothole")
    desk = sign_in("agent", "onthaal")
    assert "the decision is the same" in desk.page(f"/tickets/{reference}/why")
    with Session.begin() as session:
        decision = session.query(StoredDecision).one()
        decision.record = {**decision.record, "tags": ["other"]}
    assert "comes out otherwise in: tags." in desk.page(f"/tickets/{reference}/why")


@pytest.mark.parametrize("path", ["/why?rule=nonsense", "/why/"])
def test_what_is_not_there_is_not_found(path: str, sign_in: SignIn) -> None:
    assert sign_in("agent", "onthaal").get(f"/tickets/{a_ticket('boom')}{path}").status_code == 404


def test_only_who_sees_the_ticket_whole_is_told_why(sign_in: SignIn) -> None:
    taxes, hidden = a_ticket("belasting"), a_ticket("ombudsman")
    desk = sign_in("agent", "onthaal")
    assert desk.get(f"/tickets/{taxes}/why").status_code == 403
    assert desk.get(f"/tickets/{hidden}/why").status_code == 404


def test_linked_tickets_lead_to_each_other_as_far_as_they_are_in_sight(sign_in: SignIn) -> None:
    first = a_ticket("omgevallen boom", subject="Op het fietspad")
    with Session.begin() as session:
        references = {ticket.queue_id: ticket.reference for ticket in session.query(Ticket)}

    agent, member = sign_in("agent", "onthaal").page(f"/tickets/{first}"), sign_in("agent", "ombuds")
    assert f'id="linked-{references["wegen"]}"' in agent
    assert references["ombuds"] not in agent
    assert "Ombuds" not in agent[agent.index('id="ticket-side"') :]
    assert references["ombuds"] in member.page(f"/tickets/{first}")
    assert f'id="linked-{first}"' in member.page(f"/tickets/{references['ombuds']}")


def test_who_sees_how_a_linked_ticket_stands_reads_no_more(sign_in: SignIn) -> None:
    first = a_ticket("omgevallen boom", subject="Op het fietspad")
    page = sign_in("supervisor").page(f"/tickets/{first}")
    linked = text_of(page[page.index("Linked tickets") : page.index("Why here?")])
    assert linked.count("Op het fietspad") == 1
    assert "Ombudsman · New" in linked


def test_a_confidential_ticket_says_so_to_who_works_on_it(sign_in: SignIn) -> None:
    page = sign_in("agent", "wegen").page(f"/tickets/{a_ticket('pothole, discreet')}")
    assert "Confidential" in page[page.index('class="ticket-marks"') : page.index('class="ticket-verbs"')]


def test_an_edition_that_cannot_be_read_any_more_leaves_what_was_recorded(sign_in: SignIn) -> None:
    reference = a_ticket("een pothole naast de boom")
    with Session.begin() as session:
        builders.an_edition_of_another_version(session)
    desk = sign_in("agent", "onthaal")

    ticket, page = desk.page(f"/tickets/{reference}"), desk.page(f"/tickets/{reference}/why?rule=trees")
    assert "potholes" in text_of(ticket)
    assert "<mark>pothole</mark>" in ticket
    assert "written for another version of the hub" in page
    assert "<select" not in page[page.index("<main") :]
