"""What is written down suffices for the figures that are still to come: each is counted here from the records alone."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as SessionType
from sqlalchemy.orm import aliased

from contact_hub import avoidable, calendars, editions, intake, pauses, regrouping
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.calls import CallBack
from contact_hub.database import now
from contact_hub.history import Cycle, Pause, Segment
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.builders import MONDAY, a_contact, a_ticket, an_agent, an_answer, queue

WEEK = timedelta(days=7)
ROOS = {"sender": "roos@example.org", "message": "De openingsuren?"}


def resolved(session: SessionType, by: Agent, at: datetime, **contact: object) -> Ticket:
    ticket = a_ticket(session, **ROOS | contact)
    ticket.resolve(by=by, outcome="resolved_first_line")
    ticket.resolved_at = ticket.cycle.resolved_at = at
    session.flush()
    return ticket


def repeats(session: SessionType, window: timedelta) -> set[int]:
    """The tickets whose person came back about their topic within the window after a resolution."""
    first, later, ticket = aliased(TakenContact), aliased(TakenContact), aliased(Ticket)
    about, said, again = aliased(Message), aliased(Message), aliased(Cycle)
    rows = session.execute(
        select(Cycle.ticket_id, Cycle.resolved_at, later.received_at)
        .join(about, about.ticket_id == Cycle.ticket_id)
        .join(first, first.id == about.contact_id)
        .join(later, later.person_id == first.person_id)
        .join(said, said.contact_id == later.id)
        .join(ticket, ticket.id == said.ticket_id)
        .join(again, again.ticket_id == ticket.id)
        .where(later.heard.in_(("opened", "news")), later.automatic == "", later.leg_of_id.is_(None))
        .where(again.topic_id == Cycle.topic_id, Cycle.resolved_at.is_not(None))
    )
    return {number for number, end, came in rows if end < came <= end + window}


def test_repeats_are_counted_from_contacts(session: SessionType, anna: Agent) -> None:
    solved = resolved(session, anna, MONDAY + timedelta(hours=1))
    assert repeats(session, WEEK) == set()
    a_ticket(session, **ROOS | {"received": MONDAY + timedelta(days=2), "channel": "phone"})
    assert repeats(session, WEEK) == {solved.id}
    assert repeats(session, timedelta(days=1)) == set()


def test_other_topics_thanks_and_machines_are_no_repeats(session: SessionType, anna: Agent) -> None:
    resolved(session, anna, MONDAY + timedelta(hours=1), message_id="a@x")
    later = {"sender": "roos@example.org", "received": MONDAY + timedelta(hours=2)}
    a_ticket(session, **later, message="pothole")
    intake.take_in(session, [a_contact(**later, answers=("a@x",), message="Bedankt!")])
    intake.take_in(session, [a_contact(**later, answers=("a@x",), automatic="out-of-office")])

    assert repeats(session, WEEK) == set()


def test_a_merge_is_no_repeat_of_what_came_before_the_resolution(session: SessionType, anna: Agent) -> None:
    home = resolved(session, anna, MONDAY + timedelta(days=1))
    other = a_ticket(session, **ROOS | {"received": MONDAY + timedelta(hours=1)})
    regrouping.join(session, other, by=anna, into=home)
    session.flush()

    assert repeats(session, WEEK) == set()


def test_avoidable_contacts_are_counted_by_reason(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    a_ticket(session)
    message = session.scalars(select(Message).where(Message.ticket_id == ticket.id, Message.kind == "said")).one()
    avoidable.say_why(session, ticket, message.id, avoidable.CHASING, by=anna)

    assert sorted(session.scalars(select(TakenContact.reason))) == ["", "chasing"]


def test_the_response_level_is_counted_from_cycles(session: SessionType, anna: Agent) -> None:
    on_time, late, never = (a_ticket(session) for _ in range(3))
    on_time.cycle.due_at = now() + timedelta(hours=1)
    late.cycle.due_at = never.cycle.due_at = now() - timedelta(hours=1)
    for each in (on_time, late):
        each.answer(an_answer(), anna)
    session.flush()

    cycles = session.scalars(select(Cycle).where(Cycle.due_at.is_not(None))).all()
    answered = [each for each in cycles if each.first_response_at]
    overdue = [each for each in cycles if not each.first_response_at and each.due_at and each.due_at < now()]
    in_time = [each for each in answered if each.first_response_at and each.due_at and each.first_response_at <= each.due_at]
    assert (len(in_time), len(answered) + len(overdue)) == (1, 3)


def test_who_was_called_back_was_answered(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    session.add(CallBack(ticket_id=ticket.id, opens_at=now(), closes_at=now(), number="+3214000003"))
    ticket.resolve(by=anna, outcome="callback_done")

    assert ticket.cycle.first_response_at == ticket.cycle.resolved_at


def test_resolution_in_working_time_leaves_pauses_out(session: SessionType, anna: Agent) -> None:
    ticket = resolved(session, anna, MONDAY + timedelta(hours=8))
    session.add(Pause(ticket_id=ticket.id, cycle=1, began_at=MONDAY, ended_at=MONDAY + timedelta(hours=1)))
    session.flush()

    [cycle] = ticket.cycles
    waits = select(Pause.began_at, Pause.ended_at).where(Pause.ticket_id == ticket.id, Pause.cycle == cycle.number)
    spans = [(begin, end or now()) for begin, end in session.execute(waits)]
    assert cycle.resolved_at
    rulebook = editions.deciding(session).rulebook
    # From 10:00 to 17:00 in Brussels, without lunch and the first hour.
    assert calendars.working_time(rulebook, "onthaal", cycle.opened_at, cycle.resolved_at, spans) == timedelta(hours=5)


def test_a_wait_tells_of_its_cycle(session: SessionType, anna: Agent) -> None:
    ticket = resolved(session, anna, now())
    ticket.hear()
    pauses.wait(ticket, by=anna, because="a photo")
    session.flush()

    assert session.scalars(select(Pause.cycle)).all() == [2]


def test_the_time_to_accept_and_what_came_back_are_counted_from_segments(session: SessionType, anna: Agent) -> None:
    accepted, returned = a_ticket(session), a_ticket(session)
    for each in (accepted, returned):
        each.hand_over(to=queue(session, "wegen"), by=anna, because="theirs", promise="you hear from us")
    bert = an_agent(session, "back_office", "wegen")
    accepted.claim(bert)
    returned.send_back(by=bert, because="not ours")
    session.flush()

    handed = select(Segment.ticket_id, Segment.accepted_by_id).where(Segment.why == "handed_over").order_by(Segment.ticket_id)
    assert session.execute(handed).all() == [(accepted.id, bert.id), (returned.id, None)]
    back = session.scalars(select(Segment).where(Segment.why == "returned")).one()
    assert (back.ticket_id, back.by_id, back.reason) == (returned.id, bert.id, "not ours")
