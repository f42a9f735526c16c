"""Giving a ticket to a colleague, and taking the next one."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType

from contact_hub import sharing_out
from contact_hub.agents import Agent
from contact_hub.database import Session, now
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket


@pytest.mark.either_database
def test_a_ticket_is_given_to_a_colleague_and_stays_unread_for_them(reception: Desk, reference: str, sign_in: SignIn) -> None:
    bram = sign_in("agent", "onthaal", name="Bram Maes").agent
    assert bram
    assert "Bram Maes" in reception.page(f"/tickets/{reference}")
    reception.post(f"/tickets/{reference}/assignment", agent=f"{bram.id}")
    with Session() as session:
        ticket = the_ticket(session, reference)
        assert (ticket.owner_id, ticket.status, ticket.unread) == (bram.id, "open", True)
        assert (ticket.segment.why, ticket.segment.agent_id) == ("assigned", bram.id)
    assert "Anna Claes gave it to Bram Maes" in reception.page(f"/tickets/{reference}")
    again = reception.post(f"/tickets/{reference}/assignment", agent=f"{bram.id}")
    assert "Bram Maes has this ticket already." in again.text


@pytest.mark.either_database
def test_nobody_is_given_what_they_may_not_see(reception: Desk, reference: str, sign_in: SignIn) -> None:
    roads = sign_in("back_office", "wegen", name="Wout Aerts").agent
    assert roads
    assert f'<option value="{roads.id}">Wout Aerts' not in reception.page(f"/tickets/{reference}")
    answer = reception.post(f"/tickets/{reference}/assignment", agent=f"{roads.id}")
    assert answer.status_code == 409
    assert "Wout Aerts may not see the tickets of this queue." in answer.text


@pytest.mark.either_database
@pytest.mark.parametrize("agent", ["", "x", "999999", "1" * 30])
def test_nobody_is_no_colleague(reception: Desk, reference: str, agent: str) -> None:
    assert reception.post(f"/tickets/{reference}/assignment", agent=agent).status_code == 409


def test_next_is_the_most_urgent_one_that_is_free(sign_in: SignIn) -> None:
    anna, bram = sign_in("agent", "onthaal"), sign_in("agent", "onthaal", name="Bram Maes")
    with Session.begin() as session:
        later = builders.a_ticket(session, received=builders.MONDAY + timedelta(days=7)).reference
        sooner = builders.a_ticket(session).reference
        builders.a_ticket(session, subject="boom")  # of a queue that is not theirs
        builders.a_ticket(session, subject="rust").snoozed_until = now() + timedelta(days=1)
        urgent = builders.a_ticket(session)
        urgent.rank = 0
        first = urgent.reference
    assert anna.post("/desk/next").location == f"/tickets/{first}"
    assert bram.post("/desk/next").location == f"/tickets/{sooner}"
    assert anna.post("/desk/next").location == f"/tickets/{later}"
    assert anna.post("/desk/next").location == "/desk/inbox"
    assert "Nothing is free for you now." in anna.page("/desk/inbox")


def test_who_is_a_member_of_no_queue_takes_from_all_they_see(sign_in: SignIn, reference: str) -> None:
    assert sign_in("supervisor").post("/desk/next").location == f"/tickets/{reference}"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_who_ask_at_once_get_two_tickets(database: Engine) -> None:
    with Session.begin() as session:
        builders.publish_rules(session)
        agents = [builders.an_agent(session, "agent", "onthaal", name=name).id for name in ("Anna", "Bram")]
        tickets = {builders.a_ticket(session).id for _ in range(2)}
    with Session.begin() as one, Session.begin() as other:
        assert {taken(one, agents[0]), taken(other, agents[1])} == tickets


def taken(session: SessionType, agent: int) -> int:
    ticket = sharing_out.take_next(session, session.get_one(Agent, agent))
    assert ticket
    session.flush()
    return ticket.id
