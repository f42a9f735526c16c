"""What somebody told in confidence of who they are stays there, whoever knows their address."""

import pytest
from sqlalchemy.orm import Session as SessionType

from contact_hub import identity, intake
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.identity import Details
from contact_hub.people import Person
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import readable
from tests.builders import a_contact, a_ticket, an_agent, queue

ROOS = "roos@example.org"
SECRET = "Roos Verborgen"


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session)


@pytest.fixture
def whistle(session: SessionType) -> Ticket:
    """A confidential ticket of somebody whom nobody else knows."""
    return a_ticket(session, message="ombudsman", sender=ROOS, sender_name=SECRET)


def person_of(ticket: Ticket) -> Person:
    assert ticket.person is not None
    return ticket.person


def known_facts(session: SessionType) -> dict[str, object]:
    session.flush()
    contact = session.query(TakenContact).order_by(TakenContact.id.desc()).first()
    assert contact is not None
    return contact.facts["person"]


@pytest.mark.parametrize("message", ["ombudsman", "discreet"])
def test_a_name_told_in_confidence_is_not_shown_for_a_call_from_the_same_address(session: SessionType, message: str) -> None:
    a_ticket(session, message=message, sender="014 00 00 03", sender_name=SECRET, channel="phone")

    ticket = a_ticket(session, sender="014 00 00 03", sender_name="", channel="phone")

    assert person_of(ticket).name == ""
    assert [each.value for each in person_of(ticket).addresses] == ["+3214000003"]
    assert a_ticket(session, sender="014 00 00 03", sender_name="Roos", channel="phone").person is ticket.person


def test_nor_for_a_citizen_who_is_named(session: SessionType, anna: Agent, whistle: Ticket) -> None:
    ticket = a_ticket(session, sender="clerk@example.org")

    identity.citizen_is(session, ticket, ROOS, by=anna, name="een buur")

    assert person_of(ticket).name == "een buur"
    assert ticket.answer_to == ROOS


def test_nor_is_it_told_by_a_refusal(session: SessionType, anna: Agent, whistle: Ticket) -> None:
    ticket = a_ticket(session)

    identity.correct(session, ticket, Details(name="Roos", mail=ROOS), by=anna)

    assert ROOS in {each.value for each in person_of(ticket).addresses}
    with pytest.raises(Refused):
        identity.correct(session, a_ticket(session), Details(mail=ROOS), by=anna)


def test_nor_by_rules_that_ask_whether_somebody_is_known(session: SessionType, whistle: Ticket) -> None:
    a_ticket(session, sender=ROOS)
    assert known_facts(session) == {"known": False, "open_tickets": 0}

    a_ticket(session, message="ombudsman", sender=ROOS)
    assert known_facts(session) == {"known": True, "open_tickets": 1}


def test_what_became_confidential_later_is_not_told_either(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, sender=ROOS, sender_name=SECRET)
    ticket.hand_over(to=queue(session, "ombuds"), by=anna, because="een klacht over ons", promise="u hoort van hen")
    session.flush()

    assert person_of(a_ticket(session, sender=ROOS, sender_name="Roos")).name == "Roos"


def test_a_team_knows_whom_it_was_told_of_in_confidence_and_another_team_does_not(
    session: SessionType, whistle: Ticket
) -> None:
    assert a_ticket(session, message="nog eens: ombudsman", sender=ROOS, sender_name="R.").person is whistle.person
    assert person_of(a_ticket(session, message="discreet", sender=ROOS, sender_name="R.")).name == "R."


def test_in_one_batch_each_is_known_where_it_was_told(session: SessionType) -> None:
    said = [("ombudsman", SECRET), ("een vraag", "R."), ("ombudsman", "R."), ("een vraag", "")]
    contacts = [a_contact(message=message, sender=ROOS, sender_name=name) for message, name in said]

    tickets = [each.ticket for each in intake.take_in(session, contacts)]

    assert [person_of(ticket).name for ticket in tickets] == [SECRET, "R.", SECRET, "R."]


def test_who_writes_in_tickets_of_others_is_known_again(session: SessionType) -> None:
    a_ticket(session, message_id="first@example.org", sender="an@example.org", recipients=("colleague@example.org",))
    for number in range(2):
        a_ticket(session, sender="colleague@example.org", answers=("first@example.org",), message_id=f"{number}@example.org")

    assert session.query(Person).count() == 2


def test_who_sees_both_is_offered_them_by_their_address_and_makes_them_one(session: SessionType, whistle: Ticket) -> None:
    ticket = a_ticket(session, sender=ROOS, sender_name="R.")
    session.flush()
    both, open_alone = an_agent(session, "agent", "ombuds"), an_agent(session)
    open_person, secret = person_of(ticket), person_of(whistle)
    assert identity.perhaps_the_same(session, open_person, readable(session, open_alone)) == []
    assert identity.perhaps_the_same(session, open_person, readable(session, both)) == [secret]

    identity.merge(session, whistle, open_person, by=both)

    assert ticket.person is secret
    assert [each.value for each in secret.ways] == [ROOS]
    assert a_ticket(session, sender=ROOS).person is secret
    assert a_ticket(session, message="ombudsman", sender=ROOS).person is secret
    identity.correct(session, whistle, Details(name=SECRET, addresses={secret.ways[0].id: ""}), by=both)
    assert secret.addresses == []
    [(merge, _)] = identity.merged_into(session, secret)

    identity.part(session, whistle, merge.id, by=both)

    assert (ticket.person, whistle.person) == (open_person, secret)
