"""The conversation of a visitor: which chat a ticket belongs to, what was said in it, and answers on their way there."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from contact_hub import live
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message, StoredAttachment
from contact_hub.tickets import Ticket

PREFIX = "chat:"
MOST_AT_ONCE = 200  # messages of one look-up; the visitor's page asks again while it gets so many


def key_of(chat: str) -> str:
    """The message id that every message of this chat carries and answers to, so that they share a ticket."""
    return f"{PREFIX}{chat}"


def session_of(session: Session, ticket: Ticket) -> str | None:
    """The chat this ticket belongs to; None where it came in through another door."""
    contacts = select(Message.contact_id).filter_by(ticket_id=ticket.id, channel="chat", kind="said")
    keys = select(Message.message_id).where(Message.contact_id.in_(contacts), Message.message_id.startswith(PREFIX))
    key = session.scalar(keys.order_by(Message.id).limit(1))
    return key.removeprefix(PREFIX) if key else None


def answer(session: Session, ticket: Ticket, text: str, *, by: Agent, files: Sequence[StoredAttachment] = ()) -> Message:
    """Answers the visitor of the chat this ticket belongs to; their open page hears of it after the commit."""
    message = Message(ticket_id=ticket.id, kind="answer", channel="chat", author_id=by.id, author_name=by.name, text=text)
    message.attachments = list(files)
    if ticket.linked_to_id:  # one lock for the whole chat, so that no message is numbered before one already seen
        session.get_one(Ticket, ticket.linked_to_id, with_for_update=True)
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

    Linked tickets answer in it too. What others said in its ticket, and what they were answered by mail, is not the visitor's
    to read. No gap: messages are added under the lock of the ticket that came first, so their numbers become visible in order.
    """
    own = Message.message_id == key_of(chat)
    its_tickets = select(Message.ticket_id).where(own)
    linked = select(Ticket.id).where(Ticket.linked_to_id.in_(its_tickets))
    answered = or_(Message.ticket_id.in_(its_tickets), Message.ticket_id.in_(linked))
    heard = or_(and_(own, Message.kind == "said"), and_(answered, Message.kind == "answer", Message.channel == "chat"))
    newer = (
        select(Message, TakenContact.external_id)
        .outerjoin(TakenContact, TakenContact.id == Message.contact_id)
        .where(heard, Message.id > after)
        .order_by(Message.id)
        .limit(MOST_AT_ONCE)
        .options(selectinload(Message.attachments))
    )
    return [(message, external_id or "") for message, external_id in session.execute(newer)]
