"""How a ticket ends, and begins anew: resolved with an outcome, reopened into a cycle of its own."""

from datetime import datetime
from typing import TYPE_CHECKING

from contact_hub import calendars, editions, outcomes
from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.history import Cycle
from contact_hub.holding import accept, begin_segment
from contact_hub.messages import Message
from contact_hub.queues import Topic
from contact_hub.refused import Refused
from contact_hub.slips import may_be_undone

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket


@may_be_undone
def resolve(ticket: "Ticket", *, by: Agent | None, outcome: str, note: str = "") -> None:
    """Close the ticket with one of OUTCOMES. Raises Refused for one that what happened so far does not allow.

    A `note` about it goes with it: where the resolution is undone, it is gone too.
    """
    ticket.must_be_open()
    if why_not := outcomes.refusal(outcomes.past_of(ticket), outcome):
        raise Refused(why_not)
    left = {"note": _left_note(ticket, note, by)} if note and by else {}
    if by is not None:
        accept(ticket, by)
    ticket.end_pause()
    moment = now()
    ticket.status, ticket.outcome, ticket.resolved_at, ticket.unread = "resolved", outcome, moment, False
    ticket.undelivered = False
    ticket.cycle.resolved_at, ticket.cycle.outcome = moment, outcome
    if outcome == "callback_done" and ticket.cycle.first_response_at is None:
        ticket.cycle.first_response_at = moment  # the citizen was answered by telephone
    ticket.segment.ended_at = moment
    if by is not None and ticket.segment.agent_id is None:
        ticket.segment.agent_id = by.id
    ticket.record("resolved", by=by, outcome=outcome, **left)


@may_be_undone
def reopen(ticket: "Ticket", *, because: str, by: Agent | None = None, why: str = "by_hand") -> None:
    """Begin a new cycle, with time of its own by its queue's clock; what was resolved before stays in the history.

    `why` is one of the beginnings of a cycle.
    """
    if ticket.status != "resolved":
        raise Refused("not_resolved")
    if ticket.joined_id is not None:
        raise Refused("went_elsewhere")
    moment = now()
    ticket.cycle.reopened_at = moment
    ticket.due_at = _due_anew(ticket, moment)
    ticket.cycles.append(Cycle(number=ticket.cycle.number + 1, why=why, opened_at=moment, due_at=ticket.due_at))
    ticket.cycle.topic_id = ticket.topic_id
    ticket.cycle.first_line = _first_line_can(ticket)
    ticket.status, ticket.outcome, ticket.resolved_at = "open" if ticket.owner_id else "new", "", None
    begin_segment(ticket, ticket.queue_id, why="reopened", by=by, reason=because)
    ticket.segment.agent_id = ticket.owner_id
    ticket.record("reopened", by=by, because=because)


def _left_note(ticket: "Ticket", note: str, by: Agent) -> int:
    message = Message(ticket_id=ticket.id, kind="note", channel=ticket.channel, author_id=by.id, author_name=by.name, text=note)
    ticket.remark(message, by)
    ticket.session.flush()
    return message.id


def _due_anew(ticket: "Ticket", moment: datetime) -> datetime | None:
    """By the clock of its queue from this moment on; where that has none it stays as it was."""
    rulebook = editions.deciding(ticket.session).rulebook
    queue = rulebook.queues.get(ticket.queue_id)
    return calendars.within(rulebook, queue.id, queue.clock, moment) if queue and queue.clock else ticket.due_at


def _first_line_can(ticket: "Ticket") -> bool | None:
    topic = ticket.session.get(Topic, ticket.topic_id) if ticket.topic_id else None
    return topic.first_line if topic else None
