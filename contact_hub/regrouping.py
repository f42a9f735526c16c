"""Puts right what belongs together: messages that go to the ticket they belong to, or to one of their own.

Nothing is copied or lost: messages change their ticket, with their files and their mails, both histories say so, and a second
step takes it back.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import editions, live, recall, search
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.database import Base
from contact_hub.history import StoredDecision
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.slips import stand_again, standing
from contact_hub.tickets import Refused, Ticket

DUPLICATE = "duplicate"  # how a ticket ends whose messages went to another: it was none
TOOK_IN = "it took in another ticket"  # why a ticket opens again, as it is stored; pages say it in their own language


class Joining(Base):
    """How a ticket stood before its messages went to another, and how that one stood; `home_event` was its last event then."""

    __tablename__ = "joining"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    messages: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    home_before: Mapped[dict[str, Any]]
    home_event: Mapped[int]


def join(session: Session, ticket: Ticket, *, by: Agent, into: Ticket | None = None) -> Ticket:
    """Takes all that was said in this ticket to another, else to the one it perhaps belongs to; gives that. Raises Refused.

    From then on it counts as a duplicate of the other, however it had ended. Nobody came back by that: where the other one
    was resolved, it opens again as a ticket that took one in. What is confidential goes to nothing that others may read.
    """
    home = _held(session, into.id if into else ticket.perhaps_id)
    if home.id == ticket.id or ticket.joined_id is not None:
        raise Refused("joined_already")
    if ticket.is_confidential and not home.is_confidential:
        raise Refused("stays_confidential")
    moved, before, home_before = _messages(session, ticket), standing(ticket), standing(home)
    _move(session, _ids(moved), home)
    ticket.perhaps_id, ticket.joined_id = None, home.id
    was_open = ticket.status != "resolved"
    _end_as_duplicate(ticket, by)
    if any(message.kind == "said" for message in moved):
        _take_up(home, by, is_open=was_open)
    home.record("took_in", by=by, to=ticket.reference, messages=_ids(moved))  # last, as the opening alone can't be undone
    ticket.record("joined", by=by, to=home.reference, messages=_ids(moved))
    both = {"before": before, "home_before": home_before, "home_event": home.last_event}
    session.merge(Joining(ticket_id=ticket.id, messages={"ids": _ids(moved)}, **both))
    return home


def part(session: Session, ticket: Ticket, *, by: Agent) -> Ticket:
    """Takes back what was joined to another ticket: a question of its own again, as it stood. Raises Refused.

    The other one stands as before too, where nothing happened to it since; not one in which that other one went on itself.
    """
    if ticket.joined_id is None:
        raise Refused("not_joined")
    home, took_in = _held(session, ticket.joined_id), ticket.joined_id
    joined = session.get_one(Joining, ticket.id)
    stands_there = select(Message.id).where(Message.id.in_(joined.messages["ids"]), Message.ticket_id == home.id)
    back = list(session.scalars(stands_there.order_by(Message.id)))
    _move(session, back, ticket)
    ticket.joined_id = None
    stand_again(ticket, joined.before)
    if home.id == took_in and home.last_event == joined.home_event:
        stand_again(home, joined.home_before)
    session.delete(joined)
    ticket.record("parted", by=by, to=home.reference, messages=back)
    home.record("gave_back", by=by, to=ticket.reference, messages=back)
    return ticket


def keep_apart(ticket: Ticket, *, by: Agent) -> None:
    """Says that this ticket is a question of its own. Raises Refused where nobody asked."""
    if ticket.perhaps is None:
        raise Refused("nothing_to_join")
    ticket.record("kept_apart", by=by, to=ticket.perhaps.reference)
    ticket.perhaps = None


def split(session: Session, ticket: Ticket, messages: Collection[int], *, by: Agent, stay: bool = False) -> Ticket:
    """Takes these messages of the ticket to a new one, which the rules route, or which stays in the same queue.

    The new ticket is as old as the first of them that a citizen said. Raises Refused where there is none such, or where
    nothing that a citizen said would be left.
    """
    every = _messages(session, ticket)
    taken = [message for message in every if message.id in messages]
    first = next((message for message in taken if message.kind == "said" and message.contact_id), None)
    if first is None or first.contact_id is None:
        raise Refused("nothing_said")
    if not any(message.kind == "said" for message in every if message not in taken):
        raise Refused("nothing_left")
    new = _opened(session, ticket, first.contact_id)
    _move(session, _ids(taken), new)
    for each in (ticket, new):
        each.count_answers()
    if stay and new.queue_id != ticket.queue_id:
        new.keep(session.get_one(Queue, ticket.queue_id), by)
    new.record("split_from", by=by, to=ticket.reference, messages=_ids(taken))
    ticket.record("split", by=by, to=new.reference, messages=_ids(taken))
    live.note(session, new.news("routed"))
    return new


def _end_as_duplicate(ticket: Ticket, by: Agent) -> None:
    if ticket.status != "resolved":
        ticket.resolve(by=by, outcome=DUPLICATE)
    ticket.outcome = ticket.cycle.outcome = DUPLICATE


def _take_up(home: Ticket, by: Agent, *, is_open: bool) -> None:
    """What a citizen said stands in it now: new to whoever has it, and still to be answered where nobody had."""
    home.unread = home.unread or home.owner_id != by.id
    home.end_pause()
    if is_open and home.status == "resolved":
        home.reopen(because=TOOK_IN, by=by, why="merged")


def _held(session: Session, number: int | None) -> Ticket:
    """The ticket to join, or where it went itself; not waited for, as whoever holds it may wait for this one."""
    if number is None:
        raise Refused("nothing_to_join")
    try:
        home = session.get_one(Ticket, number, with_for_update={"nowait": True})
    except OperationalError as error:
        raise Refused("busy") from error
    return _held(session, home.joined_id) if home.joined_id else home


def _messages(session: Session, ticket: Ticket) -> Sequence[Message]:
    return session.scalars(select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)).all()


def _move(session: Session, messages: Sequence[int], to: Ticket) -> None:
    left = session.scalars(select(Message.ticket_id).where(Message.id.in_(messages)).distinct()).all()
    session.execute(update(Message).where(Message.id.in_(messages)).values(ticket_id=to.id))
    search.renew(session, [to.id, *left])


def _ids(messages: Sequence[Message]) -> list[int]:
    return [message.id for message in messages]


def _opened(session: Session, ticket: Ticket, contact_id: int) -> Ticket:
    """A ticket for this contact, as if it had come in today: routed by the rules that decide now."""
    deciding = editions.deciding(session)
    contact = recall.as_decided(session, [contact_id])[contact_id]
    decision = deciding.rulebook.decide(contact)
    person = session.get_one(TakenContact, contact_id).person
    new = Ticket.open(contact, decision, by=deciding, person=person)
    new.split_from, new.confidential = ticket, decision.confidential or ticket.confidential
    new.unread = ticket.unread
    session.add(new)
    session.flush()
    session.add(
        StoredDecision(
            ticket_id=new.id,
            contact_id=contact_id,
            edition_id=deciding.edition,
            rule=decision.rule,
            queue_id=decision.queue,
            record=decision.as_record(),
        )
    )
    return new
