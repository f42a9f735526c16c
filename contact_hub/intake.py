"""The gate: takes contacts in, each once, into a queue, in one transaction with everything that belongs to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from contact_hub import arrivals, blobs, editions, live, recall, troubles
from contact_hub.arrivals import SetAside, TakenContact
from contact_hub.batch import Arrival, Batch
from contact_hub.contact import Contact
from contact_hub.database import now
from contact_hub.messages import Message
from contact_hub.tickets import Ticket

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
    except Exception as error:  # noqa: BLE001 - one bad contact must leave the next untouched
        log.warning("a batch is taken in one by one", channel=channel, contacts=len(contacts), error=type(error).__name__)
    taken = [arrival for contact in contacts for arrival in _receive_alone(contact)]
    _commit((), unreadable, channel=channel, also=also)
    return taken


def take_in(session: Session, contacts: Sequence[Contact]) -> list[Arrival]:
    """Takes contacts of one door in, within the caller's transaction: known, or added to its ticket, or a new routed ticket.

    Gives an arrival for each contact, in order. The decision is that of the newest edition of the rules, about what can be
    kept of the contact.
    """
    contacts = [recall.keepable(contact) for contact in contacts]
    known = _known(session, contacts)
    fresh = {_key(contact): contact for contact in contacts if _key(contact) not in known}
    arrived = known | {_key(each.contact): each for each in Batch(session, list(fresh.values())).take_in()}
    day = today(session)
    for channel, offered in Counter(contact.channel for contact in contacts).items():
        taken = sum(contact.channel == channel for contact in fresh.values())
        arrivals.count(session, channel, day, Counter(taken=taken, known=offered - taken))
    arrivals.count_form_mails(session, day, [contact.form_mail for contact in fresh.values()])
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
    arrivals.count(session, unreadable.channel, today(session), Counter({"known" if known else "set_aside": 1}))


def today(session: Session) -> date:
    """The day on which something that comes in now is counted, by the clock of the municipality."""
    return now().astimezone(ZoneInfo(editions.deciding(session).rulebook.municipality.timezone)).date()


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
                arrivals.count(session, channel, today(session), offered)
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
    except Exception as error:  # noqa: BLE001 - one bad contact must leave the next untouched
        why = type(error).__name__
        log.error("a contact is set aside", channel=contact.channel, error=why)  # noqa: TRY400 - traces hold what people wrote
        unreadable = _as_unreadable(contact, f"{troubles.TAKING_IN_FAILED}: {why}")
        _commit((), [unreadable], channel=contact.channel, also=lambda session: None)
        return []


def _as_unreadable(contact: Contact, reason: str) -> Unreadable:
    received = contact.received if contact.received.tzinfo else now()  # nobody can say when a moment without a zone was
    return Unreadable(contact.channel, contact.external_id, received, reason, contact.raw, contact.raw_type)


def _key(contact: Contact) -> ContactKey:
    return contact.channel, contact.external_id[:255]


_KNOWN = (
    select(TakenContact.channel, TakenContact.external_id, TakenContact.id, Ticket)
    .join(Message, Message.contact_id == TakenContact.id)
    .join(Ticket, Ticket.id == Message.ticket_id)
    .where(TakenContact.channel.in_(bindparam("channels", expanding=True)))
    .where(TakenContact.external_id.in_(bindparam("external_ids", expanding=True)))
    .order_by(Message.id.desc())
)


def _known(session: Session, contacts: Sequence[Contact]) -> dict[ContactKey, Arrival]:
    """The contacts that came in before, with the ticket each one belongs to."""
    if not contacts:
        return {}
    offered = {_key(each): each for each in contacts}
    channels, external_ids = (list(dict.fromkeys(each)) for each in zip(*offered, strict=True))
    rows = session.execute(_KNOWN, {"channels": channels, "external_ids": external_ids})
    return {
        (channel, external_id): Arrival(offered[channel, external_id], contact_id, ticket, known=True)
        for channel, external_id, contact_id, ticket in rows
        if (channel, external_id) in offered
    }
