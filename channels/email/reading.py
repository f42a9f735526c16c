"""Reads a raw mail into a Contact, whatever state it is in; touches no network, clock or database."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from channels.email.addresses import recipients_of, sender_of
from channels.email.automation import automation_of
from channels.email.bodies import Body, read_body
from channels.email.enclosed import text_of_enclosed
from channels.email.failures import failure_of
from channels.email.forwards import first_writer
from channels.email.headers import Headers
from channels.email.identity import MOST_ANSWERS, answered_ids, external_id_of, message_id_of, returned_ids
from channels.email.invitations import KINDS, text_of_calendar
from channels.email.legacy import read_back
from channels.email.legacy_file import published
from channels.email.quoting import divided
from channels.email.splitting import Part, split
from channels.email.trust import trust_in
from contact_hub import troubles
from contact_hub.contact import Automatic, Contact
from contact_hub.house import House, ours
from contact_hub.language import language_of as detected_language

CHANNEL = "email"
MAIL = "message/rfc822"  # the type of its original

# The fields a reader, a rule or an answer may need; all others stay in the raw original.
KEPT_HEADERS = (
    "date",
    "reply-to",
    "return-path",
    "importance",
    "x-priority",
    "auto-submitted",
    "precedence",
    "list-id",
    "list-unsubscribe",
    "x-autoreply",
    "x-autorespond",
    "x-auto-response-suppress",
    "x-failed-recipients",
    "authentication-results",
    "x-spam-flag",
    "resent-from",
    "x-forwarded-for",
    "x-forwarded-to",
    "x-ms-exchange-generated-message-source",
)
_LONGEST_HEADER = 1_000
_LONGEST_SUBJECT = 2_000


class UnreadableMail(Exception):
    """What came is not a mail; `reason` says why, for the one who looks at what was set aside."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_mail(
    raw: bytes | bytearray | memoryview,
    received: datetime,
    language_of: Callable[[str], str] = detected_language,
    house: House | None = None,
) -> Contact:
    """The mail as a Contact that keeps `raw` itself; `received` is aware and UTC.

    The `external_id` is the Message-ID and a hash of the body, so that one mail delivered to two mailboxes is one
    contact. `house` says whose mail it is, by default that of this process. Raises UnreadableMail for what is empty or
    holds no header field at all, and nothing else.
    """
    raw = _with_line_ends(bytes(raw))
    root = _opened(raw)
    body = read_body(root)
    house = house or ours()
    contact = _judged(_written(raw, root, body, received, language_of), root, body, house)
    return read_back(contact, root, published(house.form_mails))


def _opened(raw: bytes) -> Part:
    """The mail as a tree of parts. Raises UnreadableMail."""
    if not raw or raw.isspace():
        raise UnreadableMail(troubles.EMPTY_MAIL)
    root = split(raw)
    if not root.headers.fields:
        raise UnreadableMail(troubles.NO_HEADER)
    return root


def _written(raw: bytes, root: Part, body: Body, received: datetime, language_of: Callable[[str], str]) -> Contact:
    """What stands in the mail."""
    headers = root.headers
    sender, sender_name = sender_of(headers)
    message, quoted = _divided(body)
    return Contact(
        channel=CHANNEL,
        external_id=external_id_of(raw, root.start, headers),
        received=received,
        subject=headers.text("subject")[:_LONGEST_SUBJECT],
        message=message,
        quoted=quoted,
        sender=sender,
        sender_name=sender_name,
        recipients=recipients_of(headers),
        language=language_of(message),
        headers=_kept(headers),
        attachments=tuple(body.attachments),
        message_id=message_id_of(headers),
        raw=raw,
        raw_type=MAIL,
    )


def _judged(written: Contact, root: Part, body: Body, house: House) -> Contact:
    """With what kind of mail it is, what it answers, who wrote it first, and how far its sender can be trusted."""
    sender, subject, message = written.sender, written.subject, written.message
    automatic = automation_of(root, sender=sender, subject=subject, text=message)
    inside, inside_name = first_writer(subject, f"{message}\n{written.quoted}", body.attachments, sender=sender)
    return replace(
        written,
        automatic=automatic,
        answers=_answers(root, automatic),
        forwarded_from=inside,
        forwarded_name=inside_name,
        failure=failure_of(root, body.text) if automatic in ("bounce", "delay") else "",
        trust=trust_in(root.headers, sender=sender, sender_name=written.sender_name, house=house),
    )


def _divided(body: Body) -> tuple[str, str]:
    """(newly written, the rest); enclosed mails belong to the rest, unless there is nothing else to read."""
    invitations = (text_of_calendar(file.content) for file in body.attachments if file.content_type in KINDS)
    message, quoted = divided("\n\n".join(filter(None, [body.text, *dict.fromkeys(invitations)])))
    enclosed = text_of_enclosed(body.attachments, body.room)
    if not message.strip():
        return enclosed, quoted
    return message, "\n\n".join(filter(None, [quoted, enclosed]))


def _answers(root: Part, automatic: Automatic) -> tuple[str, ...]:
    """What a mail answers; a bounce answers first of all the mail that it gives back."""
    returned = returned_ids(root) if automatic in ("bounce", "delay") else ()
    return tuple(dict.fromkeys([*returned, *answered_ids(root.headers)]))[:MOST_ANSWERS]


def _kept(headers: Headers) -> Mapping[str, str]:
    return MappingProxyType({name: headers.text(name)[:_LONGEST_HEADER] for name in KEPT_HEADERS if headers.has(name)})


def _with_line_ends(raw: bytes) -> bytes:
    """A mail whose lines end in a bare CR, as old programs stored them, gets line ends that can be read."""
    return raw if b"\n" in raw[:4_000] or b"\r" not in raw else raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
