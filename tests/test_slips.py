"""What was done by mistake is undone, and the figures never hear of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, true
from sqlalchemy.orm import Session as SessionType

from contact_hub import answers, bulk, pauses, regrouping, slips
from contact_hub.agents import Agent
from contact_hub.database import Session, now
from contact_hub.figures.counting import count
from contact_hub.figures.periods import Period
from contact_hub.history import Event
from contact_hub.marks import Marks, mark_anew
from contact_hub.slips import Slip
from contact_hub.tickets import Refused, Ticket
from tests.builders import a_ticket, an_agent, an_answer, publish_rules, queue

THAT_MONDAY = Period(date(2026, 11, 23), date(2026, 11, 23), ZoneInfo("Europe/Brussels"))
Step = Callable[[SessionType, Ticket, Agent], Any]


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session, "agent", "onthaal", "wegen")


def hands_over(session: SessionType, ticket: Ticket, by: Agent) -> None:
    ticket.hand_over(to=queue(session, "wegen"), by=by, because="theirs", promise="you hear from us")


def waits(session: SessionType, ticket: Ticket, by: Agent) -> None:
    pauses.wait(ticket, by=by, because="a photo")


def resolves(session: SessionType, ticket: Ticket, by: Agent) -> None:
    ticket.resolve(by=by, outcome="informed_external")


def reopens(session: SessionType, ticket: Ticket, by: Agent) -> None:
    ticket.reopen(by=by, because="not solved")


def marks(session: SessionType, ticket: Ticket, by: Agent) -> None:
    mark_anew(ticket, Marks("put", "urgent", ("markt",), now() + timedelta(days=9)), by=by, because="a pothole")


STEPS: dict[str, tuple[list[Step], Step]] = {
    "claim": ([], lambda session, ticket, by: ticket.claim(by)),
    "claim of a hand-over": ([hands_over], lambda session, ticket, by: ticket.claim(by)),
    "claim while waiting": ([waits], lambda session, ticket, by: ticket.claim(by)),
    "release": ([lambda session, ticket, by: ticket.claim(by)], lambda session, ticket, by: ticket.release(by)),
    "assign": ([], lambda session, ticket, by: ticket.assign(by, by=by)),
    "hand over": ([lambda session, ticket, by: ticket.claim(by)], hands_over),
    "send back": ([hands_over], lambda session, ticket, by: ticket.send_back(by=by, because="not ours")),
    "wait": ([], waits),
    "put off": ([waits], lambda session, ticket, by: pauses.put_off(ticket, until=now() + timedelta(days=1), by=by)),
    "go on": ([waits], lambda session, ticket, by: pauses.go_on(ticket, by=by)),
    "resolve": ([hands_over], resolves),
    "resolve while waiting": ([waits], resolves),
    "reopen": ([resolves], reopens),
    "mark": ([], marks),
}


def state(session: SessionType, ticket: Ticket) -> dict[str, Any]:
    """All that the figures are counted from, and what they come to."""
    session.flush()
    totals = {name: (each.total.counted, each.total.n) for name, each in count(session, THAT_MONDAY, true()).items()}
    return slips.standing(ticket) | totals


@pytest.mark.parametrize("name", STEPS)
def test_an_undone_slip_leaves_no_trace_in_the_figures(session: SessionType, anna: Agent, name: str) -> None:
    ticket = a_ticket(session)
    before_it, slip = STEPS[name]
    for step in before_it:
        step(session, ticket, anna)
    before = state(session, ticket)

    slip(session, ticket, anna)
    assert state(session, ticket) != before
    slips.undo(ticket, by=anna)

    assert state(session, ticket) == before
    told = session.query(Event).filter_by(ticket_id=ticket.id).order_by(Event.number).all()
    assert (told[-1].kind, told[-1].data) == ("undone", {"event": told[-2].number})


def refused(session: SessionType, ticket: Ticket, by: Agent) -> None:
    with pytest.raises(Refused, match="nothing_to_undo"):
        slips.undo(ticket, by=by)


def test_a_slip_is_undone_within_ten_minutes_once_and_by_whoever_it_was(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    refused(session, ticket, anna)
    resolves(session, ticket, anna)
    refused(session, ticket, an_agent(session))
    slip = session.get_one(Slip, ticket.id)
    slip.at = now() - slips.UNDO
    refused(session, ticket, anna)
    slip.at = now()
    slips.undo(ticket, by=anna)
    refused(session, ticket, anna)


@pytest.mark.parametrize("since", [lambda ticket, anna: ticket.hear("thanks"), lambda ticket, anna: ticket.hear()])
def test_it_is_no_slip_any_more_once_something_else_happened(
    session: SessionType, anna: Agent, since: Callable[[Ticket, Agent], None]
) -> None:
    ticket = a_ticket(session)
    resolves(session, ticket, anna)
    since(ticket, anna)

    refused(session, ticket, anna)


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("assign", {}),
        ("hand-over", {"queue": "wegen", "reason": "theirs", "promise": "this week"}),
        ("tag", {"add": ["markt"]}),
        ("resolve", {"outcome": "informed_external"}),
    ],
)
def test_several_undone_at_once_leave_no_trace_either(database: Engine, verb: str, asked: dict[str, Any]) -> None:
    with Session.begin() as session:
        publish_rules(session)
        agent, number = an_agent(session, "agent", "onthaal"), a_ticket(session).id
        before = state(session, session.get_one(Ticket, number))
        work = bulk.begin(session, verb, asked | ({"agent": agent.id} if verb == "assign" else {}), [number], by=agent).id
    assert bulk.proceed(work)
    with Session.begin() as session:
        assert state(session, session.get_one(Ticket, number)) != before
        bulk.undo(session, session.get_one(bulk.Bulk, work))
    assert bulk.proceed(work)
    with Session() as session:
        assert state(session, session.get_one(Ticket, number)) == before


def test_an_answer_taken_back_began_and_ended_nothing(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    hands_over(session, ticket, anna)
    before = state(session, ticket)
    answer = answers.send(session, ticket, "Wij komen kijken.", by=anna)
    ticket.resolve(by=anna, outcome="resolved_back_office")
    answers.take_back(session, ticket, answer.id, by=anna)

    assert state(session, ticket) | {"ticket": None} == before | {"ticket": None}
    assert (ticket.status, ticket.outcome) == ("new", "")


def test_a_resolution_somebody_went_on_from_is_not_undone_with_its_answer(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    answer = answers.send(session, ticket, "Dat kan.", by=anna)
    ticket.resolve(by=anna, outcome="informed_external", note="Fluvius 2026-77")
    ticket.hear("thanks")
    answers.take_back(session, ticket, answer.id, by=anna)

    assert [each.why for each in ticket.cycles] == ["opened", "by_hand"]
    assert (ticket.status, ticket.cycles[0].outcome) == ("new", "informed_external")
    assert session.scalars(ticket.messages.select().filter_by(kind="note")).all() == []


def test_undoing_something_else_leaves_the_note_of_an_earlier_resolution(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session)
    ticket.resolve(by=anna, outcome="informed_external", note="Fluvius 2026-77")
    ticket.reopen(because="Fluvius weet van niets", by=anna)
    ticket.claim(anna)
    slips.undo(ticket, by=anna)

    assert [each.text for each in session.scalars(ticket.messages.select().filter_by(kind="note"))] == ["Fluvius 2026-77"]


def test_merging_makes_no_repeat_and_a_duplicate_counts_nowhere(session: SessionType, anna: Agent) -> None:
    home, other = a_ticket(session, channel="phone"), a_ticket(session, channel="phone")
    home.resolve(by=anna, outcome="resolved_first_line")
    other.resolve(by=anna, outcome="resolved_first_line")
    regrouping.join(session, other, by=anna, into=home)

    assert (home.status, other.outcome, other.cycle.outcome) == ("resolved", "duplicate", "duplicate")
    assert state(session, home)["fcr_gross"] == (1, 1)


def test_what_was_still_open_is_answered_in_the_other_ticket_which_nobody_reopened(session: SessionType, anna: Agent) -> None:
    home, other = a_ticket(session, channel="phone"), a_ticket(session, channel="phone")
    home.resolve(by=anna, outcome="resolved_first_line")
    regrouping.join(session, other, by=anna, into=home)
    assert [each.why for each in home.cycles] == ["opened", "merged"]
    home.resolve(by=anna, outcome="resolved_first_line")

    assert state(session, home)["fcr_gross"] == (1, 1)


@pytest.mark.either_database
@pytest.mark.parametrize("other_steps", [[], [resolves], [hands_over, waits], [resolves, reopens]])
@pytest.mark.parametrize("home_steps", [[], [resolves], [waits]])
def test_un_merging_restores_both_exactly(
    session: SessionType, anna: Agent, home_steps: list[Step], other_steps: list[Step]
) -> None:
    home, other = a_ticket(session), a_ticket(session)
    for ticket, steps in ((home, home_steps), (other, other_steps)):
        for step in steps:
            step(session, ticket, anna)
    before = state(session, home), state(session, other)

    regrouping.join(session, other, by=anna, into=home)
    session.flush()
    regrouping.part(session, other, by=anna)

    assert (state(session, home), state(session, other)) == before


def test_what_went_on_after_a_merge_goes_on_after_it_is_taken_back(session: SessionType, anna: Agent) -> None:
    home, other = a_ticket(session), a_ticket(session)
    regrouping.join(session, other, by=anna, into=home)
    home.claim(anna)
    regrouping.part(session, other, by=anna)

    assert (home.owner_id, other.status) == (anna.id, "new")


def test_a_merged_ticket_is_not_reopened_by_hand(session: SessionType, anna: Agent) -> None:
    home, other = a_ticket(session), a_ticket(session)
    regrouping.join(session, other, by=anna, into=home)

    with pytest.raises(Refused, match="went_elsewhere"):
        other.reopen(by=anna, because="mine")


def test_first_responses_go_along_with_a_split(session: SessionType, anna: Agent) -> None:
    ticket = a_ticket(session, sender="roos@example.org", message_id="a@x")
    a_ticket(session, sender="roos@example.org", answers=("a@x",), message="pothole")
    said = [each for each in session.scalars(ticket.messages.select()) if each.kind == "said"]
    answer = an_answer()
    ticket.answer(answer, anna)

    new = regrouping.split(session, ticket, [said[1].id, answer.id], by=anna)

    assert (ticket.cycle.first_response_at, new.cycle.first_response_at) == (None, answer.at)
    assert (new.status, new.unread) == ("open", ticket.unread)
