"""Tells a contact that asks how an earlier one stands, in Dutch, French, English and German, and which ticket it asks after."""

import re
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.contact import Contact
from contact_hub.people import Person
from contact_hub.queues import Queue, all_queues
from contact_hub.routing.decisions import Decision
from contact_hub.tickets import Ticket, is_open
from contact_hub.visibility import tickets_not_confidential

WRITTEN = ("email", "webform")  # on the others somebody is there to say so
LONGEST = 3000  # characters that are looked at: who asks how it stands says so soon


def asks_how_it_stands(contact: Contact) -> bool:
    """Whether it is written to hear what became of something asked before."""
    said = f"{contact.subject}\n{contact.message}"[:LONGEST].lower().replace("’", "'")
    return _patterns().search(" ".join(said.split())) is not None


def asked_after(session: Session, contact: Contact, person: Person | None, decided: Decision) -> Ticket | None:
    """The latest open ticket of whoever asks how it stands, in writing and by nothing that would lead there.

    What is confidential asks after what is confidential alone, and nothing else does: those who read the one read the other.
    """
    if (
        contact.channel not in WRITTEN
        or contact.automatic
        or person is None
        or not person.id
        or not asks_how_it_stands(contact)
    ):
        return None
    theirs = select(Ticket).where(Ticket.person_id == person.id, is_open(), Ticket.screened.is_(False))
    with session.no_autoflush:
        open_to_others = tickets_not_confidential(all_queues(session))
        queue = session.get(Queue, decided.queue)
        confidential = decided.confidential or queue is None or queue.is_confidential
        theirs = theirs.where(~open_to_others if confidential else open_to_others)
        return session.scalar(theirs.order_by(Ticket.id.desc()).limit(1))


@cache
def _patterns() -> re.Pattern[str]:
    by_language: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "chasing.yaml").read_text("utf-8"))
    return re.compile(rf"\b(?:{'|'.join(each for patterns in by_language.values() for each in patterns)})\b")
