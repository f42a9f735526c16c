"""Contacts that are new to the hub, on their way in together: one look-up and one insert for all of a kind."""

import time
from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import blobs, calendars, editions, letters, live, outbox, people, recall, tickets
from contact_hub.arrivals import TakenContact
from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.history import StoredDecision
from contact_hub.messages import Message, StoredAttachment
from contact_hub.people import Person
from contact_hub.tickets import Ticket

MAILS_AN_HOUR = 5  # the most the hub writes to one address by itself (RFC 3834: no loops)


@dataclass(frozen=True)
class Arrival:
    """What became of a contact: the ticket it opened or joined; `known` when it had come in before."""

    contact: Contact
    contact_id: int
    ticket: Ticket
    known: bool


@dataclass(frozen=True)
class _Placed:
    """A contact beside its row, its ticket, and the decision if it opened that ticket."""

    contact: Contact
    row: TakenContact
    ticket: Ticket
    decision: StoredDecision | None


class Batch:
    """New contacts of one transaction; of several with the same key only one may be among them."""

    def __init__(self, session: Session, contacts: list[Contact]) -> None:
        self.session = session
        self.contacts = contacts
        self.deciding = editions.deciding(session)
        self.people = people.known_by_address(session, filter(None, map(people.address_of, contacts)))
        self.open_tickets = Counter(tickets.how_many_open(session, self.people.values()))
        self.opened: set[Ticket] = set()
        self.tickets = self._continued()
        self.files: dict[str, bytes | bytearray | memoryview] = {}

    def take_in(self) -> list[Arrival]:
        """Stores everything, and gives what became of each contact."""
        placed = [self._place(contact) for contact in self.contacts]
        with self.session.no_autoflush:
            self.session.flush()
            for each in placed:
                self._say(each)
            self._open([each for each in placed if each.decision])
            blobs.store(self.session, self.files)
            self.session.flush()
        return [Arrival(each.contact, each.row.id, each.ticket, known=False) for each in placed]

    def _continued(self) -> dict[str, Ticket]:
        """The tickets these contacts answer to, by message id; held, so that no verb crosses."""
        keys = sorted({answer[:255] for contact in self.contacts for answer in contact.answers})
        if not keys:
            return {}
        rows = self.session.execute(
            select(Message.message_id, Ticket)
            .join(Ticket, Ticket.id == Message.ticket_id)
            .where(Message.message_id.in_(keys))
            .order_by(Ticket.id)
            .with_for_update(of=Ticket)
        )
        return {message_id: ticket for message_id, ticket in rows if message_id}

    def _place(self, contact: Contact) -> _Placed:
        """Gives the contact the ticket it continues, or a new one in the queue the rules decide on."""
        contact = replace(contact, person=self._person_facts(contact))
        row = self._row(contact)
        ticket = next((self.tickets[key[:255]] for key in contact.answers if key[:255] in self.tickets), None)
        decision = None
        if ticket is None:
            ticket, decision = self._route(contact, row.person)
        if decision or (ticket.status == "resolved" and not contact.automatic):
            self._count_open(ticket)
        if contact.message_id:
            self.tickets.setdefault(contact.message_id[:255], ticket)
        self.session.add_all((row, ticket))
        return _Placed(contact, row, ticket, decision)

    def _row(self, contact: Contact) -> TakenContact:
        """The contact as it will stand in the database; its original goes among the files to store."""
        return TakenContact(
            channel=contact.channel,
            external_id=contact.external_id[:255],
            received_at=contact.received,
            person=self._person(contact),
            subject=contact.subject,
            sender=contact.sender,
            sender_name=contact.sender_name,
            language=contact.language,
            automatic=contact.automatic,
            facts=recall.facts_of(contact),
            raw_sha256=self._file(contact.raw),
            raw_type=contact.raw_type,
        )

    def _person_facts(self, contact: Contact) -> PersonFacts:
        """What is known of the sender before this contact; earlier ones of the batch count."""
        person = self.people.get(people.address_of(contact) or people.NOBODY)
        return PersonFacts(known=True, open_tickets=self.open_tickets[person]) if person else PersonFacts()

    def _count_open(self, ticket: Ticket) -> None:
        """A ticket that is new, or opens again, counts for the contacts after it."""
        if ticket.person and not ticket.screened and ticket not in self.opened:
            self.opened.add(ticket)
            self.open_tickets[ticket.person] += 1

    def _person(self, contact: Contact) -> Person | None:
        key = people.address_of(contact)
        if key is None:
            return None
        if key not in self.people:
            self.people[key] = people.new_person(contact.sender_name, key)
        return self.people[key]

    def _file(self, content: bytes | bytearray | memoryview) -> str:
        sha256 = blobs.digest(content)
        self.files[sha256] = content
        return sha256

    def _route(self, contact: Contact, person: Person | None) -> tuple[Ticket, StoredDecision]:
        rulebook, edition = self.deciding.rulebook, self.deciding.edition
        start = time.perf_counter_ns()
        decision = rulebook.decide(contact)
        microseconds = (time.perf_counter_ns() - start) // 1000
        due = calendars.due(rulebook, decision, contact.received)
        record = {**decision.as_record(), "microseconds": microseconds}
        stored = StoredDecision(edition_id=edition, rule=decision.rule, queue_id=decision.queue, record=record)
        return Ticket.open(contact, decision, edition=edition, due=due, person=person), stored

    def _say(self, placed: _Placed) -> None:
        """Adds what the citizen wrote to the ticket's conversation, with its files."""
        contact = placed.contact
        message = Message(
            ticket_id=placed.ticket.id,
            contact_id=placed.row.id,
            kind="said",
            channel=contact.channel,
            at=contact.received,
            author_name=contact.sender_name or contact.sender,
            text=contact.message,
            quoted=contact.quoted,
            message_id=contact.message_id or None,
            attachments=[self._attachment(each) for each in contact.attachments],
        )
        self.session.add(message)
        if placed.decision is None:
            placed.ticket.hear(automatic=bool(contact.automatic))

    def _attachment(self, attachment: Attachment) -> StoredAttachment:
        return StoredAttachment(
            name=attachment.name,
            content_type=attachment.content_type,
            size=len(attachment.content),
            sha256=self._file(attachment.content),
            content_id=attachment.content_id,
            inline=attachment.inline,
        )

    def _open(self, opened: list[_Placed]) -> None:
        """Keeps why each new ticket went where it went, tells the desks, and confirms it to the citizen."""
        written = outbox.lately_written_to(self.session, {each.contact.sender.lower() for each in opened})
        for each in opened:
            assert each.decision is not None  # the caller chose them so
            each.decision.ticket_id, each.decision.contact_id = each.ticket.id, each.row.id
            self.session.add(each.decision)
            live.note(self.session, each.ticket.news("routed"))
            address = each.contact.sender.lower()
            if _may_confirm(each.contact, each.decision) and written.get(address, 0) < MAILS_AN_HOUR:
                written[address] = written.get(address, 0) + 1
                self._confirm(each.ticket, each.contact)

    def _confirm(self, ticket: Ticket, contact: Contact) -> None:
        municipality = self.deciding.rulebook.municipality
        letter = letters.receipt(municipality.languages[0], reference=ticket.reference, municipality=municipality.name)
        outbox.write(
            self.session,
            Message(ticket_id=ticket.id, kind="receipt", channel="email", text=letter.text),
            reference=ticket.reference,
            recipient=contact.sender.lower(),
            subject=letter.subject,
            answers=[contact.message_id] if contact.message_id else [],
        )


def _may_confirm(contact: Contact, decision: StoredDecision) -> bool:
    """Only people get a receipt, at an address we can write to, and nobody whose contact was screened out."""
    record = decision.record
    return "@" in contact.sender and not contact.automatic and not record["screened"] and record["receipt"] != "none"
