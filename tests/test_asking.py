"""Colleagues are asked, and called in by name, without the ticket leaving whoever has it."""

import pytest
from sqlalchemy.orm import Session as SessionType

from contact_hub import asking, mentions
from contact_hub.agents import Agent, Colleague
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from tests.builders import a_ticket, an_agent, queue


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session)


@pytest.fixture
def bert(session: SessionType) -> Agent:
    return an_agent(session, "back_office", "wegen", name="Bert Maes")


@pytest.fixture
def ticket(session: SessionType, anna: Agent) -> Ticket:
    ticket = a_ticket(session)
    ticket.claim(anna)
    return ticket


def waits_for(session: SessionType, agent: Agent, ticket: Ticket) -> bool:
    session.flush()
    return session.query(Ticket).filter(Ticket.id == ticket.id, mentions.waits_for(agent)).count() == 1


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


@pytest.mark.parametrize("whom", ["Bert", "his team"])
def test_who_is_asked_sees_the_ticket_and_it_stays_where_it_is(
    session: SessionType, ticket: Ticket, anna: Agent, bert: Agent, whom: str
) -> None:
    assert sight_of(bert, ticket) == Sight.NONE

    asking.ask(session, ticket, bert if whom == "Bert" else queue(session, "wegen"), "Is dit jullie straat?", by=anna)

    assert sight_of(bert, ticket) == Sight.FULL
    assert waits_for(session, bert, ticket)
    assert (ticket.queue_id, ticket.owner_id, len(ticket.segments)) == ("onthaal", anna.id, 1)


def test_an_answer_is_there_for_who_asked_and_waits_for_nobody(
    session: SessionType, ticket: Ticket, anna: Agent, bert: Agent
) -> None:
    asking.ask(session, ticket, bert, "Is dit jullie straat?", by=anna)
    assert not any(each.done_at for each in mentions.questions(session, ticket))

    asking.advise(session, ticket, "Ja, tot aan de brug.", by=bert)

    assert all(each.done_at for each in mentions.questions(session, ticket))
    assert not waits_for(session, bert, ticket)
    assert session.scalars(ticket.messages.select()).all()[-1].text == "Ja, tot aan de brug."


def test_who_was_asked_sees_the_ticket_until_it_is_resolved(
    session: SessionType, ticket: Ticket, anna: Agent, bert: Agent
) -> None:
    asking.ask(session, ticket, bert, "Is dit jullie straat?", by=anna)
    ticket.resolve(by=anna, outcome="resolved_first_line")

    assert sight_of(bert, ticket) == Sight.NONE


def test_a_confidential_question_is_told_to_nobody_else(session: SessionType, anna: Agent, bert: Agent) -> None:
    secret = a_ticket(session, message="ombudsman")
    member = an_agent(session, "back_office", "ombuds", name="Mia Smet")
    colleague = an_agent(session, "back_office", "ombuds", name="Jo Smet")
    for other in (bert, queue(session, "wegen")):
        with refused("asked_confidential"):
            asking.ask(session, secret, other, "Ken je dit?", by=member)

    asking.ask(session, secret, colleague, "Ken je dit?", by=member)

    assert waits_for(session, colleague, secret)
    assert sight_of(bert, secret) == Sight.NONE


def test_nobody_is_asked_nothing_and_only_who_was_asked_answers(
    session: SessionType, ticket: Ticket, anna: Agent, bert: Agent
) -> None:
    with refused("asked_nobody"):
        asking.ask(session, ticket, None, "Wie weet dit?", by=anna)
    with refused("question_empty"):
        asking.ask(session, ticket, bert, " ", by=anna)
    with refused("asked_nothing"):
        asking.advise(session, ticket, "Ik weet het.", by=bert)


def test_a_name_after_an_at_calls_a_colleague_in_until_they_look(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    els = an_agent(session, name="Els Wouters")

    called = asking.note(session, ticket, "Kijk eens, @els wouters, en antwoord.", by=anna)
    assert [(type(each), each.id) for each in called] == [(Colleague, els.id)]

    assert waits_for(session, els, ticket)
    mentions.look(session, ticket, els)
    assert not waits_for(session, els, ticket)


@pytest.mark.parametrize("text", ["els@wouters.example", "@Elsje Wouters", "@Bert Maes", "Els Wouters"])
def test_nobody_is_called_in_by_accident_or_beyond_their_sight(
    session: SessionType, ticket: Ticket, anna: Agent, bert: Agent, text: str
) -> None:
    an_agent(session, name="Els Wouters")

    assert asking.note(session, ticket, text, by=anna) == []


def test_a_team_that_sees_the_ticket_is_called_in_by_its_name(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    member = an_agent(session, "agent", "onthaal", name="Els Wouters")

    assert asking.note(session, ticket, "@Reception: wie was dit?", by=anna) == [queue(session, "onthaal")]

    assert waits_for(session, member, ticket)
