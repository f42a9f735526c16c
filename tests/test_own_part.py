"""Of a ticket that went out of its sight the first line keeps what it had, and nothing that came later."""

import pytest
from sqlalchemy.orm import Session as SessionType

from contact_hub import asking, regrouping
from contact_hub.agents import Agent
from contact_hub.calls import LoggedCall
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, asked_about, known_of, knows_queue, part_of, sight_of
from tests.builders import a_ticket, an_agent, queue


def handed_over(session: SessionType, ticket: Ticket, *, to: str, by: Agent) -> Ticket:
    session.flush()
    ticket.hand_over(to=queue(session, to), by=by, because="theirs", promise="u hoort van ons")
    session.flush()
    return ticket


def texts_of_part(session: SessionType, agent: Agent, ticket: Ticket) -> set[str]:
    part = part_of(session, agent, ticket)
    assert part is not None
    read = session.query(Message).filter(Message.id.in_(part.messages), Message.kind != "receipt")
    return {each.text for each in read}


@pytest.mark.parametrize("to", ["belastingen", "ombuds"])
def test_the_first_line_keeps_what_was_there_until_it_handed_over(session: SessionType, anna: Agent, to: str) -> None:
    ticket = handed_over(session, a_ticket(session, message="Het begin"), to=to, by=anna)
    member = an_agent(session, "back_office", to)
    ticket.remark(Message(kind="note", channel="email", text="Later", author_id=member.id), by=member)
    session.flush()

    colleague, stranger = an_agent(session, "agent", "onthaal"), an_agent(session, "back_office", "groen")
    assert sight_of(anna, ticket) == sight_of(colleague, ticket) == Sight.PART
    assert texts_of_part(session, colleague, ticket) == {"Het begin"}
    assert sight_of(stranger, ticket) == Sight.NONE
    assert sight_of(member, ticket) == Sight.FULL


def test_what_is_brought_in_from_another_ticket_later_is_not_part_of_it(session: SessionType, anna: Agent) -> None:
    older = a_ticket(session, message="ombudsman: ouder")
    ticket = handed_over(session, a_ticket(session, message="Het begin"), to="ombuds", by=anna)
    member = an_agent(session, "back_office", "ombuds")

    regrouping.join(session, older, by=member, into=ticket)

    assert texts_of_part(session, anna, ticket) == {"Het begin"}


def test_a_back_office_that_hands_over_knows_how_it_stands_and_not_where(session: SessionType) -> None:
    bert = an_agent(session, "back_office", "wegen")
    ticket = handed_over(session, a_ticket(session, message="pothole"), to="ombuds", by=bert)

    assert sight_of(bert, ticket) == Sight.STATE
    assert not knows_queue(bert, ticket)
    assert sight_of(an_agent(session, "back_office", "wegen"), ticket) == Sight.NONE


def test_a_call_is_known_to_whoever_logged_it_wherever_the_rules_sent_it(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, channel="phone", message="ombudsman, mijn verhaal")
    said = session.query(Message).filter(Message.ticket_id == ticket.id, Message.kind == "said").one()
    session.add(LoggedCall(contact_id=said.contact_id, agent_id=anna.id, seconds=10))
    session.flush()

    assert sight_of(anna, ticket) == Sight.PART
    assert texts_of_part(session, anna, ticket) == {"ombudsman, mijn verhaal"}
    assert sight_of(an_agent(session, "agent", "onthaal"), ticket) == Sight.NONE


def test_who_left_the_front_office_leaves_its_part_too(session: SessionType, anna: Agent) -> None:
    colleague = an_agent(session, "agent", "onthaal")
    ticket = handed_over(session, a_ticket(session), to="ombuds", by=anna)
    colleague.memberships = []
    session.flush()

    assert sight_of(colleague, ticket) == Sight.NONE


@pytest.mark.parametrize("how", ["by itself", "by its queue"])
@pytest.mark.parametrize("member", [False, True])
def test_who_was_asked_sees_nothing_more_once_it_is_confidential(
    session: SessionType, anna: Agent, how: str, member: bool
) -> None:
    ticket = a_ticket(session)
    asked = an_agent(session, "back_office", *(["onthaal", "ombuds"] if member else ["groen"]), name="Bert Maes")
    asking.ask(session, ticket, asked, "Is dit van jullie?", by=anna)
    session.flush()
    assert sight_of(asked, ticket) == Sight.FULL

    if how == "by itself":
        ticket.confidential = True
    else:
        handed_over(session, ticket, to="ombuds", by=anna)
    session.flush()

    assert sight_of(asked, ticket) == (Sight.FULL if member else Sight.NONE)
    assert session.query(Ticket).filter(asked_about(asked)).count() == 0


def test_news_of_a_confidential_queue_is_told_to_nobody_who_was_asked(session: SessionType, anna: Agent) -> None:
    ticket = handed_over(session, a_ticket(session), to="ombuds", by=anna)

    assert ticket.news("noted")["confidential"] is True


def test_a_reference_is_known_by_those_who_may_know_of_its_ticket(session: SessionType, anna: Agent) -> None:
    seen, stated, unseen = (a_ticket(session, message=word).reference for word in ("boom", "belasting", "ombudsman"))

    assert known_of(session, anna, [seen, stated, unseen, "nothing"]) == {seen, stated}
