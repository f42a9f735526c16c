"""Tries a mail again that was set aside: a later version of the hub may read what an earlier one could not."""

import structlog

from channels.email.reading import UnreadableMail, read_mail
from contact_hub import blobs, intake, troubles
from contact_hub.arrivals import SetAside
from contact_hub.contact import Contact
from contact_hub.database import Session, now, reading

log = structlog.get_logger()


def try_again(number: int) -> bool:
    """Takes the mail in if it can be read by now; else it stays where it is, with the reason of this try."""
    read = _read(number)
    taken = isinstance(read, Contact) and bool(intake.receive([read], channel=read.channel))
    with Session.begin() as session:
        aside = session.get_one(SetAside, number)
        aside.tried_at = now()
        if taken:
            aside.settle(because=troubles.READ_AT_LAST)
        elif isinstance(read, str) and aside.reason.partition(":")[0] != troubles.NOT_GIVEN:
            aside.reason = read
    if taken:
        log.info("what was set aside is taken in", set_aside=number)
    return taken


def _read(number: int) -> Contact | str:
    """The mail as a contact, or why it is none."""
    with reading() as session:
        aside = session.get_one(SetAside, number)
        raw = b"".join(blobs.load(session, aside.raw_sha256))
    try:
        return read_mail(raw, aside.received_at)
    except UnreadableMail as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - one bad mail must never hold up the next
        log.warning("what was set aside still can't be read", set_aside=number, error=type(error).__name__)
        return f"{troubles.READING_FAILED}: {type(error).__name__}"
