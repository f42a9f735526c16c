"""A verb sent from a page that is older than the ticket is held, with what happened meanwhile and what was typed."""

import pytest

from contact_hub.database import Session
from contact_hub.tickets import Ticket
from contact_hub.unsent import Unsent
from tests import builders
from tests.application import values
from tests.web.conftest import Desk, SignIn, the_ticket

pytestmark = pytest.mark.either_database


def known(desk: Desk, reference: str) -> str:
    return str(values(desk.page(f"/tickets/{reference}"), f"/tickets/{reference}/notes")["known"])


def test_what_a_colleague_did_meanwhile_is_told_before_it_is_done_twice(
    reception: Desk, sign_in: SignIn, reference: str
) -> None:
    seen = known(reception, reference)
    bram = sign_in("agent", "onthaal", name="Bram Maes")
    bram.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason="hun straat", promise="deze week")

    held = reception.post(f"/tickets/{reference}/hand-overs", queue="groen", reason="een boom", promise="morgen", known=seen)

    assert held.status_code == 409
    assert "Bram Maes handed it over to Roads" in held.text
    assert "een boom" in held.text
    assert the_queue(reference) == "wegen"
    again = values(held.text, f"/tickets/{reference}/hand-overs")
    assert reception.post(f"/tickets/{reference}/hand-overs", **again).status_code == 303
    assert the_queue(reference) == "groen"


def the_queue(reference: str) -> str:
    with Session() as session:
        return the_ticket(session, reference).queue_id


def test_what_was_typed_is_there_even_where_it_cannot_be_done_any_more(
    reception: Desk, sign_in: SignIn, reference: str
) -> None:
    seen = known(reception, reference)
    sign_in("agent", "onthaal", name="Bram Maes").post(f"/tickets/{reference}/resolution", outcome="spam")

    held = reception.post(f"/tickets/{reference}/waits", reason="een foto van de put", known=seen)

    assert held.status_code == 409
    assert "Bram Maes resolved it" in held.text
    assert "een foto van de put" in held.text


def test_a_note_and_ones_own_deeds_hold_nothing(reception: Desk, sign_in: SignIn, reference: str) -> None:
    seen = known(reception, reference)
    sign_in("agent", "onthaal", name="Bram Maes").post(f"/tickets/{reference}/notes", text="Gezien")
    reception.post(f"/tickets/{reference}/claim", known=seen)

    assert reception.post(f"/tickets/{reference}/waits", reason="een foto", known=seen).status_code == 303


def test_a_resolution_that_does_not_know_of_what_the_citizen_wrote_is_held(reception: Desk, reference: str) -> None:
    seen = known(reception, reference)
    with Session.begin() as session:
        the_ticket(session, reference).hear()

    held = reception.post(f"/tickets/{reference}/resolution", outcome="resolved_first_line", known=seen)

    assert held.status_code == 409
    assert "The citizen wrote" in held.text
    with Session() as session:
        assert session.query(Ticket).one().status == "new"


def test_an_answer_taken_back_is_a_draft_before_what_was_typed_since(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/answers", text="Dat kan morgen.")
    with Session() as session:
        number = session.query(builders.Message).filter_by(kind="answer").one().id
    reception.put(f"/tickets/{reference}/unsent/answers", text="En nog iets.")

    taken = reception.post(f"/tickets/{reference}/answers/{number}/taken-back")

    with Session() as session:
        assert session.query(Unsent).one().typed["text"] == "Dat kan morgen.\n\nEn nog iets."
    for page in (taken.text, reception.page(f"/tickets/{reference}")):
        assert values(page, f"/tickets/{reference}/answers")["text"] == "Dat kan morgen.\n\nEn nog iets."
