"""Where the time of a mail goes: fetched, parsed, split, routed and stored, beside the stdlib parse of the same mails."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from channels.email.quoting import divided
from channels.email.reading import CHANNEL, read_mail
from contact_hub import editions, intake
from contact_hub.contact import Contact
from contact_hub.database import connect, disconnect, reading

BATCH = 50
RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)


def of(batch: Sequence[bytes], url: str) -> dict[str, float]:
    """Seconds by phase for these mails, in this process, one phase after the other, into the prepared database at `url`."""
    connect(url)
    editions.forget()
    seconds: dict[str, float] = {}
    with _timed(seconds, "parse"):
        contacts = [read_mail(raw, RECEIVED) for raw in batch]
    with _timed(seconds, "split"):
        for contact in contacts:
            divided(f"{contact.message}\n\n{contact.quoted}")
    with reading() as session:
        rulebook = editions.deciding(session).rulebook
    rulebook.decide(contacts[0])
    with _timed(seconds, "route"):
        for contact in contacts:
            rulebook.decide(contact)
    with _timed(seconds, "store"):
        _store(contacts)
    disconnect()
    seconds["parse"] -= seconds["split"]
    seconds["store"] -= seconds["route"]
    return seconds


def _store(contacts: Sequence[Contact]) -> None:
    for start in range(0, len(contacts), BATCH):
        intake.receive(contacts[start : start + BATCH], channel=CHANNEL)


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[phase] = time.perf_counter() - start
