"""A contact as the rules saw it: brought to the form that can be kept before they decide, and rebuilt from what was kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contact_hub.arrivals import TakenContact
from contact_hub.conditions import one_of
from contact_hub.contact import Attachment, Automatic, Contact, PersonFacts
from contact_hub.database import Words
from contact_hub.messages import Message, StoredAttachment
from contact_hub.people import Address, Person

AT_ONCE = 500  # contacts of one look-up
SAID_SELDOM = ("forwarded_from", "forwarded_name", "failure")  # what rules do not ask, kept where a contact has it

_text = Words()


def keepable(contact: Contact) -> Contact:
    """The contact with every word as the database will give it back, so that a decision can be taken again later."""
    return replace(
        contact,
        external_id=_fit(TakenContact.external_id, contact.external_id),
        subject=_text.kept(contact.subject),
        message=_text.kept(contact.message),
        quoted=_text.kept(contact.quoted),
        sender=_fit(TakenContact.sender, contact.sender),
        sender_name=_fit(TakenContact.sender_name, contact.sender_name),
        recipients=tuple(map(_text.kept, contact.recipients)),
        fields={_text.kept(name): _text.kept(value) for name, value in contact.fields.items()},
        postcode=_text.kept(contact.postcode),
        topic=_text.kept(contact.topic),
        headers={_text.kept(name): _text.kept(value) for name, value in contact.headers.items()},
        attachments=tuple(map(_keepable_file, contact.attachments)),
        forwarded_from=_fit(Address.value, contact.forwarded_from.strip().lower()),
        forwarded_name=_fit(Person.name, contact.forwarded_name),
        failure=_text.kept(contact.failure),
    )


def facts_of(contact: Contact) -> dict[str, Any]:
    """What rules may ask of the contact that has no column of its own."""
    return (
        {
            "form": contact.form,
            "fields": dict(contact.fields),
            "postcode": contact.postcode,
            "topic": contact.topic,
            "headers": dict(contact.headers),
            "recipients": list(contact.recipients),
            "person": asdict(contact.person),
        }
        | _form_mail(contact)
        | {name: said for name in SAID_SELDOM if (said := getattr(contact, name))}
    )


def _form_mail(contact: Contact) -> dict[str, Any]:
    return {"form_mail": asdict(contact.form_mail)} if contact.form_mail.template else {}


def as_decided(session: Session, contact_ids: Iterable[int]) -> dict[int, Contact]:
    """The contacts with these ids as the rules saw them when they came in; an id there is none of is left out.

    What rules never read is empty: the original, the bytes of the files, the keys of the thread.
    """
    wanted = list(contact_ids)
    found: dict[int, Contact] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = _rows(session, wanted[start : start + AT_ONCE])
        files = _files(session, [row.message_id for row in rows.values() if row.has_files])
        found |= {
            number: _rebuilt(row.TakenContact, row.text, row.quoted, files[row.message_id]) for number, row in rows.items()
        }
    return found


def as_said(contact: TakenContact, message: Message) -> Contact:
    """The same of a contact whose message is at hand."""
    return _rebuilt(contact, message.text, message.quoted, map(_empty, message.attachments))


def _fit(column: InstrumentedAttribute[str], text: str) -> str:
    return cast(Words, column.type).kept(text)


def _keepable_file(file: Attachment) -> Attachment:
    name, content_type = _fit(StoredAttachment.name, file.name), _fit(StoredAttachment.content_type, file.content_type)
    return replace(file, name=name, content_type=content_type)


_HAS_FILES = exists().where(StoredAttachment.message_id == Message.id)
_KEPT = (
    select(TakenContact, Message.id.label("message_id"), Message.text, Message.quoted, _HAS_FILES.label("has_files"))
    .join(Message, Message.contact_id == TakenContact.id)
    .where(one_of(TakenContact.id, "ids"))
    .order_by(Message.id.desc())
)
_FILES = select(StoredAttachment).where(one_of(StoredAttachment.message_id, "ids")).order_by(StoredAttachment.id)


def _rows(session: Session, contact_ids: Sequence[int]) -> dict[int, Any]:
    """What was kept of each contact, with the first message it made: a linked ticket has a copy of it."""
    return {row.TakenContact.id: row for row in session.execute(_KEPT, {"ids": contact_ids})}


def _files(session: Session, message_ids: Sequence[int]) -> defaultdict[int, list[Attachment]]:
    files: defaultdict[int, list[Attachment]] = defaultdict(list)
    if not message_ids:
        return files
    for file in session.scalars(_FILES, {"ids": message_ids}):
        files[file.message_id].append(_empty(file))
    return files


def _empty(file: StoredAttachment) -> Attachment:
    return Attachment(file.name, file.content_type, b"", file.content_id, file.inline)


def _rebuilt(taken: TakenContact, text: str, quoted: str, files: Iterable[Attachment]) -> Contact:
    facts = taken.facts
    return Contact(
        channel=taken.channel,
        external_id=taken.external_id,
        received=taken.received_at,
        subject=taken.subject,
        message=text,
        quoted=quoted,
        sender=taken.sender,
        sender_name=taken.sender_name,
        recipients=tuple(facts.get("recipients", ())),
        language=taken.language,
        automatic=cast(Automatic, taken.automatic),
        form=facts.get("form", ""),
        fields=facts.get("fields", {}),
        postcode=facts.get("postcode", ""),
        topic=facts.get("topic", ""),
        person=PersonFacts(**facts.get("person", {})),
        headers=facts.get("headers", {}),
        attachments=tuple(files),
    )
