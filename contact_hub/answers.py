"""How an answer reaches the citizen: back through the door they came by, or by mail where we know an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from contact_hub import answer_templates, blobs, chats, editions, live, manners, outbox, search
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.contact import Attachment
from contact_hub.messages import Message, StoredAttachment
from contact_hub.outbox import Outgoing
from contact_hub.people import Address
from contact_hub.tickets import Refused, Ticket

MOST_ANSWERED = 20  # message ids a mail refers to
MOST_BYTES = 15_000_000  # of all files of an answer: as base64 they are 20 MB, and few servers take more than 25
UNDO = timedelta(seconds=10)  # in which an answer by mail can be taken back


@dataclass(frozen=True)
class Way:
    """The door an answer leaves by, and to which address; `recipient` is empty for a chat.

    `to_last` says that of several chats the one is meant in which something was said last.
    """

    channel: str
    recipient: str = ""
    to_last: bool = False


@dataclass(frozen=True)
class Withdrawn:
    """What stood in an answer that was taken back."""

    text: str
    language: str
    files: tuple[StoredAttachment, ...]


def way_of(session: Session, ticket: Ticket, *, opened_by: str | None = None) -> Way | None:
    """How this ticket's citizen can be answered; None where they left no address.

    `opened_by` is the sender of what opened the ticket, where that is at hand.
    """
    if ticket.channel == "chat" and (merged := chats.how_many(session, ticket)):
        return Way("chat", to_last=merged > 1)
    recipient = ticket.answer_to or _sender_of(session, ticket, opened_by) or _mail_address_of(session, ticket)
    return Way("email", recipient) if recipient else None


def send(
    session: Session,
    ticket: Ticket,
    text: str,
    *,
    by: Agent,
    language: str = "",
    files: Sequence[Attachment] = (),
    seen: int | None = None,
) -> Message:
    """Answers the citizen: by chat at once, by mail after UNDO.

    `seen` is the newest message that whoever writes has seen: an answer that does not know of a later one is held. Raises
    Refused for that, where there is nothing to say, and where there is no way to.
    """
    if not text.strip():
        raise Refused("answer_empty")
    if blank := answer_templates.blank_in(text):
        raise Refused("blank_left", blank=blank)
    if seen is not None and unseen(session, ticket, seen, by):
        raise Refused("said_meanwhile")
    way = way_of(session, ticket)
    if way is None:
        raise Refused("no_address")
    _must_fit(files)
    if way.channel == "chat":
        return chats.answer(session, ticket, text, by=by, files=_kept(session, files))
    return _write(session, ticket, text, way.recipient, by=by, language=language, files=files)


def unseen(session: Session, ticket: Ticket, seen: int, by: Agent) -> list[int]:
    """The messages after the one that this person has seen, which the citizen or a colleague wrote."""
    later = select(Message.id).where(Message.ticket_id == ticket.id, Message.id > seen, Message.kind.in_(("said", "answer")))
    return list(session.scalars(later.where(Message.author_id.is_distinct_from(by.id)).order_by(Message.id)))


def take_back(session: Session, ticket: Ticket, message_id: int, *, by: Agent) -> Withdrawn:
    """Takes an answer back before it leaves, as if it had never been given. Raises Refused."""
    mail = _mail_of(session, ticket, message_id)
    if not mail.can_be_taken_back or mail.message.kind != "answer":
        raise Refused("left_already")
    message = mail.message
    withdrawn = Withdrawn(message.text, mail.language, tuple(message.attachments))
    outbox.take_back(session, mail)
    ticket.unsay(message, by)
    search.renew(session, [ticket.id])
    return withdrawn


def try_again(session: Session, ticket: Ticket, message_id: int) -> None:
    """Sends once more what did not arrive. Raises Refused."""
    mail = _mail_of(session, ticket, message_id)
    if not mail.can_be_tried_again:
        raise Refused("on_its_way")
    mail.try_again()
    ticket.undelivered = False
    live.wake_after(session, "send_outbox")
    live.note(session, ticket.news("delivery"))


def _write(
    session: Session, ticket: Ticket, text: str, recipient: str, *, by: Agent, language: str, files: Sequence[Attachment]
) -> Message:
    rulebook = editions.deciding(session).rulebook
    allowed = manners.languages_of(session, rulebook, ticket)
    language = language if language in allowed else allowed[0]
    message = Message(
        ticket_id=ticket.id,
        kind="answer",
        channel="email",
        author_id=by.id,
        author_name=by.name,
        text=text.replace("\r\n", "\n"),
        quoted=manners.quoted_for(session, rulebook, ticket, recipient=recipient, language=language),
        attachments=_kept(session, files),
    )
    answered = _said_by_mail(session, ticket)
    ticket.answer(message, by)
    outbox.write(
        session,
        message,
        reference=ticket.reference,
        recipient=recipient,
        subject=f"Re: [{ticket.reference}] {ticket.subject}".strip(),
        answers=answered,
        account=manners.account_of(session, ticket),
        language=language,
        later=UNDO,
    )
    return message


def _must_fit(files: Sequence[Attachment]) -> None:
    if sum(len(each.content) for each in files) > MOST_BYTES:
        raise Refused("files_too_large", most=str(MOST_BYTES // 1_000_000))


def _kept(session: Session, files: Sequence[Attachment]) -> list[StoredAttachment]:
    digests = [blobs.digest(each.content) for each in files]
    blobs.store(session, {digest: each.content for digest, each in zip(digests, files, strict=True)})
    return [
        StoredAttachment(name=each.name, content_type=each.content_type, size=len(each.content), sha256=digest)
        for digest, each in zip(digests, files, strict=True)
    ]


def _mail_of(session: Session, ticket: Ticket, message_id: int) -> Outgoing:
    """The mail of a message of this ticket, held. Raises Refused where there is none, as after it was taken back."""
    mail = outbox.held(session, message_id)
    if mail is None or mail.message.ticket_id != ticket.id:
        raise Refused("taken_back_already")
    return mail


_FIRST_SENDER = (
    select(TakenContact.sender)
    .join(Message, Message.contact_id == TakenContact.id)
    .where(Message.ticket_id == bindparam("of_ticket"), Message.kind == "said")
    .order_by(Message.id)
    .limit(1)
)


def _sender_of(session: Session, ticket: Ticket, opened_by: str | None) -> str:
    """The address of whoever opened the ticket: later mails may come from others."""
    sender = session.scalar(_FIRST_SENDER, {"of_ticket": ticket.id}) if opened_by is None else opened_by
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
