"""Contacts that are new to the hub, on their way in together: one look-up and one insert for all of a kind."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import blobs, bounces, chasing, editions, live, people, recall, receipts, tickets
from contact_hub.arrivals import TakenContact
from contact_hub.belonging import EMAIL, Belonging, Place, answered_keys, is_echo
from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.courtesies import is_only_thanks
from contact_hub.history import StoredDecision
from contact_hub.messages import Answered, Message, StoredAttachment
from contact_hub.people import Person
from contact_hub.reasons import beside
from contact_hub.recognition import OPENLY, Acquaintances
from contact_hub.routing.decisions import Decision
from contact_hub.talking import Heard
from contact_hub.tickets import Ticket


@dataclass(frozen=True)
class Arrival:
    """What became of a contact: the ticket it opened or joined; `known` when it had come in before."""

    contact: Contact
    contact_id: int
    ticket: Ticket
    known: bool


@dataclass(frozen=True)
class _Placed:
    """A contact with its row, its ticket, and the decision if it opened that ticket; `timing` tells how long that took."""

    contact: Contact
    row: TakenContact
    ticket: Ticket
    decision: Decision | None = None
    timing: Mapping[str, int] = field(default_factory=dict)


class Batch:
    """New contacts of one transaction; of several with the same key only one may be among them."""

    def __init__(self, session: Session, contacts: list[Contact]) -> None:
        self.session = session
        self.contacts = [replace(contact, automatic="auto-reply") if is_echo(contact) else contact for contact in contacts]
        self.deciding = editions.deciding(session)
        self.people = Acquaintances(session, filter(None, map(people.address_of, contacts)))
        self.open_tickets = Counter(tickets.how_many_open(session, self.people.openly(), self.people.in_the_open))
        self.opened: set[Ticket] = set()
        self.chats: dict[Ticket, TakenContact] = {}
        self.belonging = Belonging(session, self.contacts)
        self.files: dict[str, bytes | bytearray | memoryview] = {}

    def take_in(self) -> list[Arrival]:
        """Stores everything, and gives what became of each contact."""
        placed = [self._place(contact) for contact in self.contacts]
        with self.session.no_autoflush:
            self.session.flush()
            seconds = self._open_beside(placed)
            for each in (*placed, *seconds):
                self._say(each)
            self._give_reasons([*placed, *seconds])
            opened = [(each.ticket, each.contact, each.decision) for each in placed if each.decision]
            receipts.confirm(self.session, self.deciding.rulebook, opened)
            blobs.store(self.session, self.files)
            self.session.flush()
        return [Arrival(each.contact, each.row.id, each.ticket, known=False) for each in placed]

    def _place(self, contact: Contact) -> _Placed:
        """Gives the contact the ticket it goes on with, or a new one in the queue the rules decide on."""
        contact = replace(contact, person=self._person_facts(contact))
        row = self._row(contact)
        place = self.belonging.place_of(contact)
        placed = self._go_on(contact, row, place.ticket) if place.ticket else self._route(contact, row, place)
        row.heard = "opened" if placed.decision else _heard(contact)
        if placed.decision is None:
            self._recognise(placed)
        if placed.decision or (placed.ticket.status == "resolved" and _heard(contact) == "news"):
            self._count_open(placed)
        self.belonging.remember(contact, placed.ticket)
        if contact.channel == "chat" and placed.row.leg_of is None:
            self.chats[placed.ticket] = placed.row
        self.session.add_all((row, placed.ticket))
        return placed

    def _go_on(self, contact: Contact, row: TakenContact, ticket: Ticket) -> _Placed:
        row.person = self._person(contact, self._confidence(ticket))
        return _Placed(contact, row, ticket)

    def _recognise(self, placed: _Placed) -> None:
        """What goes on with a ticket, from nobody we know, is its person's; what goes on with an open chat is a part of it."""
        if people.address_of(placed.contact) is None:
            placed.row.person = placed.ticket.person
        if placed.contact.channel == "chat" and placed.ticket.status != "resolved":
            placed.row.leg_of = self.chats.get(placed.ticket) or self._first_of_chat(placed.ticket)

    def _first_of_chat(self, ticket: Ticket) -> TakenContact | None:
        """The first contact of the chat that this ticket is about."""
        if not ticket.id:
            return None
        said = select(TakenContact).join(Message, Message.contact_id == TakenContact.id)
        first = said.where(Message.ticket_id == ticket.id, TakenContact.channel == "chat", TakenContact.leg_of_id.is_(None))
        with self.session.no_autoflush:
            return self.session.scalar(first.order_by(TakenContact.id.desc()).limit(1))

    def _row(self, contact: Contact) -> TakenContact:
        """The contact as it will stand in the database; its original goes among the files to store."""
        return TakenContact(
            channel=contact.channel,
            external_id=contact.external_id[:255],
            received_at=contact.received,
            subject=contact.subject,
            sender=contact.sender,
            sender_name=contact.sender_name,
            language=contact.language,
            automatic=contact.automatic,
            facts=recall.facts_of(contact),
            trust=asdict(contact.trust),
            raw_sha256=self._file(contact.raw),
            raw_type=contact.raw_type,
        )

    def _person_facts(self, contact: Contact) -> PersonFacts:
        """What is known of the sender, in the open, before this contact; earlier ones of the batch count."""
        person = self.people.known(people.address_of(contact) or people.NOBODY)
        return PersonFacts(known=True, open_tickets=self.open_tickets[person]) if person else PersonFacts()

    def _count_open(self, placed: _Placed) -> None:
        """A ticket that is new, or opens again, counts for the contacts after it; so do those beside it."""
        ticket, also = placed.ticket, placed.decision.also if placed.decision else ()
        if ticket.person and self._confidence(ticket) == OPENLY and not ticket.screened and ticket not in self.opened:
            self.opened.add(ticket)
            beside_it = (self.people.confidence(each.queue, confidential=False) for each in also)
            self.open_tickets[ticket.person] += 1 + list(beside_it).count(OPENLY)

    def _person(self, contact: Contact, confidence: str) -> Person | None:
        """Who says this, as far as those may know who read it."""
        key = people.address_of(contact)
        return self.people.meet(contact.sender_name, key, confidence) if key else None

    def _confidence(self, ticket: Ticket) -> str:
        return self.people.confidence(ticket.queue_id, confidential=ticket.confidential)

    def _file(self, content: bytes | bytearray | memoryview) -> str:
        sha256 = blobs.digest(content)
        self.files[sha256] = content
        return sha256

    def _route(self, contact: Contact, row: TakenContact, place: Place) -> _Placed:
        start = time.perf_counter_ns()
        decision = self.deciding.rulebook.decide(contact)
        microseconds = (time.perf_counter_ns() - start) // 1000
        ticket = self._ticket(contact, decision)
        row.person = ticket.person
        ticket.follows, ticket.perhaps = place.follows, place.perhaps
        if not place.follows and not place.perhaps:
            ticket.perhaps = chasing.asked_after(self.session, contact, row.person, decision)
        return _Placed(contact, row, ticket, decision, {"microseconds": microseconds})

    def _ticket(self, contact: Contact, decision: Decision, first: Ticket | None = None) -> Ticket:
        confidence = self.people.confidence(decision.queue, confidential=decision.confidential)
        return Ticket.open(contact, decision, by=self.deciding, person=self._person(contact, confidence), first=first)

    def _open_beside(self, placed: list[_Placed]) -> list[_Placed]:
        """The second tickets that rules want beside the first; what comes later in the thread goes on with the first alone."""
        seconds = []
        for first, decided in [(each, each.decision) for each in placed if each.decision]:
            for also in decided.also:
                decision = beside(decided, also)
                ticket = self._ticket(first.contact, decision, first.ticket)
                seconds.append(_Placed(replace(first.contact, message_id=""), first.row, ticket, decision))
        self.session.add_all(each.ticket for each in seconds)
        self.session.flush()
        return seconds

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
            answered=[Answered(key=key) for key in answered_keys(contact)] if contact.channel == EMAIL else [],
        )
        self.session.add(message)
        if placed.decision is None:
            self._hear(placed.ticket, contact)
        elif placed.ticket.follows:
            placed.ticket.follow(placed.ticket.follows)

    def _hear(self, ticket: Ticket, contact: Contact) -> None:
        if contact.automatic == "bounce":
            bounces.note(self.session, ticket, contact)
        else:
            ticket.hear(_heard(contact))

    def _attachment(self, attachment: Attachment) -> StoredAttachment:
        return StoredAttachment(
            name=attachment.name,
            content_type=attachment.content_type,
            size=len(attachment.content),
            sha256=self._file(attachment.content),
            content_id=attachment.content_id,
            inline=attachment.inline,
        )

    def _give_reasons(self, placed: list[_Placed]) -> None:
        """Keeps why each new ticket went where it went, and tells the desks."""
        for each in placed:
            if each.decision is None:
                continue
            self.session.add(
                StoredDecision(
                    ticket_id=each.ticket.id,
                    contact_id=each.row.id,
                    edition_id=self.deciding.edition,
                    rule=each.decision.rule,
                    queue_id=each.decision.queue,
                    record={**each.decision.as_record(), **each.timing},
                )
            )
            live.note(self.session, each.ticket.news("routed"))


def _heard(contact: Contact) -> Heard:
    """What a contact that goes on with a ticket means for it."""
    if contact.automatic:
        return "delay" if contact.automatic == "delay" else "machine"
    return "thanks" if is_only_thanks(contact) else "news"
