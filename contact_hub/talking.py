"""What is said in a ticket: by its citizen, by machines about our mail, to the citizen, and among colleagues."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.holding import accept
from contact_hub.messages import Message

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket

# Why a ticket opens again by itself, as it is stored; pages say it in their own language.
CITIZEN_ANSWERED = "the citizen answered"
ANSWER_CAME_BACK = "the answer came back"
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
    accept(ticket, by)
    ticket.messages.add(message)
    ticket.unread = ticket.undelivered = False
    if ticket.status == "new":
        ticket.status = "open"
    ticket.record("answered", by=by)


def unsay(ticket: "Ticket", message: Message, by: Agent) -> None:
    """Takes back an answer that never left; whoever resolved the ticket after it had counted on it, so that goes too."""
    if ticket.cycle.first_response_at == message.at:
        answers = select(func.min(Message.at)).where(Message.ticket_id == ticket.id, Message.kind == "answer")
        ticket.cycle.first_response_at = ticket.session.scalar(answers.where(Message.at >= ticket.cycle.opened_at))
    if ticket.resolved_at is not None and ticket.status == "resolved" and ticket.resolved_at >= message.at:
        ticket.resume()
    ticket.record("taken_back", by=by)


def remark(ticket: "Ticket", message: Message, by: Agent, kind: str = "noted", **data: Any) -> None:
    """Leaves a note for colleagues; the citizen never sees it. `kind` and `data` say what for."""
    ticket.messages.add(message)
    ticket.record(kind, by=by, **data)
