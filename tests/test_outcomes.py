"""A ticket ends as it can have ended: the figures rely on it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session as SessionType

from contact_hub import asking, intake, outcomes, pauses
from contact_hub.agents import Agent
from contact_hub.calls import CallBack
from contact_hub.database import now
from contact_hub.tickets import Refused, Ticket
from tests.builders import a_contact, a_ticket, an_agent, an_answer, queue

ALWAYS = {"resolved_first_line", "informed_external", "unreachable", "spam", "test", "duplicate"}


def possible(ticket: Ticket) -> set[str]:
    return set(outcomes.possible(outcomes.past_of(ticket)))


def refused(ticket: Ticket, by: Agent, outcome: str) -> str:
    with pytest.raises(Refused) as error:
        ticket.resolve(by=by, outcome=outcome)
    return error.value.code


@pytest.mark.parametrize(
    ("door", "more"),
    [
        ("email", set()),
        ("webform", set()),
        ("phone", {"warm_transfer_solved", "information_missing", "wrong_number"}),
        ("counter", {"warm_transfer_solved", "information_missing"}),
        ("chat", {"warm_transfer_solved", "information_missing"}),
    ],
)
def test_a_new_ticket_can_end_as_its_door_allows(session: SessionType, anna: Agent, door: str, more: set[str]) -> None:
    ticket = a_ticket(session, channel=door)

    assert possible(ticket) == ALWAYS | more == set(outcomes.at_once(door))


def test_what_a_back_office_had_did_not_end_at_first_line(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, channel="phone")
    assert refused(ticket, anna, "resolved_back_office") == "no_back_office"
    ticket.hand_over(to=queue(session, "wegen"), by=anna, because="theirs", promise="you hear from us")

    assert refused(ticket, anna, "resolved_first_line") == "not_first_line"
    assert refused(ticket, anna, "warm_transfer_solved") == "not_first_line"
    ticket.resolve(by=anna, outcome="resolved_back_office")


def test_a_colleague_must_have_answered_in_this_cycle(session: SessionType, anna: Agent) -> None:
    ticket, bert = a_ticket(session), an_agent(session, "agent", "onthaal", name="Bert Maes")
    asking.ask(session, ticket, bert, "Wat kost het?", by=anna)
    assert refused(ticket, anna, "resolved_after_consult") == "nobody_advised"
    asking.advise(session, ticket, "Niets.", by=bert)
    ticket.resolve(by=anna, outcome="resolved_after_consult")
    ticket.reopen(by=anna, because="not solved")

    assert refused(ticket, anna, "resolved_after_consult") == "nobody_advised"


def test_a_citizen_must_have_been_there_to_be_put_through(session: SessionType, anna: Agent) -> None:
    assert refused(a_ticket(session), anna, "warm_transfer_solved") == "nobody_waited"


def test_a_call_back_was_promised_or_logged(session: SessionType, anna: Agent) -> None:
    promised, called = a_ticket(session, channel="phone"), a_ticket(session, message_id="a@x", sender="roos@example.org")
    assert refused(promised, anna, "callback_done") == refused(called, anna, "callback_done") == "nobody_called_back"
    session.add(CallBack(ticket_id=promised.id, opens_at=now(), closes_at=now() + timedelta(hours=1), number="+3211223344"))
    intake.take_in(session, [a_contact(channel="phone", sender="", answers=("a@x",))])

    promised.resolve(by=anna, outcome="callback_done")
    called.resolve(by=anna, outcome="callback_done")


def test_what_is_missing_was_asked_for(session: SessionType, anna: Agent) -> None:
    asked, waited = a_ticket(session), a_ticket(session)
    assert refused(asked, anna, "information_missing") == "citizen_not_asked"
    asked.answer(an_answer("Welk huisnummer?"), anna)
    pauses.wait(waited, by=anna, because="the number of the house")
    session.flush()

    asked.resolve(by=anna, outcome="information_missing")
    waited.resolve(by=anna, outcome="information_missing")


def test_only_a_call_can_be_a_wrong_number(session: SessionType, anna: Agent) -> None:
    assert refused(a_ticket(session), anna, "wrong_number") == "not_by_phone"
