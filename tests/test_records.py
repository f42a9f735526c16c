"""The verbs write down what the figures need, as it was at that time: nothing later rewrites it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session as SessionType

from contact_hub import acceptance, calendars, editions, identity, intake, pauses
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.database import now
from contact_hub.figures.counting import count
from contact_hub.figures.periods import Period
from contact_hub.marks import Marks, mark_anew, marks_of
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.builders import MONDAY, RULES, a_contact, a_ticket, an_agent, an_answer, publish_rules, queue

THAT_MONDAY = Period(date(2026, 11, 23), date(2026, 11, 23), ZoneInfo("Europe/Brussels"))


@pytest.fixture
def bert(session: SessionType) -> Agent:
    return an_agent(session, "back_office", "wegen", name="Bert Maes")


def handed_over(session: SessionType, by: Agent, to: str = "wegen") -> Ticket:
    ticket = a_ticket(session)
    ticket.hand_over(to=queue(session, to), by=by, because="a pothole", promise="you hear from us")
    session.flush()
    return ticket


def figure(session: SessionType, name: str) -> tuple[int, int]:
    total = count(session, THAT_MONDAY, true())[name].total
    return total.counted, total.n


def contacts(session: SessionType) -> list[TakenContact]:
    return session.query(TakenContact).order_by(TakenContact.id).all()


def test_whoever_takes_up_a_hand_over_stands_with_it(session: SessionType, anna: Agent, bert: Agent) -> None:
    ticket = handed_over(session, anna)
    ticket.claim(bert)
    ticket.release(bert)
    ticket.claim(an_agent(session, "back_office", "wegen"))

    got = ticket.segments[1]
    assert (got.why, got.accepted_by_id) == ("handed_over", bert.id)
    assert got.accepted_at is not None


def test_what_is_given_to_a_colleague_is_accepted(session: SessionType, anna: Agent, bert: Agent) -> None:
    ticket = handed_over(session, anna)
    ticket.assign(bert, by=bert)

    assert [(each.why, each.accepted_by_id) for each in ticket.segments[1:]] == [("handed_over", bert.id), ("assigned", None)]


@pytest.mark.parametrize("step", ["answer", "wait", "put_off", "resolve"])
def test_working_on_it_in_its_queue_is_accepting_it(session: SessionType, anna: Agent, bert: Agent, step: str) -> None:
    ticket = handed_over(session, anna)
    if step == "answer":
        ticket.answer(an_answer(), bert)
    elif step == "wait":
        pauses.wait(ticket, by=bert, because="a photo")
    elif step == "put_off":
        pauses.put_off(ticket, until=now() + timedelta(days=1), by=bert)
    else:
        ticket.resolve(by=bert, outcome="resolved_back_office")

    assert ticket.segments[1].accepted_by_id == bert.id


def test_what_the_first_line_says_meanwhile_accepts_nothing(session: SessionType, anna: Agent) -> None:
    ticket = handed_over(session, anna)
    ticket.answer(an_answer(), anna)
    ticket.segment.accept_by = now() - timedelta(minutes=1)
    session.flush()

    assert ticket.segment.accepted_at is None
    assert acceptance.return_overdue(session) == 1


def test_what_nobody_accepted_goes_back_with_its_promise(session: SessionType, anna: Agent) -> None:
    ticket = handed_over(session, anna)
    ticket.segment.accept_by = now() - timedelta(minutes=1)
    session.flush()

    acceptance.return_overdue(session)

    assert (ticket.queue_id, ticket.segment.by_id, ticket.segment.promise) == ("onthaal", None, "you hear from us")


def test_what_goes_back_to_a_retired_queue_goes_where_all_unknown_goes(session: SessionType, anna: Agent, bert: Agent) -> None:
    ticket = a_ticket(session, message="boom")
    ticket.hand_over(to=queue(session, "wegen"), by=anna, because="a road", promise="you hear from us")
    queue(session, "groen").retired = True

    ticket.send_back(by=bert, because="a tree")

    assert ticket.queue_id == "onthaal"


def test_each_wait_for_the_citizen_is_kept_from_its_beginning_to_its_end(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    pauses.wait(ticket, by=anna, because="a photo")
    ticket.hear()
    pauses.wait(ticket, by=anna, because="another photo")
    session.flush()

    first, second = ticket.pauses
    assert (first.cycle, first.ended_at is None, second.ended_at) == (1, False, None)
    ticket.resolve(by=anna, outcome="resolved_first_line")
    assert second.ended_at is not None


def test_working_time_leaves_out_nights_and_pauses(session: SessionType) -> None:
    rulebook = editions.deciding(session).rulebook
    hour = timedelta(hours=1)
    pause = (MONDAY + hour, MONDAY + 2 * hour)

    # Monday 10:00 to Tuesday 10:00 in Brussels: 2 h, lunch, 4 h, the night, and 1 h more.
    assert calendars.working_time(rulebook, "onthaal", MONDAY, MONDAY + 24 * hour) == 7 * hour
    assert calendars.working_time(rulebook, "onthaal", MONDAY, MONDAY + 24 * hour, [pause]) == 6 * hour
    assert calendars.working_time(rulebook, "onthaal", MONDAY, MONDAY) == 0 * hour


def test_a_cycle_keeps_when_its_first_response_was_promised(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    promised = ticket.cycle.due_at
    assert promised == ticket.due_at
    ticket.answer(an_answer(), anna)
    marks = marks_of(ticket)
    mark_anew(ticket, Marks(marks.topic, marks.priority, marks.tags, now() + timedelta(days=9)), by=anna, because="holidays")
    pauses.wait(ticket, by=anna, because="a photo")
    ticket.hear()

    assert ticket.cycle.due_at == promised
    assert ticket.due_at != promised


def test_until_the_first_response_the_promise_moves_with_waits_and_new_promises(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    marks, later = marks_of(ticket), now() + timedelta(days=9)
    mark_anew(ticket, Marks(marks.topic, marks.priority, marks.tags, later), by=anna, because="agreed on the phone")
    assert ticket.cycle.due_at == later
    pauses.wait(ticket, by=anna, because="a photo")
    ticket.waiting_since = now() - timedelta(days=7)
    ticket.hear()

    assert ticket.cycle.due_at == ticket.due_at > later


def test_a_reopened_ticket_has_time_of_its_own(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    before = ticket.cycle.due_at
    ticket.resolve(by=anna, outcome="resolved_first_line")
    ticket.hear()
    session.flush()

    assert [(each.why, each.due_at) for each in ticket.cycles] == [("opened", before), ("citizen", ticket.due_at)]
    assert ticket.due_at
    assert ticket.due_at > now()


def test_rules_that_change_later_rewrite_no_history(session: SessionType, anna: Agent, bert: Agent) -> None:
    ticket = a_ticket(session, message="pothole", channel="phone")
    ticket.resolve(by=bert, outcome="resolved_back_office")
    a_ticket(session, channel="phone").resolve(by=anna, outcome="resolved_first_line")
    session.flush()
    names = ("fcr_gross", "fcr_net", "flr", "transfer", "first_route")
    before = [figure(session, name) for name in names]

    otherwise = RULES.replace("queue: wegen, first_line: no", "queue: wegen, first_line: yes").replace(
        "tier: back", "tier: front"
    )
    publish_rules(session, otherwise)

    assert before == [figure(session, name) for name in names] == [(1, 2), (1, 1), (1, 2), (0, 2), (1, 1)]


def test_a_topic_put_right_counts_from_the_beginning(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, channel="phone")
    marks = marks_of(ticket)
    mark_anew(ticket, Marks("put", marks.priority, marks.tags, marks.due), by=anna, because="it is a pothole")
    session.flush()

    assert (ticket.cycle.topic_id, ticket.cycle.first_line) == ("put", False)
    assert figure(session, "beyond_first_line") == (1, 1)


def test_a_contact_tells_what_it_meant_for_its_ticket(session: SessionType, anna: Agent) -> None:
    first = a_contact(sender="roos@example.org", message_id="a@x")
    more = {"sender": "roos@example.org", "answers": ("a@x",)}
    said = [a_contact(**more), a_contact(message="Dank u wel!", **more), a_contact(automatic="out-of-office", **more)]
    intake.take_in(session, [first, *said])

    assert [each.heard for each in contacts(session)] == ["opened", "news", "thanks", "machine"]


def test_messages_of_one_chat_are_parts_of_its_first(session: SessionType, anna: Agent) -> None:
    chat = {"channel": "chat", "sender": "visitor", "message_id": "chat:1", "answers": ("chat:1",)}
    ticket = intake.take_in(session, [a_contact(**chat), a_contact(**chat)])[0].ticket
    intake.take_in(session, [a_contact(**chat)])
    ticket.resolve(by=anna, outcome="resolved_first_line")
    intake.take_in(session, [a_contact(**chat)])
    intake.take_in(session, [a_contact(**chat)])

    first, again = contacts(session)[0].id, contacts(session)[3].id
    assert [each.leg_of_id for each in contacts(session)] == [None, first, first, None, again]


def test_contacts_follow_when_it_turns_out_whose_they_are(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, sender="schepen@lindervelde.example", message_id="a@x")
    intake.take_in(session, [a_contact(sender="schepen@lindervelde.example", answers=("a@x",))])
    identity.citizen_is(session, ticket, "roos@example.org", by=anna, name="Roos Peeters")

    assert {each.person_id for each in contacts(session)} == {ticket.person_id}


def test_anonymous_contacts_belong_to_the_person_who_is_named_later(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, channel="counter", sender="")
    identity.correct(session, ticket, identity.Details(name="Roos Peeters", phone="0477 12 34 56"), by=anna)

    assert ticket.person
    assert [each.person for each in contacts(session)] == [ticket.person]


def test_another_who_joins_in_stays_who_they_are(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, sender="jan@example.org", message_id="a@x", recipients=("roos@example.org",))
    intake.take_in(session, [a_contact(sender="roos@example.org", answers=("a@x",))])
    roos = contacts(session)[1].person
    identity.citizen_is(session, ticket, "els@example.org", by=anna)

    assert [each.person for each in contacts(session)] == [ticket.person, roos]
    assert session.query(Message).filter_by(ticket_id=ticket.id, kind="said").count() == 2
