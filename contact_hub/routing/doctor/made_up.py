"""Made-up messages: contacts that show what a finding means, written as an example in the file would be."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.routing.doctor.patterns import text_for
from contact_hub.routing.file.samples import WORKING_MONDAY
from contact_hub.routing.words import Pattern, Plain

_FILLERS = ("", "qx")
_JOINTS = (" ", ". ", " qz ")


@dataclass
class Draft:
    """What a made-up contact must hold: words for each original field, and the values of the others."""

    needles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, list[Plain | Pattern]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=list)
    received: datetime = WORKING_MONDAY
    known: bool = False
    open_tickets: int = 0

    def contacts(self) -> Iterator[Contact]:
        """Ways to write it, the most natural first: words may have to be kept apart, or longer than they are."""
        channels = dict.fromkeys(("email", self.values.get("channel", "email")))
        moments = dict.fromkeys((WORKING_MONDAY, self.received))
        for joint, filler, received, channel in product(_JOINTS, _FILLERS, moments, channels):
            texts = {part: _text(words, joint, filler) for part, words in self.words.items()}
            yield self._contact(channel, received, texts)

    def _contact(self, channel: str, received: datetime, texts: dict[str, str]) -> Contact:
        return Contact(
            channel=channel,
            external_id="made up",
            received=received,
            subject=texts.get("subject", ""),
            message=texts.get("message", ""),
            quoted=texts.get("quoted", ""),
            sender=self.values.get("sender", ""),
            recipients=tuple(self.recipients),
            language=self.values.get("language", ""),
            automatic=self.values.get("automatic", ""),  # type: ignore[arg-type]
            form=self.values.get("form", ""),
            fields=_under("form.", texts),
            postcode=self.values.get("postcode", ""),
            topic=self.values.get("topic", ""),
            headers=_under("header.", texts),
            attachments=tuple(Attachment(text, "", b"") for text in [texts.get("attachment", "")] if text),
            person=PersonFacts(self.known, self.open_tickets),
        )


def written(contact: Contact) -> str:
    """The contact as an example in the file: its message alone, or keys and values."""
    given: dict[str, object] = {}
    for name in ("subject", "quoted", "sender", "language", "automatic", "form", "postcode", "topic"):
        given[name] = getattr(contact, name)
    given["text"] = contact.message
    given["channel"] = contact.channel if contact.channel != "email" else ""
    given["recipient"] = list(contact.recipients)
    given["fields"] = dict(contact.fields)
    given["headers"] = dict(contact.headers)
    given["attachment"] = [file.name for file in contact.attachments]
    given["received"] = contact.received.isoformat() if contact.received != WORKING_MONDAY else ""
    given["person"] = _person(contact.person)
    said = {name: value for name, value in given.items() if value}
    if said.keys() <= {"text"}:
        return json.dumps(contact.message, ensure_ascii=False)
    return f"{{{', '.join(f'{name}: {json.dumps(value, ensure_ascii=False)}' for name, value in said.items())}}}"


def _person(person: PersonFacts) -> dict[str, object]:
    told = {"known": "yes" if person.known else "", "open tickets": str(person.open_tickets or "")}
    return {name: value for name, value in told.items() if value}


def _text(words: list[Plain | Pattern], joint: str, filler: str) -> str:
    return joint.join(text for text in [_word(word, filler) for word in words] if text)


def _word(word: Plain | Pattern, filler: str) -> str:
    if isinstance(word, Pattern):
        return text_for(word)
    bare = word.written.strip("*")
    before = filler if word.written.startswith("*") else ""
    return f"{before}{bare}{filler if word.written.endswith('*') else ''}"


def _under(prefix: str, texts: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in texts.items() if name.startswith(prefix) and text}
