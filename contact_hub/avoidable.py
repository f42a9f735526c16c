"""Why a citizen got in touch, where it need not have been: what keeps the same question coming back at the door."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message
from contact_hub.tickets import Refused, Ticket

CHASING, CLARIFICATION, WRONG_DOOR, REPEATED = "chasing", "clarification", "wrong_door", "repeated"
REASONS = (CHASING, CLARIFICATION, WRONG_DOOR, REPEATED)
"""To hear how it stands; as our answer was not clear; sent from one desk to another; to tell again what was told before."""
NEW = "new"
"""Said of a contact that could not be avoided; stored as no reason."""


def say_why(session: Session, ticket: Ticket, message_id: int, reason: str, *, by: Agent) -> None:
    """Says of a contact in this ticket why it came, or with NEW that it was none of these. Raises Refused."""
    contact = _contact_of(session, ticket, message_id)
    if contact is None or reason not in (*REASONS, NEW):
        raise Refused("reason_unknown")
    contact.reason = "" if reason == NEW else reason
    ticket.record("said_why", by=by, message=message_id, reason=contact.reason)


def first_of(session: Session, ticket: Ticket) -> int:
    """The message by which a citizen first spoke in this ticket; 0 for none."""
    said = select(Message.id).where(Message.ticket_id == ticket.id, Message.kind == "said").order_by(Message.id)
    return session.scalar(said.limit(1)) or 0


def chases(contact: TakenContact, ticket: Ticket) -> None:
    """A call about a ticket that was open still asks how it stands, unless somebody says otherwise."""
    if contact.heard == "news" and ticket.cycle.opened_at < contact.received_at:
        contact.reason = CHASING


def _contact_of(session: Session, ticket: Ticket, message_id: int) -> TakenContact | None:
    said = select(TakenContact).join(Message, Message.contact_id == TakenContact.id)
    return session.scalar(said.where(Message.id == message_id, Message.ticket_id == ticket.id, Message.kind == "said"))
