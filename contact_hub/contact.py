"""The one shape every door delivers: a contact, frozen from the moment it came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

CHANNELS = ("email", "webform", "phone", "chat", "counter")
"""The doors that ship; a package of its own may bring others."""

Automatic = Literal["", "bounce", "delay", "out-of-office", "auto-reply", "list"]
Proof = Literal["", "proved", "unproved", "unchecked"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along; `content` holds its decoded bytes."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What was known of the sender at the moment of receipt, before this contact itself counted."""

    known: bool = False
    open_tickets: int = 0


@dataclass(frozen=True, slots=True)
class Trust:
    """What speaks for and against the sender being who the contact says.

    `proof` is empty where nobody looks, and "unchecked" where our server said nothing of this mail. `verdicts` are its
    results by method (spf, dkim, dmarc, arc); `warnings` tell by kind what of ours the sender only looks like.
    """

    proof: Proof = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def suspect(self) -> bool:
        """Whether links should not be followed with a single click."""
        return bool(self.warnings) or self.verdicts.get("dmarc") == "fail"


@dataclass(frozen=True, slots=True)
class FormMail:
    """Which template knew the mail of an older web form, and the labels that it did not find; then nothing was read back."""

    template: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing that came in through one door at one moment.

    `external_id` names it uniquely within its channel, so that the same thing delivered twice is known.
    `received` is aware and UTC. `message` is what the sender wrote newly, `quoted` all the rest of the text.
    `message_id` is the key later contacts answer to; `answers` holds the keys of what this one answers, nearest first.
    `forwarded_from` is the address of whoever wrote the mail that the sender passed on; `failure` says why the mail that a
    bounce or a delay answers did not arrive.
    """

    channel: str
    external_id: str
    received: datetime
    subject: str = ""
    message: str = field(default="", repr=False)
    quoted: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)
    sender_name: str = field(default="", repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)
    language: str = ""
    automatic: Automatic = ""
    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    postcode: str = ""
    topic: str = ""
    person: PersonFacts = PersonFacts()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    message_id: str = ""
    answers: tuple[str, ...] = ()
    trust: Trust = Trust()
    form_mail: FormMail = FormMail()
    forwarded_from: str = field(default="", repr=False)
    forwarded_name: str = field(default="", repr=False)
    failure: str = field(default="", repr=False)
    raw: bytes = field(default=b"", repr=False)
    raw_type: str = "application/octet-stream"
