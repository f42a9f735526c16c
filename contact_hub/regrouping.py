"""Puts right what belongs together: messages that go to the ticket they belong to, or to one of their own.

Nothing is copied or lost: messages change their ticket, with their files and their mails, both histories say so, and a second
step takes it back.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from contact_hub import editions, live, recall, search
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.history import Event, StoredDecision
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket

DUPLICATE = "duplicate"  # how a ticket ends whose messages went to another: it was none


def join(session: Session, ticket: Ticket, *, by: Agent, into: Ticket | None = None) -> Ticket:
    """Takes all that was said in this ticket to another, else to the one it perhaps belongs to; gives that. Raises Refused."""
    home = _held(session, into.id if into else ticket.perhaps_id)
    if home.id == ticket.id or ticket.joined_id is not None:
        raise Refused("joined_already")
    moved, was_open = _messages(session, ticket), ticket.status != "resolved"
    _move(session, _ids(moved), home)
    ticket.perhaps_id, ticket.joined_id = None, home.id
    if was_open:
        ticket.resolve(by=by, outcome=DUPLICATE)
    ticket.record("joined", by=by, to=home.reference, messages=_ids(moved), was_open=was_open)
    home.record("took_in", by=by, to=ticket.reference, messages=_ids(moved))
    if any(message.kind == "said" for message in moved):
        home.hear()
    return home


def part(session: Session, ticket: Ticket, *, by: Agent) -> Ticket:
    """Takes back what was joined to another ticket: a question of its own again, as open as it was. Raises Refused."""
    if ticket.joined_id is None:
        raise Refused("not_joined")
    home = _held(session, ticket.joined_id)
    told = select(Event).where(Event.ticket_id == ticket.id, Event.kind == "joined").order_by(Event.number.desc())
    joined = session.scalars(told.limit(1)).one()
    stands_there = select(Message.id).where(Message.id.in_(joined.data["messages"]), Message.ticket_id == home.id)
    back = list(session.scalars(stands_there.order_by(Message.id)))
    _move(session, back, ticket)
    ticket.joined_id = None
    if joined.data.get("was_open", True):
        ticket.resume()
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
    if stay and new.queue_id != ticket.queue_id:
        new.keep(session.get_one(Queue, ticket.queue_id), by)
    new.record("split_from", by=by, to=ticket.reference, messages=_ids(taken))
    ticket.record("split", by=by, to=new.reference, messages=_ids(taken))
    live.note(session, new.news("routed"))
    return new


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
