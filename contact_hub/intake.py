"""The gate: takes contacts in, each once, into a queue, in one transaction with everything that belongs to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from contact_hub import arrivals, blobs, calendars, editions, letters, live, outbox, people
from contact_hub.arrivals import SetAside, TakenContact
from contact_hub.contact import Attachment, Contact
from contact_hub.database import now
from contact_hub.editions import Deciding
from contact_hub.history import StoredDecision
from contact_hub.messages import Message, StoredAttachment
from contact_hub.outbox import Outgoing
from contact_hub.people import AddressKey, Person
from contact_hub.tickets import Ticket

MAILS_AN_HOUR = 5  # the most the hub writes to one address by itself (RFC 3834: no loops)
TRIES = 3  # a transaction that lost a race to another door is simply done again

ContactKey = tuple[str, str]  # channel and external id
log = structlog.get_logger()


@dataclass(frozen=True)
class Unreadable:
    """What a door could not turn into a contact, with the reason; `reason` holds no words of the citizen."""

    channel: str
    external_id: str
    received: datetime
    reason: str
    raw: bytes
    raw_type: str


@dataclass(frozen=True)
class Arrival:
    """What became of a contact: the ticket it opened or joined; `known` when it had come in before."""

    contact_id: int
    ticket: Ticket
    known: bool


def receive(
    contacts: Sequence[Contact],
    unreadable: Sequence[Unreadable] = (),
    *,
    channel: str,
    also: Callable[[Session], None] = lambda session: None,
) -> list[Arrival]:
    """Takes in what a door was offered, whole or set aside, and commits; `also` is done in the same transaction.

    One contact that can't be stored never holds up the others: the batch is then taken in one by one. Raises
    OperationalError when the database is gone: nothing is kept then, and the door still has it all.
    """
    try:
        return _commit(contacts, unreadable, channel=channel, also=also)
    except OperationalError:
        raise
    except Exception as error:
        log.warning("a batch is taken in one by one", channel=channel, contacts=len(contacts), error=type(error).__name__)
    taken = [arrival for contact in contacts for arrival in _receive_alone(contact)]
    _commit((), unreadable, channel=channel, also=also)
    return taken


def take_in(session: Session, contacts: Sequence[Contact]) -> list[Arrival]:
    """Takes contacts of one door in, within the caller's transaction: known, or added to its ticket, or a new routed ticket.

    Gives an arrival for each contact, in order. The decision is that of the newest edition of the rules.
    """
    known = _known(session, contacts)
    fresh = {_key(contact): contact for contact in contacts if _key(contact) not in known}
    batch = _Batch(session, editions.deciding(session), list(fresh.values()))
    arrived = known | batch.take_in()
    for channel in {contact.channel for contact in contacts}:
        counts = Counter("taken" if _key(each) in fresh else "known" for each in contacts if each.channel == channel)
        twice = counts["taken"] - sum(key[0] == channel for key in fresh)
        counts.update(taken=-twice, known=twice)
        arrivals.count(session, channel, batch.today, counts)
    return [arrived[_key(contact)] for contact in contacts]


def set_aside(session: Session, unreadable: Unreadable) -> None:
    """Keeps what could not be read, with its reason, until somebody mends the cause."""
    sha256 = blobs.digest(unreadable.raw)
    blobs.store(session, {sha256: unreadable.raw})
    waiting = select(SetAside).filter_by(channel=unreadable.channel, external_id=unreadable.external_id[:255])
    known = session.scalar(waiting) is not None
    if not known:
        session.add(
            SetAside(
                channel=unreadable.channel,
                external_id=unreadable.external_id[:255],
                received_at=unreadable.received,
                reason=unreadable.reason,
                raw_sha256=sha256,
                raw_type=unreadable.raw_type,
            )
        )
    arrivals.count(session, unreadable.channel, _today(session), Counter({"known" if known else "set_aside": 1}))


def _commit(
    contacts: Sequence[Contact], unreadable: Sequence[Unreadable], *, channel: str, also: Callable[[Session], None]
) -> list[Arrival]:
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with live.change() as session:
                arrived = take_in(session, contacts)
                for each in unreadable:
                    set_aside(session, each)
                offered = Counter(offered=len(contacts) + len(unreadable))
                arrivals.count(session, channel, _today(session), offered)
                also(session)
            return arrived
        except IntegrityError:
            if last:
                raise
    raise AssertionError("the last try returns or raises")


def _receive_alone(contact: Contact) -> list[Arrival]:
    """Takes one contact in; one that can't be stored for its own fault is set aside."""
    try:
        return _commit([contact], (), channel=contact.channel, also=lambda session: None)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("a contact is set aside", channel=contact.channel, error=type(error).__name__, exc_info=None)
        reason = f"taking it in failed: {type(error).__name__}"
        _commit((), [_as_unreadable(contact, reason)], channel=contact.channel, also=lambda session: None)
        return []


def _as_unreadable(contact: Contact, reason: str) -> Unreadable:
    return Unreadable(contact.channel, contact.external_id, contact.received, reason, contact.raw, contact.raw_type)


def _key(contact: Contact) -> ContactKey:
    return contact.channel, contact.external_id[:255]


def _today(session: Session) -> date:
    return now().astimezone(ZoneInfo(editions.deciding(session).rulebook.municipality.timezone)).date()


def _known(session: Session, contacts: Sequence[Contact]) -> dict[ContactKey, Arrival]:
    """The contacts that came in before, with the ticket each one belongs to."""
    if not contacts:
        return {}
    rows = session.execute(
        select(TakenContact, Ticket)
        .join(Message, Message.contact_id == TakenContact.id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(tuple_(TakenContact.channel, TakenContact.external_id).in_(sorted({_key(each) for each in contacts})))
        .order_by(Message.id.desc())
    )
    return {(row.channel, row.external_id): Arrival(row.id, ticket, known=True) for row, ticket in rows}


class _Batch:
    """Contacts that are new to the hub, on their way in together; look-ups and inserts are made for all at once."""

    def __init__(self, session: Session, deciding: Deciding, contacts: list[Contact]) -> None:
        self.session = session
        self.deciding = deciding
        self.contacts = contacts
        self.today = _today(session)
        self.people = people.known_by_address(session, filter(None, map(people.address_of, contacts)))
        self.tickets = self._continued()
        self.files: dict[str, bytes | bytearray | memoryview] = {}
        self.opened: list[tuple[Ticket, Contact, TakenContact, StoredDecision]] = []

    def take_in(self) -> dict[ContactKey, Arrival]:
        """Stores everything; gives what became of each contact."""
        if not self.contacts:
            return {}
        taken = {_key(contact): self._keep(contact) for contact in self.contacts}
        self.session.add_all(taken.values())
        placed = {_key(contact): self._place(contact, taken[_key(contact)]) for contact in self.contacts}
        self.session.flush()
        for contact in self.contacts:
            self._say(contact, taken[_key(contact)], placed[_key(contact)])
        self._tell_opened()
        blobs.store(self.session, self.files)
        self.session.flush()
        return {key: Arrival(taken[key].id, placed[key], known=False) for key in taken}

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

    def _keep(self, contact: Contact) -> TakenContact:
        """The contact as it will stand in the database, with its original among the files to store."""
        sha256 = blobs.digest(contact.raw)
        self.files[sha256] = contact.raw
        person = self._person(contact)
        return TakenContact(
            channel=contact.channel,
            external_id=contact.external_id[:255],
            received_at=contact.received,
            person=person,
            subject=contact.subject,
            sender=contact.sender,
            sender_name=contact.sender_name,
            language=contact.language,
            automatic=contact.automatic,
            facts=_facts(contact),
            raw_sha256=sha256,
            raw_type=contact.raw_type,
        )

    def _person(self, contact: Contact) -> Person | None:
        key = people.address_of(contact)
        if key is None:
            return None
        if key not in self.people:
            self.people[key] = people.new_person(contact.sender_name, key)
        return self.people[key]

    def _place(self, contact: Contact, taken: TakenContact) -> Ticket:
        """The ticket this contact continues, or a new one in the queue the rules decide on."""
        ticket = next((self.tickets[key[:255]] for key in contact.answers if key[:255] in self.tickets), None)
        if ticket is None:
            ticket = self._open(contact, taken)
        if contact.message_id:
            self.tickets.setdefault(contact.message_id[:255], ticket)
        return ticket

    def _open(self, contact: Contact, taken: TakenContact) -> Ticket:
        rulebook, edition = self.deciding.rulebook, self.deciding.edition
        decision = rulebook.decide(contact)
        due = calendars.due(rulebook, rulebook.queues[decision.queue], contact.received)
        ticket = Ticket.open(contact, decision, edition=edition, due=due, person=taken.person)
        stored = StoredDecision(edition_id=edition, rule=decision.rule, queue_id=decision.queue, record=decision.as_record())
        self.session.add(ticket)
        self.opened.append((ticket, contact, taken, stored))
        return ticket

    def _say(self, contact: Contact, taken: TakenContact, ticket: Ticket) -> None:
        """Adds what the citizen wrote to the ticket's conversation, with its files."""
        message = Message(
            ticket_id=ticket.id,
            contact_id=taken.id,
            kind="said",
            channel=contact.channel,
            at=contact.received,
            author_name=contact.sender_name or contact.sender,
            text=contact.message,
            quoted=contact.quoted,
            message_id=contact.message_id or None,
            attachments=[self._attachment(each) for each in contact.attachments],
        )
        if any(ticket is opened for opened, first, _, _ in self.opened if first is contact):
            self.session.add(message)
        else:
            ticket.hear(message, automatic=bool(contact.automatic))

    def _attachment(self, attachment: Attachment) -> StoredAttachment:
        sha256 = blobs.digest(attachment.content)
        self.files[sha256] = attachment.content
        return StoredAttachment(
            name=attachment.name,
            content_type=attachment.content_type,
            size=len(attachment.content),
            sha256=sha256,
            content_id=attachment.content_id,
            inline=attachment.inline,
        )

    def _tell_opened(self) -> None:
        """Stores why each new ticket went where it went, confirms it to the citizen, and tells the desks."""
        written = outbox.lately_written_to(self.session, {contact.sender.lower() for _, contact, _, _ in self.opened})
        for ticket, contact, taken, stored in self.opened:
            stored.ticket_id, stored.contact_id = ticket.id, taken.id
            self.session.add(stored)
            live.note(self.session, ticket.news("routed"))
            address = contact.sender.lower()
            if _may_confirm(contact, stored) and written.get(address, 0) < MAILS_AN_HOUR:
                written[address] = written.get(address, 0) + 1
                self._confirm(ticket, contact)

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


def _facts(contact: Contact) -> dict[str, object]:
    """What rules may ask of the contact that has no column of its own."""
    return {
        "form": contact.form,
        "fields": dict(contact.fields),
        "postcode": contact.postcode,
        "topic": contact.topic,
        "headers": dict(contact.headers),
        "recipients": list(contact.recipients),
    }
