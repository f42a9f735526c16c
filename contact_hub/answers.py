"""How an answer reaches the citizen: back through the door they came by, or by mail where we know an address."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contact_hub import chats, outbox
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message
from contact_hub.people import Address
from contact_hub.tickets import Refused, Ticket

MOST_ANSWERED = 20  # message ids a mail refers to


@dataclass(frozen=True)
class Way:
    """The door an answer leaves by, and to which address; `recipient` is empty for a chat."""

    channel: str
    recipient: str = ""


def way_of(session: Session, ticket: Ticket) -> Way | None:
    """How this ticket's citizen can be answered; None where they left no address."""
    if ticket.channel == "chat" and chats.session_of(session, ticket):
        return Way("chat")
    recipient = _sender_of(session, ticket) or _mail_address_of(session, ticket)
    return Way("email", recipient) if recipient else None


def send(session: Session, ticket: Ticket, text: str, *, by: Agent) -> Message:
    """Answers the citizen. Raises Refused where there is nothing to say, or no way to say it."""
    if not text.strip():
        raise Refused("answer_empty")
    way = way_of(session, ticket)
    if way is None:
        raise Refused("no_address")
    if way.channel == "chat":
        return chats.answer(session, ticket, text, by=by)
    message = Message(ticket_id=ticket.id, kind="answer", channel="email", author_id=by.id, author_name=by.name, text=text)
    answered = _said_by_mail(session, ticket)
    ticket.answer(message, by)
    subject = f"Re: [{ticket.reference}] {ticket.subject}".strip()
    outbox.write(session, message, reference=ticket.reference, recipient=way.recipient, subject=subject, answers=answered)
    return message


def _sender_of(session: Session, ticket: Ticket) -> str:
    """The address of whoever opened the ticket: later mails may come from others."""
    first = select(TakenContact.sender).join(Message, Message.contact_id == TakenContact.id)
    sender = session.scalar(first.where(Message.ticket_id == ticket.id, Message.kind == "said").order_by(Message.id).limit(1))
    return sender.strip().lower() if sender and "@" in sender else ""


def _mail_address_of(session: Session, ticket: Ticket) -> str:
    known = select(Address.value).filter_by(person_id=ticket.person_id, kind="mail").order_by(Address.id).limit(1)
    return (session.scalar(known) if ticket.person_id else None) or ""


def _said_by_mail(session: Session, ticket: Ticket) -> list[str]:
    """The mails of the conversation, nearest first; a linked ticket begins with the one that opened both."""
    contacts = select(Message.contact_id).where(Message.ticket_id == ticket.id, Message.contact_id.is_not(None))
    of_ticket = or_(Message.ticket_id == ticket.id, Message.contact_id.in_(contacts))
    mails = select(Message.message_id).where(of_ticket, Message.message_id.like("%@%"))
    found = session.scalars(mails.order_by(Message.id.desc()).limit(MOST_ANSWERED))
    return [message_id for message_id in found if message_id]
