"""The one way to a ticket from a page: what the person may not see is not there."""

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from contact_hub import slips, tickets
from contact_hub.agents import Agent
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket
from contact_hub.visibility import Part, Sight, part_of, sight, sight_of


@dataclass(frozen=True)
class Readable:
    """A ticket that somebody reads: whole, or only a part of it."""

    ticket: Ticket
    part: Part | None = None

    def holds(self, message: int) -> bool:
        """Whether this message is theirs to read."""
        return self.part is None or message in self.part.messages


def find(session: Session, reference: str, agent: Agent, *, to_change: bool = False) -> tuple[Ticket, Sight]:
    """The ticket and how much of it the person sees; answers 404 where that is nothing."""
    ticket = tickets.find(session, reference, to_change=to_change)
    seen = sight_of(agent, ticket) if ticket else Sight.NONE
    if ticket is None or seen == Sight.NONE:
        abort(404)
    return ticket, seen


def find_whole(session: Session, reference: str, agent: Agent, *, to_change: bool = False) -> Ticket:
    """The ticket, for somebody who sees all of it; answers 403 to those who only see how it stands, or a part."""
    ticket, seen = find(session, reference, agent, to_change=to_change)
    if seen != Sight.FULL:
        abort(403)
    return ticket


def find_readable(session: Session, reference: str, agent: Agent) -> Readable:
    """The ticket, for somebody who reads all of it or a part; answers 403 to those who only see how it stands."""
    ticket, seen = find(session, reference, agent)
    if seen < Sight.PART:
        abort(403)
    return Readable(ticket, None if seen == Sight.FULL else part_of(session, agent, ticket))


def find_to_undo(session: Session, reference: str, agent: Agent) -> Ticket:
    """The ticket, also for somebody who put it out of their own sight a moment ago, where they would see it again."""
    ticket = tickets.find(session, reference, to_change=True)
    slip = slips.slip_of(ticket, agent) if ticket is not None else None
    if ticket is not None and slip is not None:
        before = session.get_one(Queue, slip.before["ticket"]["queue_id"])
        if sight(agent, before, confidential=ticket.confidential) == Sight.FULL:
            return ticket
    return find_whole(session, reference, agent, to_change=True)
