"""Who hears from the hub that something came in: by which letter, in which language, and how often."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from contact_hub import letters, loops, mail_accounts, outbox
from contact_hub.contact import Contact
from contact_hub.messages import Message
from contact_hub.routing.decisions import DEFAULT, Decision
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Refused, Ticket

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


def tell_of_hand_over(session: Session, rulebook: Rulebook, ticket: Ticket, *, recipient: str, language: str) -> None:
    """Tells the citizen who has the question now; only a queue that everybody may know is named. Raises Refused."""
    if outbox.lately_written_to(session, {recipient}).get(recipient, 0) >= MAILS_AN_HOUR:
        raise Refused("told_too_often")
    service = ticket.queue.name(language) if ticket.queue.is_open and not ticket.confidential else ""
    letter = letters.notice(language, reference=ticket.reference, municipality=rulebook.municipality.name, service=service)
    message = Message(ticket_id=ticket.id, kind="notice", channel="email", text=letter.text)
    _send(session, ticket, message, letter.subject, recipient=recipient, answers=[], language=language)


def languages_for(rulebook: Rulebook, decision: Decision) -> tuple[str, ...]:
    """In which languages to write, the best first: the one a rule said, else the municipality's first.

    What language a citizen seems to write is a guess about a person, and chooses none.
    """
    return languages_said(rulebook, (decision.rule, *decision.labels))


def languages_said(rulebook: Rulebook, rules: Collection[str]) -> tuple[str, ...]:
    """The same, for what these rules decided, by their ids."""
    said = {rule.id: rule.then.language for rule in rulebook.rules if rule.then.language and rule.id in rules}
    said |= {DEFAULT: rulebook.default.language}
    chosen = (said.get(each, "") for each in rules)
    return tuple(filter(None, [*chosen, *rulebook.municipality.languages]))


def _may_confirm(contact: Contact, decision: Decision) -> bool:
    """Only people get a receipt, at an address we can write to, and nobody whose contact was screened out."""
    return loops.may_write_to(contact) and not decision.screened and decision.receipt != NONE


def _write(session: Session, rulebook: Rulebook, ticket: Ticket, contact: Contact, decision: Decision) -> None:
    languages = languages_for(rulebook, decision)
    letter = letters.receipt(decision.receipt, languages, reference=ticket.reference, municipality=rulebook.municipality.name)
    _send(
        session,
        ticket,
        Message(ticket_id=ticket.id, kind="receipt", channel="email", text=letter.text),
        letter.subject,
        recipient=contact.sender.lower(),
        answers=[contact.message_id] if contact.message_id else [],
        language=letter.language,
        mailboxes=contact.recipients,
    )


def _send(
    session: Session,
    ticket: Ticket,
    message: Message,
    subject: str,
    *,
    recipient: str,
    answers: list[str],
    language: str,
    mailboxes: Collection[str] = (),
) -> None:
    account = mail_accounts.choose(outbox.accounts, queue=ticket.queue_id, mailboxes=mailboxes)
    outbox.write(
        session,
        message,
        reference=ticket.reference,
        recipient=recipient,
        subject=subject,
        answers=answers,
        account=account,
        language=language,
    )
