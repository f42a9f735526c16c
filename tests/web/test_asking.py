"""What the page shows of questions to colleagues and of names in notes."""

import re

import pytest
from flask import Flask

from contact_hub.database import Session
from contact_hub.tickets import Ticket
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket


@pytest.fixture
def reference(app: Flask) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, subject="De brug").reference


@pytest.mark.either_database
def test_a_back_office_is_asked_answers_and_the_first_line_solves_it(reception: Desk, reference: str, sign_in: SignIn) -> None:
    roads = sign_in("back_office", "wegen")
    assert roads.get(f"/tickets/{reference}").status_code == 404

    assert roads.agent is not None
    reception.post(f"/tickets/{reference}/consultations", whom=f"agent:{roads.agent.id}", question="Is dit jullie brug?")

    assert "De brug" in roads.page("/desk/inbox?view=asked")
    assert "Is dit jullie brug?" in roads.page(f"/tickets/{reference}")
    assert "De brug" not in roads.page("/desk/inbox?view=open")
    roads.post(f"/tickets/{reference}/advice", text="Nee, van het gewest.")
    assert "De brug" not in roads.page("/desk/inbox?view=asked")
    page = reception.page(f"/tickets/{reference}")
    assert "Nee, van het gewest." in page
    assert '<option value="resolved_after_consult" selected>' in page


@pytest.mark.either_database
def test_who_was_asked_has_the_question_before_them_and_the_rest_out_of_the_way(
    asked: Desk, reception: Desk, reference: str
) -> None:
    page = asked.page(f"/tickets/{reference}")
    work = page[page.index('id="ticket-work"') :]
    assert work.index("Is dit jullie brug?") < work.index('id="work-notes"') < work.index('id="work-rest"')
    assert work.index('id="work-rest"') < work.index('id="work-answers"') < work.index('id="work-together"')
    assert 'id="work-rest"' not in reception.page(f"/tickets/{reference}")


@pytest.mark.either_database
def test_resolving_asks_once_more_where_a_draft_or_a_question_is_left(asked: Desk, reception: Desk, reference: str) -> None:
    outcome = {"outcome": "resolved_first_line"}
    held = reception.post(f"/tickets/{reference}/resolution", **outcome)
    assert held.status_code == 409
    assert "Anna Claes did not answer yet." in held.text
    reception.put(f"/tickets/{reference}/unsent/answers", text="Beste, de brug")
    held = reception.post(f"/tickets/{reference}/resolution", **outcome)
    assert "was not sent, and Anna Claes did not answer yet." in held.text
    assert "Resolve all the same" in held.text
    assert reception.post(f"/tickets/{reference}/answers", text="Van het gewest", **outcome).status_code == 409
    asked.post(f"/tickets/{reference}/advice", text="Nee, van het gewest.")
    assert "You wrote something here" in reception.post(f"/tickets/{reference}/resolution", **outcome).text

    assert reception.post(f"/tickets/{reference}/resolution", **outcome, sure="yes").status_code == 303
    assert "Beste, de brug" in reception.page(f"/tickets/{reference}"), "it stays a draft"


@pytest.fixture
def asked(reception: Desk, reference: str, sign_in: SignIn) -> Desk:
    """A back office that was asked about the ticket and sees no other."""
    roads = sign_in("back_office", "wegen")
    assert roads.agent is not None
    reception.post(f"/tickets/{reference}/consultations", whom=f"agent:{roads.agent.id}", question="Is dit jullie brug?")
    return roads


def test_what_one_was_asked_about_is_found_until_it_is_resolved_or_confidential(asked: Desk, reference: str) -> None:
    with Session.begin() as session:
        other = builders.a_ticket(session, subject="De brug, nog eens").reference
    for typed in ("brug", "is:open", "brug -is:resolved"):
        page = asked.page(f"/desk/search?q={typed}")
        assert f'id="line-{reference}"' in page
        assert other not in page

    with Session.begin() as session:
        the_ticket(session, reference).confidential = True
    assert reference not in asked.page("/desk/search?q=brug")


@pytest.mark.parametrize("filters", ["q=brug", "door=email", "priority=normal&owner=nobody", "person=Peeters"])
def test_what_one_was_asked_about_stays_in_its_list_whatever_narrows_it(asked: Desk, reference: str, filters: str) -> None:
    with Session.begin() as session:
        builders.a_ticket(session, subject="De brug, nog eens")
    assert shown(asked, f"view=asked&{filters}") == [reference]
    assert shown(asked, "view=asked&q=fontein") == []
    assert shown(asked, f"view=open&{filters}") == []


def test_what_one_was_asked_about_in_one_queue_is_of_that_queue_alone(reception: Desk, reference: str, sign_in: SignIn) -> None:
    els = sign_in("agent", "onthaal", "wegen", name="Els Wouters")
    with Session.begin() as session:
        other = builders.a_ticket(session, subject="pothole").reference
    for each in (reference, other):
        reception.post(f"/tickets/{each}/notes", text="Weet jij dit, @Els Wouters?")

    assert set(shown(els, "view=asked")) == {reference, other}
    assert shown(els, "view=asked&queue=onthaal") == [reference]
    assert shown(els, "view=asked&queue=wegen") == [other]
    assert shown(els, "view=asked&queue=groen") == []


def shown(desk: Desk, address: str) -> list[str]:
    return re.findall(r'id="line-([^"]+)"', desk.page(f"/desk/inbox?{address}"))


def test_all_that_one_was_asked_is_ticked_at_once(asked: Desk, reference: str) -> None:
    asked.post("/desk/bulk", all="yes", view="asked", q="brug", do="tag", add="gezien")

    with Session() as session:
        assert the_ticket(session, reference).tags == ["gezien"]


def test_who_is_named_in_a_note_finds_the_ticket_until_they_looked(reception: Desk, reference: str, sign_in: SignIn) -> None:
    colleague = sign_in("agent", "onthaal", name="Els Wouters")
    reception.post(f"/tickets/{reference}/notes", text="Weet jij dit, @Els Wouters?")

    assert "Called in: Els Wouters" in reception.page(f"/tickets/{reference}")
    assert "De brug" in colleague.page("/desk/inbox?view=asked")
    colleague.page(f"/tickets/{reference}")
    assert "De brug" not in colleague.page("/desk/inbox?view=asked")


@pytest.mark.either_database
def test_who_is_named_in_vain_is_told_to_whoever_named_them(reception: Desk, reference: str, sign_in: SignIn) -> None:
    sign_in("back_office", "wegen", name="Bram Peeters")
    reception.post(f"/tickets/{reference}/notes", text="Kan jij dit, @Bram Peeters? Of @Bram, @els?")

    page = reception.page(f"/tickets/{reference}")
    assert "Not called in, as they do not see this ticket: Bram Peeters" in page
    assert "Nobody has this whole name: @Bram, @els" in page


@pytest.mark.either_database
def test_a_question_to_nobody_keeps_what_was_typed(reception: Desk, reference: str) -> None:
    answer = reception.post(f"/tickets/{reference}/consultations", whom="agent:x", question="Wie weet dit?")

    assert answer.status_code == 409
    assert "Choose the colleague or the team to ask." in answer.text
    assert "Wie weet dit?" in answer.text


def test_a_mention_of_what_somebody_no_longer_sees_shows_nothing(reception: Desk, reference: str, sign_in: SignIn) -> None:
    colleague = sign_in("agent", name="Els Wouters")
    reception.post(f"/tickets/{reference}/notes", text="Weet jij dit, @Els Wouters?")
    with Session.begin() as session:
        session.query(Ticket).one().confidential = True

    assert "De brug" not in colleague.page("/desk/inbox?view=asked")
