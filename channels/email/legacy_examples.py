"""Whether templates of form mails still read what their own examples say."""

from collections.abc import Iterator
from datetime import UTC, datetime

from channels.email.legacy import read_back
from channels.email.legacy_file import Example, TemplateFile
from channels.email.reading import UnreadableMail, read_mail
from channels.email.splitting import split
from contact_hub.contact import Contact
from contact_hub.house import House
from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.said import Said, said

_RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


def astray(file: TemplateFile) -> list[Mistake]:
    """What the template reads otherwise than its examples say, each with the line of the example."""
    return [Mistake(each.node.line, each.node.column, *wrong) for each in file.examples for wrong in _wrong(file, each)]


def _wrong(file: TemplateFile, example: Example) -> Iterator[tuple[Said, Said]]:
    try:
        raw = example.mail.encode()
        contact = read_back(read_mail(raw, _RECEIVED, house=House()), split(raw), [file.template])
    except UnreadableMail:
        yield said("The mail of this example can't be read."), said("Give it with its header fields, as it came.")
        return
    if not contact.form_mail.template:
        yield said("The template does not know this mail."), said("Compare “from” and “subject” with its header fields.")
    elif contact.form_mail.missing:
        labels = ", ".join(contact.form_mail.missing)
        found = said("These labels are not in the mail of this example: %(labels)s.", labels=labels)
        yield found, said("Write them as the mail does, or mark their fields `optional: yes`.")
    else:
        yield from _differences(contact, example)


def _differences(contact: Contact, example: Example) -> Iterator[tuple[Said, Said]]:
    mend = said("Mend the field, or the example.")
    for name in sorted({*contact.fields, *example.fields}):
        read, wanted = contact.fields.get(name, ""), example.fields.get(name, "")
        if read.split() != wanted.split():
            yield said("The field “%(name)s” is read as “%(read)s”.", name=name, read=read[:80]), mend
    told = {
        "sender": contact.sender,
        "name": contact.sender_name,
        "subject": contact.subject,
        "postcode": contact.postcode,
        "topic": contact.topic,
    }
    for name, wanted in example.told.items():
        if told[name] != wanted:
            yield said("The %(name)s is read as “%(read)s”.", name=name, read=told[name][:80]), mend
