"""A verb done by mistake is undone from the page it leads to, also from where the ticket left one's sight."""

import pytest

from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.database import Session, now
from contact_hub.messages import Message
from contact_hub.slips import UNDO, Slip
from tests.web.conftest import Desk, SignIn, the_ticket

pytestmark = pytest.mark.either_database

HAND_OVER = {"queue": "ombuds", "reason": "Een klacht", "promise": "deze week"}


def test_what_was_done_last_can_be_undone_from_the_ticket(reception: Desk, reference: str) -> None:
    assert "do-undo" not in reception.page(f"/tickets/{reference}")
    reception.post(f"/tickets/{reference}/resolution", outcome="spam")
    assert "do-undo" in reception.page(f"/tickets/{reference}")
    reception.post(f"/tickets/{reference}/undo")
    page = reception.page(f"/tickets/{reference}")
    assert "Anna Claes undid the last step" in page
    assert "do-undo" not in page
    with Session() as session:
        assert (the_ticket(session, reference).status, the_ticket(session, reference).outcome) == ("new", "")


def test_what_left_ones_sight_by_mistake_comes_back(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/hand-overs", **HAND_OVER)
    assert "do-undo" in reception.page(f"/tickets/{reference}")
    assert reception.post(f"/tickets/{reference}/undo").status_code == 303
    with Session() as session:
        ticket = the_ticket(session, reference)
        assert (ticket.queue_id, len(ticket.segments)) == ("onthaal", 1)


def test_nobody_else_undoes_it_and_nobody_late(reception: Desk, sign_in: SignIn, reference: str) -> None:
    reception.post(f"/tickets/{reference}/hand-overs", **HAND_OVER)
    assert sign_in("agent", "onthaal", name="Bram Smet").post(f"/tickets/{reference}/undo").status_code == 403
    assert sign_in("back_office", "ombuds").post(f"/tickets/{reference}/undo").status_code == 409
    with Session.begin() as session:
        session.query(Slip).one().at = now() - UNDO
    assert reception.post(f"/tickets/{reference}/undo").status_code in (403, 404)


def test_who_would_not_see_it_again_does_not_undo_it(reception: Desk, reference: str) -> None:
    assert reception.agent
    reception.post(f"/tickets/{reference}/hand-overs", **HAND_OVER)
    with Session.begin() as session:
        agent = session.get_one(Agent, reception.agent.id)
        agent.memberships, agent.role = [], "back_office"

    assert reception.post(f"/tickets/{reference}/undo").status_code == 403


def test_why_a_citizen_got_in_touch_is_said_on_the_message(reception: Desk, reference: str) -> None:
    with Session() as session:
        message = str(session.query(Message.id).filter_by(kind="said").scalar())
    answer = reception.post(f"/tickets/{reference}/contact-reasons", message=message, reason="wrong_door")
    assert answer.status_code == 303
    page = reception.page(f"/tickets/{reference}")
    assert "Anna Claes said why they got in touch: Sent here from another desk" in page
    with Session() as session:
        assert session.query(TakenContact.reason).scalar() == "wrong_door"
    for wrong in ({"message": message, "reason": "love"}, {"message": "99", "reason": "chasing"}, {"message": "x"}):
        assert reception.post(f"/tickets/{reference}/contact-reasons", **wrong).status_code == 409
    reception.post(f"/tickets/{reference}/contact-reasons", message=message, reason="new")
    with Session() as session:
        assert session.query(TakenContact.reason).scalar() == ""
