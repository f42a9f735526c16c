"""What came together wrongly is put right by hand, and can be put right again."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType

from contact_hub import answers, editions, identity, intake, links, regrouping, slips, threads
from contact_hub.agents import Agent
from contact_hub.contact import Attachment
from contact_hub.database import Session, connect, disconnect
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.reasons import decided_again
from contact_hub.tickets import Refused, Ticket
from tests.builders import a_contact, an_agent, publish_rules

ROOS, STRANGER = "roos@example.org", "stranger@example.net"


@pytest.fixture
def session(database: Engine) -> Iterator[SessionType]:
    threads.answers_at(["onthaal@lindervelde.example"])
    with Session.begin() as session:
        publish_rules(session)
        yield session
    threads.answers_at([])


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session)


def comes(session: SessionType, sender: str = ROOS, **given: Any) -> Ticket:
    ticket = intake.take_in(session, [a_contact(sender=sender, **given)])[0].ticket
    session.flush()
    return ticket


def said_in(session: SessionType, ticket: Ticket) -> list[str]:
    return [message.text for message in session.scalars(ticket.messages.select()) if message.kind == "said"]


def doubtful(session: SessionType) -> tuple[Ticket, Ticket]:
    """Roos's ticket, and one of somebody who answers her mail."""
    return comes(session, message_id="q@x"), comes(session, STRANGER, answers=("q@x",), message="Ik ben de man van Roos")


def said(session: SessionType, ticket: Ticket) -> list[str]:
    found = session.query(Message).filter_by(ticket_id=ticket.id, kind="said").order_by(Message.id)
    return [message.text for message in found]


def events(session: SessionType, ticket: Ticket) -> list[str]:
    return [event.kind for event in session.query(Event).filter_by(ticket_id=ticket.id).order_by(Event.number)]


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_a_ticket_joins_the_one_it_belongs_to(session: SessionType, anna: Agent) -> None:
    ticket, doubt = doubtful(session)
    ticket.resolve(by=anna, outcome="resolved_first_line")

    assert regrouping.join(session, doubt, by=anna) is ticket

    assert said(session, ticket) == ["Mag ik iets vragen?", "Ik ben de man van Roos"]
    assert (ticket.status, doubt.status, doubt.outcome, doubt.joined_id) == ("new", "resolved", "duplicate", ticket.id)
    assert "took_in" in events(session, ticket)
    assert "joined" in events(session, doubt)


def test_whoever_was_joined_takes_part_from_then_on(session: SessionType, anna: Agent) -> None:
    ticket, doubt = doubtful(session)
    regrouping.join(session, doubt, by=anna)

    assert comes(session, STRANGER, answers=("q@x",)) is ticket
    assert comes(session, STRANGER, subject=f"Re: {doubt.reference}") is ticket


def test_a_ticket_may_stay_apart(session: SessionType, anna: Agent) -> None:
    ticket, doubt = doubtful(session)

    regrouping.keep_apart(doubt, by=anna)

    assert (doubt.perhaps, doubt.status, events(session, doubt)[-1]) == (None, "new", "kept_apart")
    with refused("nothing_to_join"):
        regrouping.join(session, doubt, by=anna)
    with refused("nothing_to_join"):
        regrouping.keep_apart(ticket, by=anna)


def joined_wrongly(session: SessionType) -> tuple[Ticket, Message]:
    """A ticket with a second mail that is about something else."""
    ticket = comes(session, message_id="q@x")
    photo = Attachment("put.jpg", "image/jpeg", b"x")
    comes(session, answers=("q@x",), message_id="p@x", message="Er zit een pothole in de straat", attachments=(photo,))
    return ticket, session.query(Message).filter_by(message_id="p@x").one()


def test_a_message_is_taken_out_into_a_ticket_that_the_rules_route(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)

    new = regrouping.split(session, ticket, [message.id], by=anna)

    assert (new.queue_id, new.status, new.person, new.split_from) == ("wegen", "new", ticket.person, ticket)
    assert (said(session, ticket), said(session, new)) == (["Mag ik iets vragen?"], ["Er zit een pothole in de straat"])
    assert message.attachments[0].name == "put.jpg"
    assert (events(session, ticket)[-1], events(session, new)) == ("split", ["routed", "split_from"])
    assert decided_again(session, new).departures == ()


def test_what_answers_a_message_that_was_taken_out_goes_on_with_its_new_ticket(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)
    new = regrouping.split(session, ticket, [message.id], by=anna)
    session.flush()

    assert comes(session, answers=("p@x", "q@x")) is new


def test_a_message_taken_out_may_stay_in_the_queue(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)

    new = regrouping.split(session, ticket, [message.id], by=anna, stay=True)

    assert (new.queue_id, [segment.why for segment in new.segments]) == ("onthaal", ["kept"])


def test_answers_go_along_and_their_mails_with_them(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)
    answer = answers.send(session, ticket, "De put wordt gedicht.", by=anna)
    session.flush()

    new = regrouping.split(session, ticket, [message.id, answer.id], by=anna)

    assert session.query(Message).filter_by(ticket_id=new.id).count() == 2
    assert comes(session, answers=(answer.message_id or "",)) is new


def test_a_split_can_be_taken_back(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)
    new = regrouping.split(session, ticket, [message.id], by=anna)
    new.perhaps = ticket
    session.flush()

    regrouping.join(session, new, by=anna)

    assert len(said(session, ticket)) == 2


def test_a_ticket_is_never_left_without_words_of_a_citizen(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)
    every = [each.id for each in session.query(Message).filter_by(ticket_id=ticket.id)]
    receipt = session.query(Message).filter_by(ticket_id=ticket.id, kind="receipt").one()

    with refused("nothing_left"):
        regrouping.split(session, ticket, every, by=anna)
    with refused("nothing_said"):
        regrouping.split(session, ticket, [receipt.id], by=anna)
    with refused("nothing_said"):
        regrouping.split(session, comes(session), [message.id], by=anna)


def test_what_is_taken_out_of_a_confidential_ticket_is_confidential_too(session: SessionType, anna: Agent) -> None:
    ticket, message = joined_wrongly(session)
    ticket.confidential = True

    assert regrouping.split(session, ticket, [message.id], by=anna).confidential


def test_answers_go_to_the_citizen_whose_mail_a_colleague_passed_on(session: SessionType, anna: Agent) -> None:
    ticket = comes(session, "schepen@lindervelde.example", forwarded_from="Roos@Example.org", forwarded_name="Roos Peeters")

    identity.citizen_is(session, ticket, "Roos@Example.org", by=anna, name="Roos Peeters")

    assert ticket.person
    assert (ticket.person.name, [each.value for each in ticket.person.addresses]) == ("Roos Peeters", [ROOS])
    way = answers.way_of(session, ticket)
    assert way
    assert way.recipient == ROOS
    assert comes(session, subject=ticket.reference) is ticket
    identity.citizen_is(session, ticket, "schepen@lindervelde.example", by=anna)
    assert answers.way_of(session, ticket) == answers.Way("email", "schepen@lindervelde.example")


@pytest.mark.parametrize(
    ("address", "code"), [("", "address_wrong"), ("x@", "address_wrong"), ("Onthaal@lindervelde.example", "address_ours")]
)
def test_nobody_lives_at_an_address_that_is_none_or_ours(session: SessionType, anna: Agent, address: str, code: str) -> None:
    with refused(code):
        identity.citizen_is(session, comes(session), address, by=anna)


def test_a_ticket_that_somebody_is_changing_is_not_waited_for(postgresql_url: str) -> None:
    editions.forget()
    connect(postgresql_url)
    with Session.begin() as session:
        publish_rules(session)
        ticket, doubt = doubtful(session)
        anna = an_agent(session)
    with Session.begin() as elsewhere:
        elsewhere.get_one(Ticket, ticket.id, with_for_update=True)
        with refused("busy"), Session.begin() as session:
            regrouping.join(session, session.get_one(Ticket, doubt.id), by=session.get_one(Agent, anna.id))
    disconnect()


def test_a_ticket_is_merged_into_another_and_taken_apart_again(session: SessionType, anna: Agent) -> None:
    here, there = comes(session, message="De lamp is stuk"), comes(session, message="Lamp nog altijd stuk")
    there.claim(anna)

    assert regrouping.join(session, there, by=anna, into=here) is here
    assert (there.status, there.outcome) == ("resolved", "duplicate")
    assert said_in(session, here) == ["De lamp is stuk", "Lamp nog altijd stuk"]

    regrouping.part(session, there, by=anna)

    assert (there.status, there.outcome, there.joined_id) == ("open", "", None)
    assert (there.cycle.resolved_at, there.segment.ended_at) == (None, None)
    assert said_in(session, there) == ["Lamp nog altijd stuk"]
    assert said_in(session, here) == ["De lamp is stuk"]


def test_what_was_resolved_before_it_was_merged_is_resolved_after(session: SessionType, anna: Agent) -> None:
    here, there = comes(session), comes(session)
    there.resolve(by=anna, outcome="resolved_first_line")
    regrouping.join(session, there, by=anna, into=here)

    regrouping.part(session, there, by=anna)

    assert (there.status, there.outcome) == ("resolved", "resolved_first_line")


def test_what_went_on_twice_leaves_the_last_ticket_as_it_stands(session: SessionType, anna: Agent) -> None:
    first, second = comes(session, message="De lamp is stuk"), comes(session, message="Lamp nog altijd stuk")
    home = comes(session, message="Mijn straat is donker")
    second.hand_over(to=session.get_one(Queue, "wegen"), by=anna, because="theirs", promise="soon")
    regrouping.join(session, first, by=anna, into=second)
    regrouping.join(session, second, by=anna, into=home)
    while home.last_event < session.get_one(regrouping.Joining, first.id).home_event:
        home.record("heard_thanks")

    regrouping.part(session, first, by=anna)

    assert said_in(session, first) == ["De lamp is stuk"]
    assert sorted(said_in(session, home)) == ["Lamp nog altijd stuk", "Mijn straat is donker"]
    assert (home.queue_id, home.status) == ("onthaal", "new")


def test_what_a_merge_reopened_is_taken_back_with_the_merge_alone(session: SessionType, anna: Agent) -> None:
    here, there = comes(session), comes(session)
    here.resolve(by=anna, outcome="resolved_first_line")
    regrouping.join(session, there, by=anna, into=here)

    assert (here.status, slips.slip_of(here, anna)) == ("new", None)

    regrouping.part(session, there, by=anna)

    assert (here.status, there.status) == ("resolved", "new")


def test_a_ticket_is_merged_neither_into_itself_nor_in_a_circle(session: SessionType, anna: Agent) -> None:
    here, there = comes(session), comes(session)
    with pytest.raises(Refused, match="joined_already"):
        regrouping.join(session, here, by=anna, into=here)
    regrouping.join(session, there, by=anna, into=here)
    with pytest.raises(Refused, match="joined_already"):
        regrouping.join(session, here, by=anna, into=there)
    with pytest.raises(Refused, match="not_joined"):
        regrouping.part(session, here, by=anna)


def test_what_is_confidential_is_not_merged_to_where_others_read_it(session: SessionType, anna: Agent) -> None:
    secret, discreet, plain = comes(session, message="ombudsman"), comes(session, message="discreet"), comes(session)
    for each in (secret, discreet):
        with refused("stays_confidential"):
            regrouping.join(session, each, by=anna, into=plain)
    assert said_in(session, plain) == ["Mag ik iets vragen?"]

    assert regrouping.join(session, plain, by=anna, into=discreet) is discreet


def test_tickets_are_linked_by_hand_and_the_link_is_taken_away(session: SessionType, anna: Agent) -> None:
    here, there = comes(session), comes(session)
    links.link(session, there, here, by=anna)
    session.flush()
    assert (links.linked_by_hand(session, here), links.linked_by_hand(session, there)) == ([there], [here])
    with pytest.raises(Refused, match="linked_already"):
        links.link(session, here, there, by=anna)

    links.unlink(session, here, there, by=anna)

    assert links.linked_by_hand(session, here) == []
    for other in (here, None):
        with pytest.raises(Refused, match="other_missing"):
            links.link(session, here, other, by=anna)
