"""Whose question it is can be put right, and what was put right wrongly can be taken back."""

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session as SessionType

from contact_hub import identity
from contact_hub.agents import Agent
from contact_hub.identity import Details
from contact_hub.people import Person
from contact_hub.tickets import Refused, Ticket
from tests.builders import a_ticket, an_agent


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session)


def addresses(person: Person | None) -> set[str]:
    assert person is not None
    return {address.value for address in person.addresses}


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_an_anonymous_ticket_gets_a_person(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, channel="counter", sender="", sender_name="")
    assert ticket.person is None

    identity.correct(session, ticket, Details(name="Roos Peeters", phone="0471 23 45 67", on_behalf_of="haar moeder"), by=anna)

    assert ticket.person is not None
    assert (ticket.person.name, addresses(ticket.person), ticket.on_behalf_of) == (
        "Roos Peeters",
        {"+32471234567"},
        "haar moeder",
    )


def test_a_wrong_address_is_mended_and_an_empty_one_forgotten(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, sender="ros@example.org")
    assert ticket.person is not None
    wrong = ticket.person.addresses[0].id

    identity.correct(session, ticket, Details(phone="0471 23 45 67", addresses={wrong: "roos@example.org"}), by=anna)
    assert addresses(ticket.person) == {"roos@example.org", "+32471234567"}

    identity.correct(session, ticket, Details(addresses={each.id: "" for each in ticket.person.addresses}), by=anna)
    assert addresses(ticket.person) == set()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (Details(mail="nobody"), "address_wrong"),
        (Details(phone="12"), "number_wrong"),
        (Details(mail="an@example.org"), "address_of_another"),
    ],
)
def test_what_cannot_be_an_address_or_is_somebody_elses_is_refused(
    session: SessionType, anna: Agent, details: Details, code: str
) -> None:
    a_ticket(session, sender="an@example.org")
    with refused(code):
        identity.correct(session, a_ticket(session), details, by=anna)


def test_persons_of_one_name_are_offered_as_one_made_one_and_parted_again(session: SessionType, anna: Agent) -> None:
    by_mail, by_phone = a_ticket(session, sender="roos@example.org"), a_ticket(session, sender="0471234567", channel="phone")
    kept, gone = by_mail.person, by_phone.person
    assert kept is not None
    assert gone is not None
    assert identity.perhaps_the_same(session, kept, true()) == [gone]

    identity.merge(session, by_mail, gone, by=anna)

    assert by_phone.person is kept
    assert addresses(kept) == {"roos@example.org", "+32471234567"}
    assert identity.perhaps_the_same(session, kept, true()) == []
    [(merge, was)] = identity.merged_into(session, kept)
    assert was is gone

    identity.part(session, by_mail, merge.id, by=anna)

    assert by_phone.person is gone
    assert (addresses(kept), addresses(gone)) == ({"roos@example.org"}, {"+32471234567"})
    with refused("person_missing"):
        identity.part(session, by_mail, merge.id, by=anna)


def test_a_first_name_alone_is_no_sign_of_the_same_person(session: SessionType) -> None:
    one, _other = (a_ticket(session, sender_name="Roos", sender=f"roos{number}@example.org") for number in range(2))
    assert one.person is not None

    assert identity.perhaps_the_same(session, one.person, true()) == []


def test_what_came_in_since_stays_with_who_wrote_it(session: SessionType, anna: Agent) -> None:
    by_mail, by_phone = a_ticket(session, sender="roos@example.org"), a_ticket(session, sender="0471234567", channel="phone")
    assert by_mail.person is not None
    identity.merge(session, by_mail, by_phone.person, by=anna)
    later: Ticket = a_ticket(session, sender="roos@example.org")
    [(merge, gone)] = identity.merged_into(session, by_mail.person)

    identity.part(session, by_mail, merge.id, by=anna)

    assert later.person is by_mail.person
    assert by_phone.person is gone
