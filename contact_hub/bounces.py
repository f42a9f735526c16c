"""What machines say about our mail: that it came back, or is late; kept on the mail it is about and on its ticket."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.belonging import answered_keys
from contact_hub.contact import Contact
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Ticket


def note(session: Session, ticket: Ticket, contact: Contact) -> None:
    """Marks the mail that this bounce gives back as not delivered, with the reason, and calls for attention to its ticket.

    One that names no mail of the ticket says nothing certain: it is kept as the word of a machine.
    """
    mail = _given_back(session, ticket, contact)
    if mail is None:
        ticket.hear("machine")
        return
    mail.mark_bounced(contact.failure)
    ticket.miss(mail.message.kind, reason=contact.failure)


def _given_back(session: Session, ticket: Ticket, contact: Contact) -> Outgoing | None:
    keys = answered_keys(contact)
    sent = select(Message.message_id, Outgoing).join(Message, Message.id == Outgoing.message_id)
    found = dict(session.execute(sent.where(Message.ticket_id == ticket.id, Message.message_id.in_(keys))).all())
    return next((found[key] for key in keys if key in found), None)
