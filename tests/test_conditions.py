"""Conditions of queries say the same on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Integer, String, literal, select
from sqlalchemy.orm import Session as SessionType

from contact_hub.conditions import one_of, this_moment
from contact_hub.database import now
from contact_hub.tickets import Ticket
from tests import builders

NAMES = ["onthaal", "d'Hoop", 'de "Post"', "50% a\\b", "{x,y}", "ÿ"]


@pytest.mark.parametrize("written", [False, True])
def test_a_name_is_one_of_several_however_it_is_spelled(session: SessionType, written: bool) -> None:
    def is_found(name: str, among: list[str]) -> bool:
        return bool(session.scalar(select(one_of(literal(name, String), among, written=written))))

    assert all(is_found(name, NAMES) for name in NAMES)
    assert not any(is_found(name, NAMES) for name in ("", "x", "y", "Onthaal", "de Post"))
    assert not is_found("onthaal", [])


@pytest.mark.parametrize("written", [False, True])
def test_a_number_is_one_of_several(session: SessionType, written: bool) -> None:
    found = [each for each in range(5) if session.scalar(select(one_of(literal(each, Integer), [1, 3], written=written)))]
    assert found == [1, 3]


def test_what_is_written_out_stands_in_the_statement_and_is_not_sent_apart(session: SessionType) -> None:
    bind = session.get_bind()
    asked = select(Ticket.id).where(one_of(Ticket.queue_id, ["onthaal"], written=True))
    compiled = asked.compile(bind, compile_kwargs={"render_postcompile": True})
    assert ("onthaal" in str(compiled), compiled.params) == (True, {})


@pytest.mark.parametrize(("ahead", "expected"), [(timedelta(0), [0]), (timedelta(hours=2), [0, 1]), (-timedelta(hours=2), [])])
def test_a_moment_may_be_ahead(session: SessionType, ahead: timedelta, expected: list[int]) -> None:
    asked = select(Ticket.id).where(Ticket.due_at < this_moment(ahead)).order_by(Ticket.id)
    tickets = [builders.a_ticket(session) for _ in range(3)]
    for ticket, due in zip(tickets, (-1, 1, 3), strict=True):
        ticket.due_at = now() + timedelta(hours=due)
    session.flush()
    assert list(session.scalars(asked)) == [tickets[each].id for each in expected]


def test_a_moment_is_that_at_which_a_statement_made_long_before_is_sent(session: SessionType) -> None:
    asked = select(Ticket.id).where(Ticket.due_at < this_moment())
    ticket = builders.a_ticket(session)
    ticket.due_at = now()  # after the statement was made and the transaction began
    session.flush()
    assert session.scalar(asked) == ticket.id
