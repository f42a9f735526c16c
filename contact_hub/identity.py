"""Whose question it is: the person of a ticket put right, and persons who are one made one, until somebody says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, selectinload

from contact_hub import people, search, threads
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.conditions import written_out
from contact_hub.database import Base, now
from contact_hub.history import StoredDecision
from contact_hub.messages import Message
from contact_hub.people import Address, AddressKey, Person
from contact_hub.recognition import Acquaintances
from contact_hub.tickets import Refused, Ticket

MOST_LIKE = 3  # persons offered as perhaps the same
SEEN = 256  # conditions by which tickets are seen, of which the question for others is ready to be asked again


class PersonMerge(Base):
    """That `gone` was found to be `kept`: what was moved, by its ids, so that it can be moved back."""

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    moved: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]


class PersonApart(Base):
    """That two persons of one name are two, whoever proposes them again; `one_id` is the lower id."""

    __tablename__ = "person_apart"

    one_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True)
class Details:
    """What is known of a person: `addresses` are the ones known already, by id, each as it should be or empty to forget it."""

    name: str = ""
    mail: str = ""
    phone: str = ""
    language: str = ""
    door: str = ""
    on_behalf_of: str = ""
    addresses: Mapping[int, str] = field(default_factory=dict)


def citizen_is(session: Session, ticket: Ticket, address: str, *, by: Agent, name: str = "") -> None:
    """Says whose question it is, as after somebody else passed it on: answers go to this address. Raises Refused."""
    kind, value = _key_of(address)
    known = Acquaintances(session, [(kind, value)])
    person = known.meet(name, (kind, value), known.confidence(ticket.queue_id, confidential=ticket.confidential))
    before = ticket.person_id
    _is_from(session, ticket, person)
    if kind == "mail":
        ticket.answer_to = value
    session.add(person)
    session.flush()
    search.renew(session, [ticket.id])
    ticket.record("citizen_named", by=by, person=person.id, before=before)


def correct(session: Session, ticket: Ticket, details: Details, *, by: Agent) -> None:
    """Puts right what is known of the ticket's person, or says for the first time who it is. Raises Refused."""
    person = ticket.person or Person()
    ticket.on_behalf_of = details.on_behalf_of.strip()[:255]
    person.name = details.name.strip()[:255]
    person.language, person.door = details.language, details.door
    wanted = {(each.kind, each.value): details.addresses.get(each.id, each.value).strip() for each in person.ways}
    for address in list(person.addresses):
        _mend(session, ticket, person, address, wanted[address.kind, address.value])
    for kind, typed in (("mail", details.mail), ("phone", details.phone)):
        if typed.strip():
            _add(session, ticket, person, _key_of(typed, kind))
    if ticket.person is None and (person.name or person.addresses):
        _is_from(session, ticket, person)
    session.flush()
    if ticket.person is not None:
        search.renew_of_person(session, ticket.person)
    ticket.record("person_corrected", by=by)


def perhaps_the_same(session: Session, person: Person, among: ColumnElement[bool]) -> list[Person]:
    """Others who have the same address, or first and last name, and one of these tickets, the latest first."""
    is_told_apart = len(person.name.split()) > 1
    given = {"person": person.id} | ({"name": person.name.lower()} if is_told_apart else {})
    return list(session.scalars(_same(among, by_name=is_told_apart), given))


@lru_cache(maxsize=SEEN)
def _same(among: ColumnElement[bool], *, by_name: bool) -> Select[Person]:
    """Who shares an address with this `person`, or also this `name`; and has one of the tickets that are `among` these."""
    other, person = aliased(Person), bindparam("person", type_=Integer)
    tickets = select(Ticket.id).where(Ticket.person_id == other.id, among).exists()
    apart = exists().where(
        or_(
            and_(PersonApart.one_id == person, PersonApart.other_id == other.id),
            and_(PersonApart.one_id == other.id, PersonApart.other_id == person),
        )
    )
    found = _alike(person, by_name=by_name).subquery()
    place = (-found.c.person_id).label("place")
    in_order = select(place).order_by(place).subquery()  # the latest first: a database need look at no more than few of many
    same = select(other).join(in_order, other.id == -in_order.c.place).where(other.id != person, tickets, ~apart)
    return same.options(selectinload(other.addresses)).order_by(in_order.c.place).limit(written_out(MOST_LIKE))


def _alike(person: BindParameter[int], *, by_name: bool) -> CompoundSelect[int] | Select[int]:
    address = aliased(Address)
    shared = and_(address.kind == Address.kind, address.value == Address.value)
    reached = select(Address.person_id).join(address, shared).where(address.person_id == person)
    return union(reached, select(Person.id).where(func.lower(Person.name) == bindparam("name"))) if by_name else reached


def keep_apart(session: Session, ticket: Ticket, other: Person | None, *, by: Agent) -> None:
    """The ticket's person and this one are two, and are not proposed as one again. Raises Refused."""
    if ticket.person is None or other is None or other.id == ticket.person.id:
        raise Refused("person_missing")
    one, two = sorted((ticket.person.id, other.id))
    session.merge(PersonApart(one_id=one, other_id=two, by_id=by.id))
    ticket.record("persons_kept_apart", by=by)


def merge(session: Session, ticket: Ticket, gone: Person | None, *, by: Agent) -> None:
    """The ticket's person and this one are the same: addresses, tickets and contacts are theirs together. Raises Refused."""
    kept = ticket.person
    if kept is None or gone is None or gone.id == kept.id:
        raise Refused("person_missing")
    moved = {
        table.__tablename__: list(session.scalars(select(table.id).where(table.person_id == gone.id).order_by(table.id)))
        for table in (Address, Ticket, TakenContact)
    }
    _give(session, moved, kept.id, of=gone.id)
    session.add(PersonMerge(kept_id=kept.id, gone_id=gone.id, moved=moved, by_id=by.id))
    ticket.record("persons_merged", by=by)


def part(session: Session, ticket: Ticket, number: int, *, by: Agent) -> None:
    """They are not the same after all: each has again what was moved, but for what somebody gave to a third. Raises Refused."""
    done = session.get(PersonMerge, number, with_for_update=True)
    if done is None or done.undone_at is not None or done.kept_id != ticket.person_id:
        raise Refused("person_missing")
    _give(session, done.moved, done.gone_id, of=done.kept_id)
    _give(session, _came_since(session, done), done.gone_id, of=done.kept_id)
    done.undone_at = now()
    ticket.record("persons_parted", by=by)


def merged_into(session: Session, person: Person) -> list[tuple[PersonMerge, Person]]:
    """Who was found to be this person, and can be parted again."""
    done = select(PersonMerge, Person).join(Person, Person.id == PersonMerge.gone_id)
    rows = session.execute(
        done.where(PersonMerge.kept_id == person.id, PersonMerge.undone_at.is_(None)).order_by(PersonMerge.id)
    )
    return [(merge, gone) for merge, gone in rows]


def _is_from(session: Session, ticket: Ticket, person: Person) -> None:
    """The ticket is this person's, and so are the contacts in it that were taken for those of whose it was before."""
    session.add(person)
    session.flush()
    said = select(Message.contact_id).where(Message.ticket_id == ticket.id, Message.contact_id.is_not(None))
    taken_for = TakenContact.person_id.is_not_distinct_from(ticket.person_id)
    session.execute(update(TakenContact).where(TakenContact.id.in_(said), taken_for).values(person_id=person.id))
    ticket.person = person


def _came_since(session: Session, done: PersonMerge) -> dict[str, list[int]]:
    """What came in while they were one, from an address that is again the other's, and the tickets it opened."""
    theirs = _addresses(session, done.gone_id) - _addresses(session, done.kept_id)
    since = select(TakenContact).where(TakenContact.person_id == done.kept_id, TakenContact.taken_at >= done.at)
    contacts = [each.id for each in session.scalars(since) if people.key_of(each.channel, each.sender) in theirs]
    opened = select(StoredDecision.ticket_id).where(StoredDecision.contact_id.in_(contacts))
    return {
        Address.__tablename__: [],
        Ticket.__tablename__: list(session.scalars(opened)),
        TakenContact.__tablename__: contacts,
    }


def _addresses(session: Session, person: int) -> set[AddressKey]:
    return {(each.kind, each.value) for each in session.scalars(select(Address).where(Address.person_id == person))}


def _give(session: Session, moved: Mapping[str, list[int]], to: int, *, of: int) -> None:
    for table in (Address, Ticket, TakenContact):
        rows = update(table).where(table.id.in_(moved[table.__tablename__]), table.person_id == of)
        session.execute(rows.values(person_id=to))
    session.expire_all()
    search.renew(session, moved[Ticket.__tablename__])


def _mend(session: Session, ticket: Ticket, person: Person, address: Address, wanted: str) -> None:
    if wanted == address.value or address.kind == "chat":
        return
    person.addresses.remove(address)
    session.delete(address)
    session.flush()
    if wanted:
        _add(session, ticket, person, _key_of(wanted, address.kind))


def _add(session: Session, ticket: Ticket, person: Person, key: AddressKey) -> None:
    """One more way to reach them, unless it is somebody else's of whom those may know who read the ticket."""
    if any((each.kind, each.value) == key for each in person.addresses):
        return
    known = Acquaintances(session, [key])
    if known.known(key, known.confidence(ticket.queue_id, confidential=ticket.confidential)):
        raise Refused("address_of_another")
    person.addresses.append(known.address(key))


def _key_of(address: str, kind: str = "") -> AddressKey:
    """The address as it is kept; a mail address unless it is a number. Raises Refused."""
    number = people.e164(address)
    if kind == "phone" or (not kind and number and "@" not in address):
        if not number:
            raise Refused("number_wrong")
        return "phone", number
    try:
        mail = validate_email(address.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Refused("address_wrong") from None
    if threads.is_own(mail):
        raise Refused("address_ours")
    return "mail", mail
