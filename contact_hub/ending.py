"""How a ticket ends, and begins anew: resolved with an outcome, reopened into a cycle of its own."""

from typing import TYPE_CHECKING

from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.history import FIRST_LINE, OUTCOMES, Cycle
from contact_hub.holding import begin_segment
from contact_hub.refused import Refused

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket


def resolve(ticket: "Ticket", *, by: Agent | None, outcome: str) -> None:
    """Close the ticket with one of OUTCOMES. First-line outcomes are refused once a back office held it."""
    ticket.must_be_open()
    if outcome not in OUTCOMES:
        raise Refused("unknown_outcome", outcome=outcome)
    if outcome in FIRST_LINE and ticket.was_in_back_office:
        raise Refused("not_first_line")
    ticket.end_pause()
    moment = now()
    ticket.status, ticket.outcome, ticket.resolved_at, ticket.unread = "resolved", outcome, moment, False
    ticket.undelivered = False
    ticket.cycle.resolved_at, ticket.cycle.outcome = moment, outcome
    ticket.segment.ended_at = moment
    if by is not None and ticket.segment.agent_id is None:
        ticket.segment.agent_id = by.id
    ticket.record("resolved", by=by, outcome=outcome)


def reopen(ticket: "Ticket", *, because: str, by: Agent | None = None) -> None:
    """Begin a new cycle; what was resolved before stays in the history."""
    if ticket.status != "resolved":
        raise Refused("not_resolved")
    moment = now()
    ticket.cycle.reopened_at = moment
    ticket.cycles.append(Cycle(number=ticket.cycle.number + 1, opened_at=moment))
    ticket.status, ticket.outcome, ticket.resolved_at = "open" if ticket.owner_id else "new", "", None
    begin_segment(ticket, ticket.queue_id, why="reopened", by=by, reason=because)
    ticket.segment.agent_id = ticket.owner_id
    ticket.record("reopened", by=by, because=because)


def resume(ticket: "Ticket") -> None:
    """It was resolved by mistake just now: its cycle and its stretch run on as if it never was."""
    ticket.status, ticket.outcome, ticket.resolved_at = "open", "", None
    ticket.cycle.resolved_at, ticket.cycle.outcome, ticket.segment.ended_at = None, "", None
