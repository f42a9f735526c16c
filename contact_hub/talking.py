"""What is said in a ticket: by its citizen, by machines about our mail, to the citizen, and among colleagues."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.history import Event
from contact_hub.holding import accept
from contact_hub.messages import Message
from contact_hub.slips import forget_note, slip_of, take_back

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket

# Why a ticket opens again by itself, as it is stored; pages say it in their own language.
CITIZEN_ANSWERED = "the citizen answered"
ANSWER_CAME_BACK = "the answer came back"
ANSWER_TAKEN_BACK = "the answer was taken back"
REOPENS_WITHIN = timedelta(days=14)  # after it was resolved; later it is a new ticket that follows the old one
Heard = Literal["news", "thanks", "delay", "machine"]


def hear(ticket: "Ticket", said: Heard = "news") -> None:
    """The citizen said something more: news opens a resolved ticket again, thanks and machines change nothing."""
    if said != "news":
        ticket.record(f"heard_{said}")
        return
    ticket.unread = True
    ticket.end_pause()
    if ticket.status == "resolved":
        ticket.reopen(because=CITIZEN_ANSWERED, why="citizen")
    ticket.record("heard")


def miss(ticket: "Ticket", kind: str, *, reason: str) -> None:
    """What we wrote did not arrive. An answer left its question open, so a resolved ticket opens again."""
    ticket.undelivered = True
    ticket.end_pause()
    if kind == "answer" and ticket.status == "resolved" and not ticket.joined_id:
        ticket.reopen(because=ANSWER_CAME_BACK, why="undelivered")
    ticket.record("bounced", because=reason)


def follow(ticket: "Ticket", before: "Ticket") -> None:
    """Says in both histories that its citizen came back here to what was resolved long before."""
    ticket.record("follows", to=before.reference)
    before.record("followed", to=ticket.reference)


def is_over(ticket: "Ticket", at: datetime) -> bool:
    """Whether it was resolved so long before this moment that what comes now is a question of its own."""
    return ticket.resolved_at is not None and ticket.status == "resolved" and at - ticket.resolved_at > REOPENS_WITHIN


def answer(ticket: "Ticket", message: Message, by: Agent) -> None:
    """Says something to the citizen; how it travels is the door's matter."""
    message.at = message.at or now()
    if ticket.cycle.first_response_at is None:
        ticket.cycle.first_response_at = message.at
    was_accepted, was_new = ticket.got_by.accepted_at is not None, ticket.status == "new"
    accept(ticket, by)
    ticket.messages.add(message)
    ticket.session.flush()
    ticket.unread = ticket.undelivered = False
    if was_new:
        ticket.status = "open"
    accepted = ticket.got_by.accepted_at is not None and not was_accepted
    ticket.record("answered", by=by, message=message.id, began=was_new, accepted=accepted)


def unsay(ticket: "Ticket", message: Message, by: Agent) -> None:
    """Takes back an answer that never left; whoever resolved the ticket after it had counted on it, so that goes too.

    As if it never was, where nothing else happened since; else a resolved ticket opens again.
    """
    if ticket.status == "resolved" and ticket.resolved_at is not None and ticket.resolved_at >= message.at:
        slip = slip_of(ticket, by)
        if slip is not None:
            take_back(ticket, slip.before, by=by)
        else:
            forget_note(ticket)
            ticket.reopen(because=ANSWER_TAKEN_BACK, by=by)
    count_answers(ticket)
    _forget_beginning(ticket, message)
    ticket.record("taken_back", by=by)


def count_answers(ticket: "Ticket") -> None:
    """The first response of its cycle is the first answer that stands in it now."""
    answers = select(func.min(Message.at)).where(Message.ticket_id == ticket.id, Message.kind == "answer")
    ticket.cycle.first_response_at = ticket.session.scalar(answers.where(Message.at >= ticket.cycle.opened_at))
    if ticket.cycle.first_response_at is not None and ticket.status == "new":
        ticket.status = "open"


def _forget_beginning(ticket: "Ticket", message: Message) -> None:
    """Nobody began or accepted by an answer that was taken back, if nobody went on with it otherwise."""
    told = ticket.session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.kind == "answered")).all()
    event = next((each for each in told if each.data.get("message") == message.id), None)
    if event is None or ticket.owner_id is not None or ticket.cycle.first_response_at is not None:
        return
    if event.data["began"] and ticket.status == "open":
        ticket.status = "new"
    if event.data["accepted"] and ticket.got_by.accepted_by_id == event.by_id:
        ticket.got_by.accepted_at, ticket.got_by.accepted_by_id = None, None


def remark(ticket: "Ticket", message: Message, by: Agent, kind: str = "noted", **data: Any) -> None:
    """Leaves a note for colleagues; the citizen never sees it. `kind` and `data` say what for."""
    ticket.messages.add(message)
    ticket.record(kind, by=by, **data)
