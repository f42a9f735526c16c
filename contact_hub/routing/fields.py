"""What rules see of a contact: its fields under the names the rules file uses, each read once and only when asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from contact_hub.contact import Contact
from contact_hub.routing.text import READ_AT_MOST, Trace, fold, trace

WRITTEN = {
    "subject": ("subject",),
    "message": ("message",),
    "quoted": ("quoted",),
    "text": ("subject", "message"),
    "everything": ("subject", "message", "quoted"),
    "attachment": ("attachment",),
}
"""Fields compared by words, with the originals they are made of; `form.<field>` and `header.<name>` come on top."""

EXACT = ("channel", "language", "form", "topic", "automatic")
ADDRESSES = ("sender", "sender domain", "recipient")
PERSON = ("person.known", "person.open tickets")
OTHERS = ("postcode", "received", *PERSON, "has")

Sieve = Callable[[str, Sequence[Any]], Sequence[Any]]
"""Of the words that are looked for in a text field, those that may stand there: an index that looked before knows."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def _everything(_field: str, words: Sequence[Any]) -> Sequence[Any]:
    return words


def is_written(field: str) -> bool:
    """Whether the field holds text, compared by words."""
    return field in WRITTEN or (field.startswith(("form.", "header.")) and not field.endswith("."))


def one_name_of(field: str) -> str:
    """The field under the one name it has, however the rule writes it: header names are the same in any case."""
    return field.casefold() if field.startswith("header.") else field


def originals_of(field: str) -> tuple[str, ...]:
    """The fields whose original texts a text field is made of."""
    return WRITTEN.get(field, (field,))


class Reading:
    """One contact as the rules read it."""

    def __init__(self, contact: Contact, zone: ZoneInfo) -> None:
        self.contact = contact
        self._zone = zone
        self._folded: dict[str, str] = {}
        self._traces: dict[str, Trace] = {}
        self._encoded: dict[str, bytes] = {}
        self.sieve: Sieve = _everything

    def folded(self, field: str) -> str:
        """The words of a text field, folded, joined by single spaces with one at either end.

        A field made of several has each on a line of its own, so that no phrase runs from one into the other.
        """
        known = self._folded.get(field)
        if known is None:
            parts = originals_of(field)
            known = "\n".join(map(self.folded, parts)) if len(parts) > 1 else fold(self.original(field))
            self._folded[field] = known
        return known

    def original(self, part: str) -> str:
        """The text of one field as it came in; empty where the contact has no such field."""
        if part in ("subject", "message", "quoted"):
            text: str = getattr(self.contact, part)
            return text
        if part == "attachment":
            return "\n".join(f"{file.name} {file.content_type}" for file in self.contact.attachments)
        kind, _, name = part.partition(".")
        return self.contact.fields.get(name, "") if kind == "form" else self._headers.get(name.casefold(), "")

    def encoded(self, part: str) -> bytes:
        """What rules read of the original in UTF-8, for patterns; half a surrogate pair becomes a question mark."""
        known = self._encoded.get(part)
        if known is None:
            text = self.original(part)[:READ_AT_MOST]
            try:
                known = text.encode()
            except UnicodeEncodeError:
                known = _SURROGATE.sub("?", text).encode()
            self._encoded[part] = known
        return known

    def traced(self, part: str) -> Trace:
        """The words as `folded` gives them, with the way back to the original."""
        known = self._traces.get(part)
        if known is None:
            known = self._traces[part] = trace(self.original(part))
        return known

    def exact(self, field: str) -> str:
        """The value of a field that is compared as a whole."""
        value: str = getattr(self.contact, field)
        return value.casefold()

    def addresses(self, field: str) -> tuple[str, ...]:
        """The addresses of a field; for the sender's domain, the part behind the @."""
        if field == "recipient":
            return tuple([address.strip().casefold() for address in self.contact.recipients])
        sender = self.contact.sender.strip().casefold()
        value = sender.rpartition("@")[2] if field == "sender domain" and "@" in sender else sender
        return (value,) if value and (field == "sender" or "@" in sender) else ()

    @cached_property
    def postcode(self) -> int | None:
        """The digits of the postcode."""
        code = self.contact.postcode
        digits = code if code.isascii() and code.isdecimal() else "".join([each for each in code if each in "0123456789"])
        return int(digits[:9]) if digits else None

    @cached_property
    def received(self) -> datetime:
        """The moment of receipt on the municipality's clock."""
        return self.contact.received.astimezone(self._zone)

    def has(self, field: str) -> bool:
        """Whether the contact has anything in this field."""
        if field == "postcode":
            return self.postcode is not None
        if field in PERSON:
            return self.contact.person.known if field == "person.known" else self.contact.person.open_tickets > 0
        if field in ADDRESSES:
            return bool(self.addresses(field))
        if field in EXACT:
            return bool(self.exact(field))
        return any(self.original(part).strip() for part in originals_of(field))

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        return {name.casefold(): value for name, value in self.contact.headers.items()}
