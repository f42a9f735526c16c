"""Mails for the tests: the invented ones from tests/emails, and small ones built on the spot."""

from datetime import UTC, datetime
from pathlib import Path

from channels.email.reading import read_mail
from contact_hub.contact import Contact

EMAILS = Path(__file__).parents[2] / "emails"
RECEIVED = datetime(2025, 3, 3, 10, 5, tzinfo=UTC)


def an_eml(name: str) -> bytes:
    return (EMAILS / f"{name}.eml").read_bytes()


def a_mail(body: str | bytes = "Dag, wanneer komt de ophaling?", **headers: str | bytes) -> bytes:
    """A valid mail; give headers with underscores (`Content_Type=…`), '' to leave one out."""
    fields: dict[str, str | bytes] = {
        "From": "An Peeters <an@post.example>",
        "To": "onthaal@lindervelde.example",
        "Subject": "Vraag",
        "Message-ID": "<1@post.example>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [name.encode() + b": " + _bytes(value) for name, value in fields.items() if value]
    return b"\n".join(lines) + b"\n\n" + _bytes(body)


def read(raw: bytes) -> Contact:
    return read_mail(raw, RECEIVED)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
