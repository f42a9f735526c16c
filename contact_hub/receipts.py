"""Who hears from the hub that something came in: by which letter, in which language, and how often."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from contact_hub import letters, outbox
from contact_hub.contact import Contact
from contact_hub.messages import Message
from contact_hub.routing.decisions import DEFAULT, Decision
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Ticket

MAILS_AN_HOUR = 5  # the most the hub writes to one address by itself (RFC 3834: no loops)
NONE = "none"  # what a rule says that wants no receipt

Opened = tuple[Ticket, Contact, Decision]


def confirm(session: Session, rulebook: Rulebook, opened: Iterable[Opened]) -> None:
    """Puts the receipts of these new tickets on their way, with the letter and in the language that the rules chose."""
    wanted = [each for each in opened if _may_confirm(*each[1:])]
    written = outbox.lately_written_to(session, {contact.sender.lower() for _, contact, _ in wanted})
    for ticket, contact, decision in wanted:
        address = contact.sender.lower()
        if written.get(address, 0) < MAILS_AN_HOUR:
            written[address] = written.get(address, 0) + 1
            _write(session, rulebook, ticket, contact, decision)


def languages_for(rulebook: Rulebook, decision: Decision) -> tuple[str, ...]:
    """In which languages to write, the best first: the one a rule said, else the municipality's first.

    What language a citizen seems to write is a guess about a person, and chooses none.
    """
    rules = [rule for rule in rulebook.rules if rule.then.language and rule.id in (decision.rule, *decision.labels)]
    said = {rule.id: rule.then.language for rule in rules} | {DEFAULT: rulebook.default.language}
    chosen = (said.get(each, "") for each in (decision.rule, *decision.labels))
    return tuple(filter(None, [*chosen, *rulebook.municipality.languages]))


def _may_confirm(contact: Contact, decision: Decision) -> bool:
    """Only people get a receipt, at an address we can write to, and nobody whose contact was screened out."""
    return "@" in contact.sender and not contact.automatic and not decision.screened and decision.receipt != NONE


def _write(session: Session, rulebook: Rulebook, ticket: Ticket, contact: Contact, decision: Decision) -> None:
    letter = letters.receipt(
        decision.receipt,
        languages_for(rulebook, decision),
        reference=ticket.reference,
        municipality=rulebook.municipality.name,
    )
    outbox.write(
        session,
        Message(ticket_id=ticket.id, kind="receipt", channel="email", text=letter.text),
        reference=ticket.reference,
        recipient=contact.sender.lower(),
        subject=letter.subject,
        answers=[contact.message_id] if contact.message_id else [],
    )
