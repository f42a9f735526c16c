"""A contact that two teams must work on opens two tickets, each whole, and linked."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from contact_hub import answers, chats, intake, live, regrouping
from contact_hub.contact import Attachment
from contact_hub.database import Session, reading
from contact_hub.intake import Arrival
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.reasons import decided_again
from contact_hub.tickets import Ticket, linked_with
from tests.builders import MONDAY, a_contact, an_agent, publish_rules, queue

RULES = """\
format: 1
municipality: {name: Lindervelde, timezone: Europe/Brussels, languages: [nl, fr]}
queues:
  - {id: onthaal, name: {nl: Onthaal}, tier: front, clock: 2 hours}
  - {id: groen, name: {nl: Groendienst}, tier: back, clock: 3 days}
  - {id: wegen, name: {nl: Wegen}, tier: back, clock: 5 days}
topics:
  - {id: weg, name: {nl: Versperde weg}, queue: wegen}
label:
  - {id: mist, when: {text: [mist]}, then: {tags: [mist], also: onthaal}}
route:
  - {id: fallen, when: {text: [omgevallen boom]}, then: {queue: groen, priority: urgent, due: 1 hours, also: {topic: weg}}}
default: {queue: onthaal}
"""


@pytest.fixture(autouse=True)
def desk(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session, RULES)


def receive(*words: str, **more: object) -> list[Arrival]:
    return intake.receive([a_contact(message=each, **more) for each in words], channel=str(more.get("channel", "email")))


def tickets() -> list[Ticket]:
    with reading() as session:
        return list(session.query(Ticket).order_by(Ticket.id))


def test_a_second_ticket_stands_in_its_own_queue_with_its_own_history() -> None:
    photo = Attachment("boom.jpg", "image/jpeg", b"x")
    [arrival] = receive("Een omgevallen boom in de mist", attachments=(photo,))

    with reading() as session:
        first, road, reception = session.query(Ticket).order_by(Ticket.id)
        assert arrival.ticket.id == first.id
        assert [(each.queue_id, each.topic_id) for each in (road, reception)] == [("wegen", "weg"), ("onthaal", "")]
        for each in (road, reception):
            assert (each.priority, each.tags, each.person_id) == ("urgent", ["mist"], first.person_id)
            assert [segment.queue_id for segment in each.segments] == [each.queue_id]
            assert (len(each.cycles), each.last_event) == (1, 1)
            [said] = session.query(Message).filter_by(ticket_id=each.id)
            assert (said.text, said.attachments[0].name) == ("Een omgevallen boom in de mist", "boom.jpg")


def test_each_ticket_has_the_time_of_its_own_queue() -> None:
    receive("Een omgevallen boom in de mist")

    spans = [each.due_at - MONDAY for each in tickets() if each.due_at]
    assert spans == [timedelta(hours=1), timedelta(days=5), timedelta(hours=2)]


def test_linked_tickets_know_each_other_whichever_one_looks() -> None:
    receive("Een omgevallen boom in de mist")
    receive("Een vraag")

    with reading() as session:
        linked = [[one.queue_id for one in linked_with(session, each)] for each in session.query(Ticket).order_by(Ticket.id)]
    assert linked == [["wegen", "onthaal"], ["groen", "onthaal"], ["groen", "wegen"], []]


def test_the_citizen_gets_one_receipt() -> None:
    receive("Een omgevallen boom")

    with reading() as session:
        [mail] = session.query(Outgoing)
        assert mail.message.ticket_id == min(each.id for each in tickets())


def test_a_later_contact_goes_on_with_the_first_ticket_alone() -> None:
    [first] = receive("Een omgevallen boom", message_id="q@example.org", sender="roos@example.org")

    [later] = receive("Er ligt er nog een", answers=("q@example.org",), sender="roos@example.org")

    assert later.ticket.id == first.ticket.id
    with reading() as session:
        said = [message.ticket_id for message in session.query(Message).filter_by(text="Er ligt er nog een")]
    assert said == [first.ticket.id]
    assert len(tickets()) == 2


def test_a_contact_delivered_twice_belongs_to_its_first_ticket() -> None:
    contact = a_contact(message="Een omgevallen boom")
    [first] = intake.receive([contact], channel="email")

    [again] = intake.receive([contact], channel="email")

    assert (again.known, again.ticket.id) == (True, first.ticket.id)
    assert len(tickets()) == 2


def test_what_answers_the_second_ticket_joins_the_second_ticket() -> None:
    receive("Een omgevallen boom", message_id="q@example.org", sender="roos@example.org")
    with Session.begin() as session:
        road = session.query(Ticket).filter_by(queue_id="wegen").one()
        answer = answers.send(session, road, "De weg is weer vrij.", by=an_agent(session))
        session.flush()
        mail = session.query(Outgoing).filter_by(message_id=answer.id).one()
        assert mail.answers == ["q@example.org"]
        key, number = answer.message_id or "", road.id

    [reply] = receive("Dank u", answers=(key, "q@example.org"))

    assert reply.ticket.id == number


def test_each_queue_hears_of_its_own_ticket() -> None:
    told = live.connect(None)
    assert isinstance(told, live.Silence)

    receive("Een omgevallen boom")

    assert [news["queues"] for news in told.told if news["kind"] == "routed"] == [["groen"], ["wegen"]]


def test_every_decision_of_linked_tickets_can_be_taken_again() -> None:
    receive("Een omgevallen boom in de mist")

    with reading() as session:
        again = [decided_again(session, each) for each in session.query(Ticket).order_by(Ticket.id)]
    assert [each.departures for each in again] == [()] * 3
    assert [each.decision.queue for each in again] == ["groen", "wegen", "onthaal"]


def test_linked_tickets_live_their_own_lives() -> None:
    receive("Een omgevallen boom")

    with Session.begin() as session:
        first, road = session.query(Ticket).order_by(Ticket.id)
        first.resolve(by=an_agent(session), outcome="resolved_back_office")
        road.hand_over(to=queue(session, "onthaal"), by=an_agent(session), because="theirs", promise="you hear from us")

    assert [(each.status, each.queue_id) for each in tickets()] == [("resolved", "groen"), ("new", "onthaal")]


def test_both_count_among_the_open_tickets_of_the_person() -> None:
    receive("Een omgevallen boom", "Een vraag", sender="roos@example.org")
    receive("Nog een vraag", sender="roos@example.org")

    with reading() as session:
        facts = [decided_again(session, each).contact.person.open_tickets for each in session.query(Ticket).order_by(Ticket.id)]
    assert sorted(facts) == [0, 0, 2, 3]


def test_both_teams_answer_in_the_chat_it_came_by() -> None:
    key = chats.key_of("abc")
    [first] = receive("Een omgevallen boom", channel="chat", sender="abc", message_id=key, answers=(key,))
    with Session.begin() as session:
        road = session.query(Ticket).filter_by(queue_id="wegen").one()
        answers.send(session, road, "De weg is vrij.", by=an_agent(session))
        answers.send(session, session.get_one(Ticket, first.ticket.id), "De boom is weg.", by=an_agent(session))

    with reading() as session:
        told = [message.text for message, _ in chats.messages_since(session, "abc", 0)]
    assert told == ["Een omgevallen boom", "De weg is vrij.", "De boom is weg."]


def test_a_chat_never_tells_what_others_said_in_its_ticket() -> None:
    key = chats.key_of("abc")
    [first] = receive("Een vraag", channel="chat", sender="abc", message_id=key, answers=(key,))
    [other] = receive("Mijn geheim", sender="roos@example.org")
    with Session.begin() as session:
        anna, home = an_agent(session), session.get_one(Ticket, other.ticket.id)
        answers.send(session, home, "Beste Roos", by=anna)
        regrouping.join(session, session.get_one(Ticket, first.ticket.id), by=anna, into=home)

    with reading() as session:
        told = [message.text for message, _ in chats.messages_since(session, "abc", 0)]
    assert told == ["Een vraag"]
