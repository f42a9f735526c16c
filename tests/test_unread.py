"""Unread means that the citizen said something new; nothing else does."""

import pytest
from sqlalchemy.orm import Session as SessionType

from contact_hub import intake, pauses, regrouping
from contact_hub.agents import Agent
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.builders import a_contact, a_ticket, an_agent, queue


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session, "agent", "onthaal", "wegen")


@pytest.fixture
def ticket(session: SessionType, anna: Agent) -> Ticket:
    """One that Anna took, and so has read."""
    ticket = a_ticket(session, sender="roos@example.org", message_id="a@x")
    assert ticket.unread
    ticket.claim(anna)
    assert not ticket.unread
    return ticket


def comes(session: SessionType, **given: object) -> None:
    intake.take_in(session, [a_contact(sender="roos@example.org", answers=("a@x",), **given)])


def test_news_of_the_citizen_are_unread(session: SessionType, ticket: Ticket) -> None:
    comes(session, message="Nog een vraag")
    assert ticket.unread


@pytest.mark.parametrize(
    "given", [{"automatic": "out-of-office"}, {"automatic": "bounce"}, {"automatic": "delay"}, {"message": "Bedankt!"}]
)
def test_machines_and_thanks_are_not(session: SessionType, ticket: Ticket, given: dict[str, str]) -> None:
    comes(session, **given)
    assert not ticket.unread


def test_what_colleagues_do_is_not(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.remark(Message(kind="note", channel="email", text="ask Jan"), anna)
    pauses.wait(ticket, by=anna, because="a photo")
    ticket.hand_over(to=queue(session, "wegen"), by=anna, because="theirs", promise="you hear from us")
    ticket.send_back(by=anna, because="not ours")
    ticket.resolve(by=anna, outcome="informed_external")
    ticket.reopen(by=anna, because="not solved")
    ticket.miss("answer", reason="no such mailbox")
    assert not ticket.unread


def test_a_hand_over_makes_nothing_read(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    comes(session, message="Nog een vraag")
    ticket.hand_over(to=queue(session, "wegen"), by=anna, because="theirs", promise="you hear from us")
    assert ticket.unread


def test_what_a_machine_opened_is_not_unread(session: SessionType) -> None:
    assert not a_ticket(session, automatic="auto-reply").unread


def test_a_ticket_taken_in_is_news_to_others_than_who_took_it_in(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    regrouping.join(session, a_ticket(session), by=anna, into=ticket)
    assert not ticket.unread
    regrouping.join(session, a_ticket(session), by=an_agent(session), into=ticket)
    assert ticket.unread
