"""Why a ticket went where it went: the decision as it was recorded, and taken again by the rules of its edition."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from contact_hub.contact import Contact
from contact_hub.editions import rulebook_of
from contact_hub.recall import as_decided
from contact_hub.routing.decisions import Also, Decision, departures
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Ticket


class OtherVersion(Exception):
    """The rules of that edition were written for another version of the hub: what they decided can't be taken again."""


class NeverDecided(Exception):
    """No rules brought the ticket where it is."""


@dataclass(frozen=True)
class Again:
    """A decision taken again: by which rules, about which contact, and in which parts it departs from what was recorded."""

    rulebook: Rulebook
    contact: Contact
    decision: Decision
    departures: tuple[str, ...]


def beside(decision: Decision, also: Also) -> Decision:
    """The decision about a second ticket: the same reasons, in another queue by that queue's clock, and without a receipt."""
    return replace(decision, queue=also.queue, topic=also.topic, due="", receipt="none", also=())


def decided_again(session: Session, ticket: Ticket) -> Again:
    """What the rules of its edition say of the contact that opened the ticket. Raises NeverDecided and OtherVersion."""
    stored = ticket.decision
    if stored is None:
        raise NeverDecided(ticket.reference)
    rulebook = rules_of(session, stored.edition_id)
    contact = as_decided(session, [stored.contact_id])[stored.contact_id]
    decision = rulebook.decide(contact)
    if ticket.linked_to_id:
        seconds = (beside(decision, also) for also in decision.also)
        decision = next((each for each in seconds if not departures(stored.record, each)), decision)
    return Again(rulebook, contact, decision, tuple(departures(stored.record, decision)))


def rules_of(session: Session, edition: int) -> Rulebook:
    """The rules of an edition. Raises OtherVersion."""
    try:
        return rulebook_of(session, edition)
    except RulebookError as error:
        raise OtherVersion(f"edition {edition}") from error
