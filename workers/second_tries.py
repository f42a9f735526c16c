"""Tries again what was set aside: a later version of the hub may read what an earlier one could not."""

import structlog
from sqlalchemy import select

from channels.email.reading import MAIL, UnreadableMail, read_mail
from contact_hub import blobs, intake
from contact_hub.arrivals import SetAside
from contact_hub.contact import Contact
from contact_hub.database import Session, now, reading

log = structlog.get_logger()


def try_every_mail() -> int:
    """Takes in each mail that can be read by now; gives how many. The others stay where they are."""
    with reading() as session:
        waiting = select(SetAside.id).where(SetAside.settled_at.is_(None), SetAside.raw_type == MAIL)
        numbers = list(session.scalars(waiting.order_by(SetAside.id)))
    return sum(_try(number) for number in numbers)


def _try(number: int) -> bool:
    contact = _read(number)
    if contact is None or not intake.receive([contact], channel=contact.channel):
        return False
    with Session.begin() as session:
        session.get_one(SetAside, number).settled_at = now()
    log.info("what was set aside is taken in", set_aside=number)
    return True


def _read(number: int) -> Contact | None:
    with reading() as session:
        aside = session.get_one(SetAside, number)
        raw = b"".join(blobs.load(session, aside.raw_sha256))
    try:
        return read_mail(raw, aside.received_at)
    except UnreadableMail:
        return None
    except Exception as error:  # noqa: BLE001 - one bad mail must never hold up the next
        log.warning("what was set aside still can't be read", set_aside=number, error=type(error).__name__)
        return None
