"""Where a contact belongs: the ticket it goes on with, the one it perhaps belongs to, or none.

A mail goes on with a ticket when it answers what we wrote about it, or shows its token: both can't be guessed. What only
refers to a citizen's mail, shares an earlier mail with the ticket, or names its reference does so if its sender takes part
in that ticket; a stranger's is a new ticket, and the other one is offered to whoever works on it. What only asks how an
earlier question stands is offered too, in `chasing`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from contact_hub import people, threads
from contact_hub.arrivals import TakenContact
from contact_hub.contact import Contact
from contact_hub.courtesies import is_only_thanks
from contact_hub.messages import Answered, Message
from contact_hub.outbox import Outgoing
from contact_hub.people import Address
from contact_hub.references import number_in, references_in
from contact_hub.tickets import Ticket

EMAIL = "email"
NEAREST, FARTHEST = 20, 5  # answered mails of a long thread that are kept and looked for
LONGEST_KEY = 255
_FELLOWS = (
    select(Answered.key, Message.ticket_id)
    .join(Message, Message.id == Answered.message_id)
    .where(Answered.key.in_(bindparam("keys", expanding=True)))
    .distinct()
    .order_by(Message.ticket_id)
)


@dataclass(frozen=True)
class Place:
    """The ticket a contact goes on with; or, of a new one, the ticket that it follows or may belong to."""

    ticket: Ticket | None = None
    follows: Ticket | None = None
    perhaps: Ticket | None = None


@dataclass
class _Circle:
    """Who takes part in a ticket by mail: those who wrote, and those who were written to."""

    wrote: set[str] = field(default_factory=set)
    addressed: set[str] = field(default_factory=set)


class Belonging:
    """What is known of the tickets that these contacts may belong to; those are held, so that no verb crosses."""

    def __init__(self, session: Session, contacts: Sequence[Contact]) -> None:
        self._session = session
        mails = [contact for contact in contacts if contact.channel == EMAIL]
        keys = {key for contact in contacts for key in answered_keys(contact)}
        messages = self._messages(keys)
        fellows = self._fellows(keys | {contact.message_id[:LONGEST_KEY] for contact in mails if contact.message_id})
        named = {reference for contact in contacts for reference in _by_token(contact)}
        named |= {reference for contact in mails for reference in references_in(contact.subject)}
        numbers = {number for reference in named if (number := number_in(reference))}
        found = self._hold({number for _, number, _ in messages} | {number for _, number in fellows} | numbers)
        self._by_message: dict[str, list[tuple[Ticket, bool]]] = defaultdict(list)
        for key, number, ours in messages:
            self._by_message[key].append((found[number], ours))
        self._by_answered: dict[str, list[Ticket]] = defaultdict(list)
        for key, number in fellows:
            self._by_answered[key].append(found[number])
        self._by_reference = {ticket.reference: ticket for ticket in found.values()}
        self._circles: dict[Ticket, _Circle] = defaultdict(_Circle)
        self._later: dict[Ticket, Ticket] = {}
        if mails:
            self._learn_who_takes_part(found)

    def place_of(self, contact: Contact) -> Place:
        """Where this contact belongs. What comes long after its ticket was resolved opens one that follows it."""
        ticket = self._continued(contact)
        if ticket is None:
            perhaps = next(self._referred(contact), None) if contact.channel == EMAIL and not contact.automatic else None
            return Place(perhaps=perhaps)
        if contact.automatic or is_only_thanks(contact):
            return Place(ticket)
        while ticket.is_over(contact.received):
            later = self._follower(ticket)
            if later is None:
                return Place(follows=ticket)
            ticket = later
        return Place(ticket)

    def remember(self, contact: Contact, ticket: Ticket) -> None:
        """This contact went to that ticket: those that come after it may answer it."""
        if contact.message_id:
            self._by_message[contact.message_id[:LONGEST_KEY]].append((ticket, False))
        if contact.channel == EMAIL:
            for key in answered_keys(contact):
                self._by_answered[key].append(ticket)
            self._circles[ticket].wrote.add(_plain(contact.sender))
            self._circles[ticket].addressed.update(_others(contact.recipients))
        if ticket.follows:
            self._later[ticket.follows] = ticket

    def _continued(self, contact: Contact) -> Ticket | None:
        if contact.channel != EMAIL:  # a door of ours gives keys of its own, that only it knows
            known = (ticket for key in answered_keys(contact) for ticket, _ in self._by_message.get(key, ()))
            return next(chain(known, map(self._home, self._shown(contact))), None)
        proved = next(chain(self._written_by_us(contact), self._shown(contact)), None)
        if proved:
            return self._home(proved)
        sender = _plain(contact.sender)
        for ticket in chain(self._answering(contact), self._sharing(contact)):
            if self._takes_part(sender, ticket) or self._is_written_before(contact, ticket):
                return ticket
        return next((ticket for ticket in self._called(contact) if self._takes_part(sender, ticket)), None)

    def _written_by_us(self, contact: Contact) -> Iterator[Ticket]:
        found = (each for key in answered_keys(contact) for each in self._by_message.get(key, ()))
        return (ticket for ticket, ours in found if ours)

    def _shown(self, contact: Contact) -> Iterator[Ticket]:
        return (self._by_reference[each] for each in _by_token(contact) if each in self._by_reference)

    def _answering(self, contact: Contact) -> Iterator[Ticket]:
        """The tickets of the citizens' mails that it answers, nearest first."""
        return (ticket for key in answered_keys(contact) for ticket, ours in self._by_message.get(key, ()) if not ours)

    def _sharing(self, contact: Contact) -> Iterator[Ticket]:
        """The tickets with a mail that answers this one, or the same one, even if that one was never seen here."""
        keys = (contact.message_id[:LONGEST_KEY], *answered_keys(contact)) if contact.message_id else answered_keys(contact)
        return (ticket for key in keys for ticket in self._by_answered.get(key, ()))

    def _called(self, contact: Contact) -> Iterator[Ticket]:
        named = (self._by_reference.get(each) for each in references_in(contact.subject))
        return (self._home(ticket) for ticket in named if ticket)

    def _referred(self, contact: Contact) -> Iterator[Ticket]:
        """What it names openly; that strangers answer the same newsletter means nothing."""
        return chain(self._answering(contact), self._called(contact))

    def _takes_part(self, sender: str, ticket: Ticket) -> bool:
        circle = self._circles[ticket]
        return bool(sender) and not threads.is_own(sender) and (sender in circle.wrote or sender in circle.addressed)

    def _is_written_before(self, contact: Contact, ticket: Ticket) -> bool:
        """Whether somebody who wrote in the ticket gets this mail too: a stranger would not write under their eyes."""
        return not self._circles[ticket].wrote.isdisjoint(_others(contact.recipients))

    def _home(self, ticket: Ticket) -> Ticket:
        """Where the messages of a ticket went that was joined to another."""
        while ticket.joined_id:
            ticket = self._session.get_one(Ticket, ticket.joined_id)
        return ticket

    def _follower(self, ticket: Ticket) -> Ticket | None:
        if ticket in self._later or not ticket.id:
            return self._later.get(ticket)
        newest = select(Ticket).where(Ticket.follows_id == ticket.id).order_by(Ticket.id.desc()).limit(1)
        with self._session.no_autoflush:
            return self._session.scalar(newest.with_for_update())

    def _messages(self, keys: set[str]) -> list[tuple[str, int, bool]]:
        """Which of these mails were said or written in which ticket, and whether by us."""
        if not keys:
            return []
        ours = Message.kind != "said"
        wanted = select(Message.message_id, Message.ticket_id, ours).where(Message.message_id.in_(sorted(keys))).distinct()
        rows = self._session.execute(wanted.order_by(Message.ticket_id))
        return [(key, number, bool(by_us)) for key, number, by_us in rows if key]

    def _fellows(self, keys: set[str]) -> list[tuple[str, int]]:
        """Which tickets have a message that answers one of these mails."""
        if not keys:
            return []
        rows = self._session.execute(_FELLOWS, {"keys": sorted(keys)})
        return [(key, number) for key, number in rows]

    def _hold(self, numbers: set[int]) -> dict[int, Ticket]:
        if not numbers:
            return {}
        held = select(Ticket).where(Ticket.id.in_(sorted(numbers))).order_by(Ticket.id).with_for_update(of=Ticket)
        found = {ticket.id: ticket for ticket in self._session.scalars(held)}
        joined = {ticket.joined_id for ticket in found.values() if ticket.joined_id}
        return self._hold(joined - found.keys()) | found

    def _learn_who_takes_part(self, found: dict[int, Ticket]) -> None:
        if not found:
            return
        recipients = TakenContact.facts["recipients"].as_string()
        said = select(Message.ticket_id, TakenContact.sender, recipients).join(Message, Message.contact_id == TakenContact.id)
        for number, sender, addressed in self._session.execute(said.where(Message.ticket_id.in_(found)).distinct()):
            circle = self._circles[found[number]]
            circle.wrote.add(_plain(sender))
            circle.addressed.update(_others(json.loads(addressed or "[]")))
        written = select(Message.ticket_id, Outgoing.recipient).join(Message, Message.id == Outgoing.message_id)
        for number, recipient in self._session.execute(written.where(Message.ticket_id.in_(found)).distinct()):
            self._circles[found[number]].addressed.add(_plain(recipient))
        persons = select(Ticket.id, Address.value).join(Address, Address.person_id == Ticket.person_id)
        known = self._session.execute(persons.where(Ticket.id.in_(found), Address.kind == "mail"))
        for number, address in known:
            self._circles[found[number]].wrote.add(_plain(address))


def answered_keys(contact: Contact) -> tuple[str, ...]:
    """What the contact answers, nearest first, as it is kept: of a long thread its near end and its beginning."""
    keys = tuple(dict.fromkeys(answer[:LONGEST_KEY] for answer in contact.answers if answer))
    return keys if len(keys) <= NEAREST + FARTHEST else keys[:NEAREST] + keys[-FARTHEST:]


def is_echo(contact: Contact) -> bool:
    """Whether it is a mail of ours that came back to us as it was."""
    return contact.channel == EMAIL and threads.reference_by_token(contact.message_id) is not None


def _by_token(contact: Contact) -> Iterator[str]:
    """The references whose token the mail shows: in the address it was sent to, in what it answers, in its own name."""
    texts = (*contact.recipients, *answered_keys(contact), contact.message_id)
    return (reference for text in texts if (reference := threads.reference_by_token(text)))


def _plain(address: str) -> str:
    return address.strip().lower()[: people.LONGEST_ADDRESS]


def _others(addresses: Iterable[str]) -> set[str]:
    """Without our own: everybody writes to those."""
    return {_plain(address) for address in addresses if not threads.is_own(address)}
