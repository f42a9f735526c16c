"""Whom an address means: told in confidence, somebody whom that queue knows in confidence; else somebody known in the open.

One address may therefore stand for two persons, until somebody who sees both says that they are one: a name that was told in
confidence is shown to nobody who merely knows the address.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message
from contact_hub.people import Address, AddressKey, Person
from contact_hub.queues import all_queues
from contact_hub.tickets import Ticket
from contact_hub.visibility import tickets_not_confidential

TOWNS = 8  # sets of queues whose statement is ready to be asked for again
OPENLY = ""  # the confidence of what is no secret


class Acquaintances:
    """The persons that these addresses stand for, and those met since; for one transaction."""

    def __init__(self, session: Session, keys: Iterable[AddressKey]) -> None:
        self._session = session
        self._queues = all_queues(session)  # kept: whoever asks in which queue a ticket is finds it there
        self.in_the_open = tickets_not_confidential(self._queues)
        self._closed = {queue.id for queue in self._queues if queue.is_confidential}
        self._bearers: dict[AddressKey, list[Address]] = {}
        self._met: dict[tuple[AddressKey, str], Person] = {}
        for key, address, is_open in self._found(set(keys)):
            self._bearers.setdefault(key, []).append(address)
            if is_open:
                self._met.setdefault((key, OPENLY), address.person)

    def confidence(self, queue: str, *, confidential: bool) -> str:
        """The queue in whose confidence it is told what stands in a ticket there, or OPENLY."""
        return queue if confidential or queue in self._closed else OPENLY

    def known(self, key: AddressKey, confidence: str = OPENLY) -> Person | None:
        """Whom the address means there."""
        if (key, confidence) not in self._met and confidence and (bearers := self._bearers.get(key)):
            found = self._in_confidence(bearers, confidence)
            if found is not None:
                self._met[key, confidence] = found
        return self._met.get((key, confidence))

    def meet(self, name: str, key: AddressKey, confidence: str) -> Person:
        """The same, or somebody seen there for the first time."""
        if self.known(key, confidence) is None:
            self._met[key, confidence] = Person(name=name[:255], addresses=[self.address(key)])
        return self._met[key, confidence]

    def address(self, key: AddressKey) -> Address:
        """The address for one more who has it."""
        bearers = self._bearers.setdefault(key, [])
        bearers.append(Address(kind=key[0], value=key[1], apart=max((each.apart + 1 for each in bearers), default=0)))
        return bearers[-1]

    def openly(self) -> Collection[Person]:
        """Those who are known in the open."""
        return {person for (_, confidence), person in self._met.items() if confidence == OPENLY}

    def _found(self, keys: Collection[AddressKey]) -> Iterable[tuple[AddressKey, Address, bool]]:
        """Each with its person, those who had it first before others, and whether they are known in the open."""
        if not keys:
            return
        kinds, values = (list(set(each)) for each in zip(*keys, strict=True))
        rows = self._session.execute(_bearers(self.in_the_open), {"kinds": kinds, "values": values})
        for address, is_open in rows:
            if (address.kind, address.value) in keys:
                yield (address.kind, address.value), address, is_open

    def _in_confidence(self, bearers: Iterable[Address], queue: str) -> Person | None:
        told = and_(Ticket.queue_id == queue, ~self.in_the_open)
        theirs = select(Address.person_id).where(Address.id.in_([each.id for each in bearers if each.id]))
        with self._session.no_autoflush:
            found = select(Person).where(Person.id.in_(theirs), _met_in(told))
            return self._session.scalar(found.order_by(Person.id).limit(1))


@lru_cache(maxsize=TOWNS)
def _bearers(in_the_open: ColumnElement[bool]) -> Select[Address, bool]:
    """Who has addresses of these `kinds` and `values`, and whether they are known in the open; made once for such tickets."""
    return (
        select(Address, _met_in(in_the_open))
        .join(Address.person)
        .options(contains_eager(Address.person))
        .where(Address.kind.in_(bindparam("kinds", expanding=True)), Address.value.in_(bindparam("values", expanding=True)))
        .order_by(Address.apart)
    )


def _met_in(tickets: ColumnElement[bool]) -> ColumnElement[bool]:
    """That one of these tickets is the person's, or has something that they said."""
    said = select(Message.id).join(TakenContact, TakenContact.id == Message.contact_id).join(Ticket)
    return or_(
        exists().where(Ticket.person_id == Person.id, tickets),
        said.where(TakenContact.person_id == Person.id, tickets).exists(),
    )
