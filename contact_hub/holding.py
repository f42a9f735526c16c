"""Whose work a ticket is: taken, given, handed over with a reason and a promise, and sent back the way it came."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from contact_hub import calendars, editions, live
from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.history import Segment
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.refused import Refused
from contact_hub.routing.rules import Clock
from contact_hub.slips import may_be_undone

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket

NOT_ACCEPTED = "nobody accepted it in time"  # why it goes back by itself, as it is stored; pages say it in their language
ACCEPT_WITHIN = Clock(1, "working days")  # of the queue a ticket is handed over to


@may_be_undone
def claim(ticket: "Ticket", by: Agent) -> None:
    """Makes it this person's work. Refused when it is somebody else's, or solved."""
    ticket.must_be_open()
    if ticket.owner_id == by.id:
        return
    if ticket.owner_id is not None:
        raise Refused("owned_by_another", owner=ticket.owner.name if ticket.owner else "")
    if ticket.segment.agent_id is None:
        ticket.segment.agent_id = by.id
    else:
        begin_segment(ticket, ticket.queue_id, why="claimed", by=by, agent=by)
    accept(ticket, by, though_elsewhere=True)
    ticket.end_pause()
    ticket.owner_id, ticket.status, ticket.unread = by.id, "open", False
    ticket.record("claimed", by=by)


@may_be_undone
def assign(ticket: "Ticket", to: Agent, *, by: Agent) -> None:
    """Makes it the work of a colleague; what the citizen said stays unread until they look. Raises Refused."""
    ticket.must_be_open()
    if ticket.owner_id == to.id:
        raise Refused("has_it_already", colleague=to.name)
    accept(ticket, by, though_elsewhere=True)
    begin_segment(ticket, ticket.queue_id, why="assigned", by=by, agent=to)
    ticket.owner_id = to.id
    if ticket.status == "new":
        ticket.status = "open"
    ticket.record("assigned", by=by, agent=to.id)


@may_be_undone
def release(ticket: "Ticket", by: Agent) -> None:
    """Gives it back to the queue, unsolved."""
    ticket.must_be_open()
    if ticket.owner_id is None:
        return
    begin_segment(ticket, ticket.queue_id, why="released", by=by)
    ticket.owner_id = None
    ticket.record("released", by=by)


@may_be_undone
def hand_over(ticket: "Ticket", *, to: Queue, by: Agent, because: str, promise: str) -> None:
    """Pass the ticket to another queue, saying why and what was promised; in a back office it is no longer first line."""
    ticket.must_be_open()
    if not because.strip():
        raise Refused("reason_missing")
    if not promise.strip():
        raise Refused("promise_missing")
    if to.id == ticket.queue_id:
        raise Refused("same_queue")
    if to.retired:
        raise Refused("queue_retired")
    left = _left_behind(ticket)
    _move(ticket, to, by=by, why="handed_over", because=because, promise=promise)
    rulebook = editions.deciding(ticket.session).rulebook
    ticket.segment.accept_by = calendars.within(rulebook, to.id, ACCEPT_WITHIN, now())
    ticket.record("handed_over", by=by, to=to.id, because=because, promise=promise, **left)


@may_be_undone
def send_back(ticket: "Ticket", *, by: Agent | None, because: str) -> None:
    """Return the ticket to the queue it was handed over from; what was promised to the citizen stands.

    By itself, where nobody accepted it, it goes to the first line that had it: who speaks with the citizen sees it again.
    """
    ticket.must_be_open()
    if not because.strip():
        raise Refused("reason_missing")
    ways = _ways_back(ticket)
    if not ways:
        raise Refused("nowhere_to_return")
    name, promise = ways[-1]
    origin = _not_retired(ticket, name if by else _first_line(ticket) or name)
    left = _left_behind(ticket)
    _move(ticket, origin, by=by, why="returned", because=because, promise=promise)
    ticket.record("returned", by=by, to=origin.id, because=because, **left)


def accept(ticket: "Ticket", by: Agent, *, though_elsewhere: bool = False) -> None:
    """Whoever works on it in its queue takes up what that queue got; only the first to do so is kept.

    What somebody of another queue does says nothing of this one, unless they make it somebody's work.
    """
    got = ticket.got_by
    if got.accepted_at is None and (though_elsewhere or ticket.queue_id in by.queue_ids):
        got.accepted_at, got.accepted_by_id = now(), by.id


def _left_behind(ticket: "Ticket") -> dict[str, Any]:
    """The queue it leaves, and its newest message until then: what its first line knows of it from here on."""
    until = ticket.session.scalar(select(func.max(Message.id)).where(Message.ticket_id == ticket.id))
    return {"left": ticket.queue_id, "until": until or 0}


def _move(ticket: "Ticket", to: Queue, *, by: Agent | None, why: str, because: str, promise: str = "") -> None:
    ticket.end_pause()
    begin_segment(ticket, to.id, why=why, by=by, reason=because, promise=promise)
    session = ticket.session
    live.note(session, ticket.news("left"))
    ticket.queue, ticket.queue_id = to, to.id
    ticket.owner_id, ticket.status, ticket.screened = None, "new", False


def begin_segment(
    ticket: "Ticket", queue_id: str, *, why: str, by: Agent | None, agent: Agent | None = None, **said: str
) -> None:
    """Ends the stretch that runs, and begins another."""
    moment = now()
    if ticket.segment.ended_at is None:
        ticket.segment.ended_at = moment
    by_id, agent_id = by.id if by else None, agent.id if agent else None
    tier = ticket.session.get_one(Queue, queue_id).tier
    ticket.segments.append(
        Segment(queue_id=queue_id, tier=tier, began_at=moment, why=why, by_id=by_id, agent_id=agent_id, **said)
    )


def _ways_back(ticket: "Ticket") -> list[tuple[str, str]]:
    """The queues it was handed over from and not returned to since, the last of them last, each with what was promised then.

    Returns go back step by step the way the hand-overs came; one that passed over some steps ended those too.
    """
    ways: list[tuple[str, str]] = []
    for before, after in pairwise(ticket.segments):
        if after.why == "handed_over":
            ways.append((before.queue_id, after.promise))
        elif after.why == "returned":
            steps = [at for at, (name, _) in enumerate(ways) if name == after.queue_id]
            del ways[steps[-1] if steps else -1 :]
    return ways


def _first_line(ticket: "Ticket") -> str:
    """The last front office that had it before where it is now; empty where none had."""
    had = (each.queue_id for each in reversed(ticket.segments) if each.tier == "front")
    return next((name for name in had if name != ticket.queue_id), "")


def _not_retired(ticket: "Ticket", name: str) -> Queue:
    """The queue of this name; in place of a retired one that to which all unknown goes."""
    queue = ticket.session.get_one(Queue, name)
    if queue.retired:
        return ticket.session.get_one(Queue, editions.deciding(ticket.session).rulebook.default.queue)
    return queue
