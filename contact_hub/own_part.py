"""What of a ticket that is out of somebody's sight stays theirs: what the first line had before it handed it over."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.calls import LoggedCall
from contact_hub.history import Event, Segment
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket

LEAVES = ("handed_over", "returned")  # a queue, with the number of its last message
BROUGHT = ("took_in", "parted")  # messages that came from another ticket


@dataclass(frozen=True)
class Part:
    """The messages that were there until a hand-over, by id, and the number of the event that it was."""

    messages: frozenset[int]
    last_event: int = 0


def part_of(session: Session, agent: Agent, ticket: Ticket) -> Part | None:
    """The part of the ticket that this person took in, or a front office of theirs had; None where there is none.

    A call somebody logged is theirs wherever the rules sent it; what was said later, or brought in from other tickets, is not.
    """
    logged = session.scalars(
        select(Message.id)
        .join(LoggedCall, LoggedCall.contact_id == Message.contact_id)
        .where(Message.ticket_id == ticket.id, LoggedCall.agent_id == agent.id)
    ).all()
    left = _left(session, agent, ticket)
    if left is None:
        return Part(frozenset(logged)) if logged else None
    had = select(Message.id).where(Message.ticket_id == ticket.id, Message.id <= left.data["until"])
    brought = _brought(session.scalars(_events(ticket, BROUGHT).where(Event.number > left.number)))
    return Part(frozenset(session.scalars(had)) - brought | frozenset(logged), left.number)


def handed_over(session: Session, agent: Agent, ticket: Ticket) -> bool:
    """Whether this person handed it over, and so knows of it and may ask what became of it."""
    mine = select(Segment.id).where(Segment.ticket_id == ticket.id, Segment.by_id == agent.id, Segment.why == "handed_over")
    return session.scalar(mine.limit(1)) is not None


def _left(session: Session, agent: Agent, ticket: Ticket) -> Event | None:
    """The last time it left a front office of this person."""
    if not agent.queue_ids:
        return None
    mine = session.scalars(select(Queue.id).where(Queue.tier == "front", Queue.id.in_(sorted(agent.queue_ids)))).all()
    leaving = session.scalars(_events(ticket, LEAVES)) if mine else ()
    return next((each for each in leaving if each.data.get("left") in mine), None)


def _events(ticket: Ticket, kinds: Iterable[str]) -> Select[Event]:
    return select(Event).where(Event.ticket_id == ticket.id, Event.kind.in_(tuple(kinds))).order_by(Event.number.desc())


def _brought(events: Iterable[Event]) -> frozenset[int]:
    return frozenset(number for each in events for number in each.data.get("messages", ()))
