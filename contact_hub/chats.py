"""The conversation of a visitor: which chat a ticket belongs to, what was said in it, and answers on their way there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import live
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message
from contact_hub.tickets import Ticket

PREFIX = "chat:"
HEARD = ("said", "answer")  # the kinds of messages a visitor may see
MOST_AT_ONCE = 200  # messages of one look-up; the visitor's page asks again while it gets so many


def key_of(chat: str) -> str:
    """The message id that every message of this chat carries and answers to, so that they share a ticket."""
    return f"{PREFIX}{chat}"


def session_of(session: Session, ticket: Ticket) -> str | None:
    """The chat this ticket belongs to; None where it came in through another door."""
    said = select(Message.message_id).filter_by(ticket_id=ticket.id, channel="chat", kind="said")
    key = session.scalar(said.order_by(Message.id).limit(1))
    return key.removeprefix(PREFIX) if key else None


def answer(session: Session, ticket: Ticket, text: str, *, by: Agent) -> Message:
    """Answers the visitor of the chat this ticket belongs to; their open page hears of it after the commit."""
    message = Message(ticket_id=ticket.id, kind="answer", channel="chat", author_id=by.id, author_name=by.name, text=text)
    ticket.answer(message, by)
    chat = session_of(session, ticket)
    if chat:
        tell(session, chat)
    return message


def tell(session: Session, chat: str) -> None:
    """Has the visitor's open pages fetch what is new, once this is committed."""
    live.note(session, {"kind": "chat", "queues": [], "chat": chat})


def messages_since(session: Session, chat: str, after: int) -> list[tuple[Message, str]]:
    """What was said in the chat after this message, oldest first, each with the external id of the visitor's own.

    No gap: messages are added under their ticket's lock, so their numbers become visible in order.
    """
    its_tickets = select(Message.ticket_id).where(Message.message_id == key_of(chat))
    newer = (
        select(Message, TakenContact.external_id)
        .outerjoin(TakenContact, TakenContact.id == Message.contact_id)
        .where(Message.ticket_id.in_(its_tickets), Message.id > after, Message.kind.in_(HEARD))
        .order_by(Message.id)
        .limit(MOST_AT_ONCE)
    )
    return [(message, external_id or "") for message, external_id in session.execute(newer)]
