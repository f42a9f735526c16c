"""The conversation of a visitor: which chat a ticket belongs to, what was said in it, and answers on their way there."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from contact_hub import live
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message, StoredAttachment
from contact_hub.tickets import Ticket

PREFIX = "chat:"
TO = "to-"  # before the key of the chat an answer is for
MOST_AT_ONCE = 200  # messages of one look-up; the visitor's page asks again while it gets so many


# What carries the key of a chat of which something was said in this `ticket`; the statements are made once.
_SAID = select(Message.contact_id).filter_by(ticket_id=bindparam("ticket"), channel="chat", kind="said")
_KEYED = select(Message.message_id).where(Message.contact_id.in_(_SAID), Message.message_id.startswith(PREFIX))
_LATEST = _KEYED.order_by(Message.id.desc()).limit(1)
_HOW_MANY = _KEYED.with_only_columns(func.count(Message.message_id.distinct()))


def key_of(chat: str) -> str:
    """The message id that every message of this chat carries and answers to, so that they share a ticket."""
    return f"{PREFIX}{chat}"


def session_of(session: Session, ticket: Ticket) -> str | None:
    """The chat that is answered in this ticket: of several that were merged, the one in which something was said last.

    None where none came in.
    """
    key = session.scalar(_LATEST, {"ticket": ticket.id})
    return key.removeprefix(PREFIX) if key else None


def how_many(session: Session, ticket: Ticket) -> int:
    """The chats that were merged into this ticket, its own among them."""
    return session.scalar(_HOW_MANY, {"ticket": ticket.id}) or 0


def answer(session: Session, ticket: Ticket, text: str, *, by: Agent, files: Sequence[StoredAttachment] = ()) -> Message:
    """Answers the visitor of the chat that was last heard in this ticket; their open page hears of it after the commit."""
    chat = session_of(session, ticket)
    message = Message(ticket_id=ticket.id, kind="answer", channel="chat", author_id=by.id, author_name=by.name, text=text)
    message.attachments = list(files)
    message.message_id = f"{TO}{key_of(chat)}" if chat else None
    if ticket.linked_to_id:  # one lock for the whole chat, so that no message is numbered before one already seen
        session.get_one(Ticket, ticket.linked_to_id, with_for_update=True)
    ticket.answer(message, by)
    if chat:
        tell(session, chat)
    return message


def tell(session: Session, chat: str) -> None:
    """Has the visitor's open pages fetch what is new, once this is committed."""
    live.note(session, {"kind": "chat", "queues": [], "chat": chat})


def messages_since(session: Session, chat: str, after: int) -> list[tuple[Message, str]]:
    """What was said in the chat after this message, oldest first, each with the external id of the visitor's own.

    Linked tickets answer in it too. What others said in its ticket, and what they were answered, is not the visitor's to read.
    No gap: messages are added under the lock of the ticket that came first, so their numbers become visible in order.
    """
    newer = (
        select(Message, TakenContact.external_id)
        .outerjoin(TakenContact, TakenContact.id == Message.contact_id)
        .where(Message.message_id.in_((key_of(chat), f"{TO}{key_of(chat)}")), Message.id > after)
        .order_by(Message.id)
        .limit(MOST_AT_ONCE)
        .options(selectinload(Message.attachments))
    )
    return [(message, external_id or "") for message, external_id in session.execute(newer)]
