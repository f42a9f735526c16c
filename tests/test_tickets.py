"""Every verb of a ticket writes the history that the figures are counted from."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType

from contact_hub import live, references, tickets
from contact_hub.agents import Agent
from contact_hub.history import FIRST_LINE, OUTCOMES, VOID
from contact_hub.messages import Message
from contact_hub.tickets import Refused, Ticket
from tests.builders import a_ticket, an_agent, an_answer, publish_rules, queue


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session)


@pytest.fixture
def bert(session: SessionType) -> Agent:
    return an_agent(session, "back_office", "wegen", name="Bert Maes")


@pytest.fixture
def ticket(session: SessionType) -> Ticket:
    """At the front office, by the default rule."""
    return a_ticket(session)


def path(ticket: Ticket) -> list[tuple[str, str]]:
    return [(segment.queue_id, segment.why) for segment in ticket.segments]


def events(ticket: Ticket, session: SessionType) -> list[str]:
    found = list(session.scalars(ticket.events.select()))
    assert [event.number for event in found] == list(range(1, len(found) + 1))
    return [event.kind for event in found]


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_a_new_ticket_has_its_first_segment_cycle_and_event(session: SessionType, ticket: Ticket) -> None:
    assert path(ticket) == [("onthaal", "routed")]
    assert (ticket.segment.rule, ticket.segment.ended_at) == ("default", None)
    assert (ticket.cycle.number, ticket.cycle.opened_at, ticket.cycle.outcome) == (1, ticket.opened_at, "")
    assert events(ticket, session) == ["routed"]


def test_who_claims_a_new_ticket_gets_its_segment(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.claim(anna)

    assert (ticket.owner_id, ticket.status, ticket.unread) == (anna.id, "open", False)
    assert path(ticket) == [("onthaal", "routed")]
    assert ticket.segment.agent_id == anna.id
    assert ticket.segment.accepted_at is not None
    assert events(ticket, session) == ["routed", "claimed"]


def test_claiming_twice_is_claiming_once(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.claim(anna)
    ticket.claim(anna)

    assert events(ticket, session) == ["routed", "claimed"]


def test_a_colleagues_ticket_is_not_claimed(ticket: Ticket, anna: Agent, bert: Agent) -> None:
    ticket.claim(anna)

    with refused("owned_by_another"):
        ticket.claim(bert)


def test_a_released_ticket_can_be_claimed_by_another(session: SessionType, ticket: Ticket, anna: Agent, bert: Agent) -> None:
    ticket.claim(anna)
    ticket.release(anna)
    ticket.claim(bert)

    assert path(ticket) == [("onthaal", "routed"), ("onthaal", "released")]
    assert [segment.agent_id for segment in ticket.segments] == [anna.id, bert.id]
    assert events(ticket, session) == ["routed", "claimed", "released", "claimed"]


def test_handing_over_begins_a_segment_with_its_reason_and_promise(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.claim(anna)
    ticket.hand_over(to=queue(session, "wegen"), by=anna, because="a pothole", promise="an answer by Friday")

    assert path(ticket) == [("onthaal", "routed"), ("wegen", "handed_over")]
    assert (ticket.queue_id, ticket.owner_id, ticket.status, ticket.unread) == ("wegen", None, "new", False)
    assert (ticket.segment.reason, ticket.segment.promise, ticket.segment.by_id) == (
        "a pothole",
        "an answer by Friday",
        anna.id,
    )
    assert ticket.segments[0].ended_at == ticket.segment.began_at
    assert events(ticket, session) == ["routed", "claimed", "handed_over"]


def test_handing_over_does_not_restart_the_clock(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    due = ticket.due_at
    ticket.hand_over(to=queue(session, "wegen"), by=anna, because="a pothole", promise="you hear from us")

    assert ticket.due_at == due


@pytest.mark.parametrize(
    ("to", "because", "promise", "code"),
    [
        ("wegen", " ", "you hear from us", "reason_missing"),
        ("wegen", "why", " ", "promise_missing"),
        ("onthaal", "why", "you hear from us", "same_queue"),
    ],
)
def test_a_hand_over_needs_another_queue_and_a_reason_and_a_promise(
    session: SessionType, ticket: Ticket, anna: Agent, to: str, because: str, promise: str, code: str
) -> None:
    with refused(code):
        ticket.hand_over(to=queue(session, to), by=anna, because=because, promise=promise)


def test_nothing_is_handed_over_to_a_retired_queue(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    queue(session, "groen").retired = True

    with refused("queue_retired"):
        ticket.hand_over(to=queue(session, "groen"), by=anna, because="a tree", promise="you hear from us")


def test_a_ticket_goes_back_to_where_it_was_handed_over_from(session: SessionType, ticket: Ticket, bert: Agent) -> None:
    ticket.hand_over(to=queue(session, "wegen"), by=bert, because="a pothole", promise="you hear from us")
    ticket.claim(bert)
    ticket.send_back(by=bert, because="no pothole")

    assert path(ticket) == [("onthaal", "routed"), ("wegen", "handed_over"), ("onthaal", "returned")]
    assert ticket.queue_id == "onthaal"


def test_a_ticket_goes_back_step_by_step(session: SessionType, ticket: Ticket, bert: Agent) -> None:
    for to in ("wegen", "groen"):
        ticket.hand_over(to=queue(session, to), by=bert, because="theirs", promise="you hear from us")
    for _ in range(2):
        ticket.send_back(by=bert, because="not ours")

    assert [each.queue_id for each in ticket.segments] == ["onthaal", "wegen", "groen", "wegen", "onthaal"]


def test_a_ticket_that_was_returned_is_not_returned_to_who_returned_it(
    session: SessionType, ticket: Ticket, bert: Agent
) -> None:
    ticket.hand_over(to=queue(session, "wegen"), by=bert, because="a pothole", promise="you hear from us")
    ticket.send_back(by=bert, because="no pothole")

    with refused("nowhere_to_return"):
        ticket.send_back(by=bert, because="a pothole after all")


def test_a_ticket_nobody_handed_over_has_nowhere_to_return_to(ticket: Ticket, anna: Agent) -> None:
    with refused("nowhere_to_return"):
        ticket.send_back(by=anna, because="not mine")


def test_sending_back_needs_a_reason(session: SessionType, ticket: Ticket, bert: Agent) -> None:
    ticket.hand_over(to=queue(session, "wegen"), by=bert, because="a pothole", promise="you hear from us")

    with refused("reason_missing"):
        ticket.send_back(by=bert, because="")


def test_the_first_answer_is_the_first_response(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    first, second = an_answer(), an_answer()
    ticket.answer(first, anna)
    session.flush()
    ticket.answer(second, anna)

    assert ticket.cycle.first_response_at == first.at
    assert ticket.status == "open"
    assert events(ticket, session) == ["routed", "answered", "answered"]


def test_a_note_is_no_answer(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.remark(Message(kind="note", channel="email", text="ask Jan"), anna)

    assert (ticket.cycle.first_response_at, ticket.status) == (None, "new")
    assert events(ticket, session) == ["routed", "noted"]


def test_resolving_closes_the_segment_and_the_cycle(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.claim(anna)
    ticket.resolve(by=anna, outcome="resolved_first_line")

    assert (ticket.status, ticket.outcome) == ("resolved", "resolved_first_line")
    assert ticket.resolved_at == ticket.cycle.resolved_at == ticket.segment.ended_at
    assert ticket.cycle.outcome == "resolved_first_line"
    assert events(ticket, session)[-1] == "resolved"


@pytest.mark.parametrize("outcome", sorted(FIRST_LINE))
def test_what_a_back_office_held_was_not_solved_at_first_line(
    session: SessionType, ticket: Ticket, bert: Agent, outcome: str
) -> None:
    ticket.hand_over(to=queue(session, "wegen"), by=bert, because="a pothole", promise="you hear from us")
    ticket.send_back(by=bert, because="no pothole")

    with refused("not_first_line"):
        ticket.resolve(by=bert, outcome=outcome)


def test_an_outcome_must_be_known(ticket: Ticket, anna: Agent) -> None:
    with refused("unknown_outcome"):
        ticket.resolve(by=anna, outcome="fine")


def test_every_outcome_of_a_kind_is_counted_so() -> None:
    assert {"resolved_first_line", "resolved_after_consult", "warm_transfer_solved"} == FIRST_LINE
    assert {"spam", "test", "wrong_number", "duplicate"} == VOID
    assert len(OUTCOMES) == 12


def test_a_resolved_ticket_rests(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.resolve(by=anna, outcome="resolved_first_line")

    for verb in (
        lambda: ticket.claim(anna),
        lambda: ticket.release(anna),
        lambda: ticket.hand_over(to=queue(session, "wegen"), by=anna, because="late", promise="you hear from us"),
        lambda: ticket.send_back(by=anna, because="late"),
        lambda: ticket.resolve(by=anna, outcome="spam"),
    ):
        with refused("already_resolved"):
            verb()


def test_reopening_begins_a_cycle_and_keeps_the_one_before(session: SessionType, ticket: Ticket, anna: Agent) -> None:
    ticket.claim(anna)
    ticket.resolve(by=anna, outcome="resolved_first_line")
    ticket.reopen(by=anna, because="it was not solved")
    session.flush()

    before, running = ticket.cycles
    assert (before.outcome, before.reopened_at) == ("resolved_first_line", running.opened_at)
    assert (running.number, running.outcome, running.first_response_at) == (2, "", None)
    assert (ticket.status, ticket.outcome, ticket.resolved_at, ticket.owner_id) == ("open", "", None, anna.id)
    assert path(ticket) == [("onthaal", "routed"), ("onthaal", "reopened")]
    assert events(ticket, session)[-1] == "reopened"


def test_an_open_ticket_is_not_reopened(ticket: Ticket) -> None:
    with refused("not_resolved"):
        ticket.reopen(because="again")


def test_desks_of_both_queues_hear_of_a_hand_over(database: Engine) -> None:
    announcer = live.connect(None)
    assert isinstance(announcer, live.Silence)
    with live.change() as session:
        publish_rules(session)
        ticket = a_ticket(session)
        ticket.hand_over(to=queue(session, "wegen"), by=an_agent(session), because="a pothole", promise="you hear from us")

    heard = {(news["kind"], *news["queues"]) for news in announcer.told}
    assert {("left", "onthaal"), ("handed_over", "wegen")} <= heard


def test_a_ticket_is_found_by_its_whole_reference_only(session: SessionType, ticket: Ticket) -> None:
    assert tickets.find(session, ticket.reference) is ticket
    assert tickets.find(session, references.reference_of(2025, ticket.id)) is None
