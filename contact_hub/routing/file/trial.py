"""Reads contacts written down in a YAML list, to try rules on them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, tzinfo

from contact_hub.contact import Contact
from contact_hub.routing.file.marked import Items, Node, read_marked
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.samples import SAMPLE_KEYS, SampleSchema
from contact_hub.routing.said import said


class ContactsError(RulebookError):
    """The list of contacts cannot be read; `mistakes` says all that is wrong with it."""


def contacts_in(
    text: str, parted: Callable[[str], tuple[str, str]] | None = None, zone: tzinfo = UTC
) -> list[tuple[str, Contact]]:
    """The contacts of a list of {id, channel, language, from, subject, body, …} with their ids; other keys are ignored.

    `parted` tells new text from quoted text, as the mail door does; it is asked for e-mails that do not say so themselves.
    Times that name no zone are those of `zone`. Raises ContactsError.
    """
    mistakes: list[Mistake] = []
    root = read_marked(text, mistakes)
    contacts: list[tuple[str, Contact]] = []
    if isinstance(root, Items):
        contacts = [_contact(SampleSchema(mistakes, zone), item) for item in root.items]
    elif not mistakes:
        mistakes.append(Mistake(1, 1, said("This is no list of contacts."), said("Begin each contact with `- id: …`.")))
    if mistakes:
        raise ContactsError(mistakes)
    return [(name, _with_quotes_folded(contact, parted)) for name, contact in contacts]


def _contact(schema: SampleSchema, node: Node) -> tuple[str, Contact]:
    given = schema.block(node, said("A contact"), needed=("id",))
    contact = schema.contact(node, {name: value for name, value in given.items() if name in SAMPLE_KEYS})
    return contact.external_id, contact


def _with_quotes_folded(contact: Contact, parted: Callable[[str], tuple[str, str]] | None) -> Contact:
    if parted is None or contact.channel != "email" or contact.quoted:
        return contact
    message, quoted = parted(contact.message)
    return replace(contact, message=message, quoted=quoted)
