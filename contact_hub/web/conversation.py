"""A ticket's conversation as a page tells it: what was said and what happened, in the order of time."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Ticket
from contact_hub.visibility import Part
from contact_hub.web.happened import LINES, Happened, told
from contact_hub.web.senders import Sender, sender_of

LONG = 16  # turns; a longer conversation shows its first and its LAST
LAST = 8


@dataclass(frozen=True)
class Said:
    """A message with what belongs to it; `asks_why` where it can be said why the citizen got in touch, `reason` is what was."""

    at: datetime
    message: Message
    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    mail: Outgoing | None = None
    sender: Sender | None = None
    reason: str = ""
    asks_why: bool = False


Turn = Said | Happened


def conversation(session: Session, ticket: Ticket, agent: Agent, part: Part | None = None) -> list[Turn]:
    """Everything, oldest first, or a part of it. Of other tickets those alone are named that the agent may know of."""
    said = _said(session, ticket, part)
    happened = _happened(session, ticket, agent, part)
    return sorted([*said, *happened], key=lambda turn: turn.at)


def folded(turns: Sequence[Turn], unseen: Container[int] = ()) -> range | None:
    """Which turns a long conversation folds away: all between the first and the last; nothing from what is `unseen` on."""
    if len(turns) <= LONG:
        return None
    new = (place for place, turn in enumerate(turns) if isinstance(turn, Said) and turn.message.id in unseen)
    end = min(len(turns) - LAST, next(new, len(turns)))
    return range(1, end) if end > 2 else None


def _said(session: Session, ticket: Ticket, part: Part | None) -> Sequence[Turn]:
    wanted = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    if part is not None:
        wanted = wanted.where(Message.id.in_(part.messages))
    messages = session.scalars(wanted.options(selectinload(Message.attachments))).all()
    ids = [message.id for message in messages]
    sent = session.scalars(select(Outgoing).where(Outgoing.message_id.in_(ids))) if part is None else ()
    mails = {mail.message_id: mail for mail in sent}
    contacts = [message.contact_id for message in messages if message.contact_id]
    taken = {each.id: each for each in session.scalars(select(TakenContact).where(TakenContact.id.in_(contacts)))}
    filled = {number: (each.facts.get("form", ""), each.facts.get("fields", {})) for number, each in taken.items()}
    senders = {number: sender_of(each) for number, each in taken.items()}
    return [
        Said(
            each.at,
            each,
            *filled.get(each.contact_id or 0, ("", {})),
            mails.get(each.id),
            senders.get(each.contact_id or 0) if each.kind == "said" else None,
            *_why_in_touch(taken.get(each.contact_id or 0)),
        )
        for each in messages
    ]


def _why_in_touch(contact: TakenContact | None) -> tuple[str, bool]:
    """Why it came, and whether that can be said: not of a machine, nor of one turn of a chat."""
    if contact is None:
        return "", False
    return contact.reason, not contact.automatic and contact.leg_of_id is None


def _happened(session: Session, ticket: Ticket, agent: Agent, part: Part | None) -> Sequence[Happened]:
    wanted = select(Event).where(Event.ticket_id == ticket.id, Event.kind.in_(LINES)).order_by(Event.number)
    return told(
        session, session.scalars(wanted if part is None else wanted.where(Event.number <= part.last_event)).all(), agent
    )
