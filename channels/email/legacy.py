"""Reads the fields back out of mails that an older web form sends, so that the citizen in them becomes the sender.

A template knows such a mail by its sender and subject, and its fields by their labels. One that no longer fits leaves the
mail as it is, and says which labels it did not find.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from lxml import etree

from channels.email.html_text import text_of_html
from channels.email.splitting import Part
from channels.email.versions import richest
from contact_hub.contact import Contact, FormMail
from contact_hub.language import language_of

Use = Literal["", "subject", "message", "name", "sender", "postcode"]

_BEFORE = re.compile(r"^[\s>*_•·|-]+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_POSTCODE = re.compile(r"\b[1-9]\d{3}\b")
_LONGEST = 200_000  # characters of a form mail that are read


@dataclass(frozen=True, slots=True)
class LegacyField:
    """One field: the labels it stands behind, what its value becomes, and whether it may be missing or go on over lines.

    `values` gives what is kept for what is written, and `topics` what the mail is about then, both by it in lower case.
    """

    name: str
    labels: tuple[str, ...]
    use: Use = ""
    many_lines: bool = False
    optional: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """How to know one kind of form mail, and where its fields stand, in the order of the mail.

    `senders` and `subjects` are patterns in lower case, `*` for anything; with one of `ends` begins the line behind the fields.
    """

    id: str
    form: str
    senders: tuple[str, ...]
    subjects: tuple[str, ...]
    fields: tuple[LegacyField, ...]
    topic: str = ""
    ends: tuple[str, ...] = ()

    def knows(self, sender: str, subject: str) -> bool:
        """Whether a mail is one of these by its outside."""
        return _any_fits(sender, self.senders) and _any_fits(subject, self.subjects or ("*",))


def read_back(contact: Contact, root: Part, templates: Sequence[Template]) -> Contact:
    """The contact with its fields, its citizen as the sender, and all that the mail says kept as quoted; any other as it is."""
    template = next((each for each in templates if each.knows(contact.sender, contact.subject)), None)
    if template is None:
        return contact
    fields, missing = fields_of(template, _text(root))
    if missing:
        return replace(contact, form_mail=FormMail(template.id, tuple(missing)))
    used = _used(template, fields)
    sender = _ADDRESS.search(used.get("sender", ""))
    postcode = _POSTCODE.search(used.get("postcode", ""))
    message = used.get("message") or contact.message
    return replace(
        contact,
        form=template.form,
        fields={each.name: _kept(each, fields[each.name]) for each in template.fields if fields.get(each.name)},
        form_mail=FormMail(template.id),
        topic=_topic(template, fields),
        sender=sender[0].strip(".").lower() if sender else "",
        sender_name=used.get("name", ""),
        postcode=postcode[0] if postcode else "",
        subject=used.get("subject") or contact.subject,
        message=message,
        quoted="\n\n".join(filter(None, [contact.message if message != contact.message else "", contact.quoted])),
        language=language_of(message),
        automatic="",
        trust=replace(contact.trust, warnings={}),  # the template names the server that sends it
    )


def fields_of(template: Template, text: str) -> tuple[dict[str, str], list[str]]:
    """What stands behind each label, as it was written, and the labels that are nowhere.

    Where a label stands twice, the first one counts up to the first field of many lines, and the last one after it: what
    people write there may look like a label itself.
    """
    lines = text[:_LONGEST].replace("\xa0", " ").replace("\u202f", " ").splitlines()
    end = next((place for place, line in enumerate(lines) if _bare(line).startswith(template.ends or ("\0",))), len(lines))
    places: dict[str, tuple[int, str]] = {}
    in_doubt = False
    for each in template.fields:
        found = [(place, rest) for place, line in enumerate(lines[:end]) if (rest := _behind(line, each.labels)) is not None]
        if found:
            places[each.name] = found[-1] if in_doubt else found[0]
        in_doubt |= each.many_lines
    missing = [each.labels[0] for each in template.fields if each.name not in places and not each.optional]
    begins = sorted(place for place, _ in places.values())
    fields = {}
    for each in template.fields:
        if each.name in places:
            place, rest = places[each.name]
            following = next((begin for begin in begins if begin > place), end)
            fields[each.name] = _value([rest, *lines[place + 1 : following]], many=each.many_lines)
    return fields, missing


def _any_fits(text: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(text.casefold().strip(), pattern) for pattern in patterns)


def _text(root: Part) -> str:
    return "\n\n".join(_with_colons(each.text) if each.is_html else each.text for each in richest(root))


def _with_colons(html: str) -> str:
    """The text of a page whose tables hold a label and its value in a row: with a colon between the two."""
    try:
        page = etree.fromstring(html.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return text_of_html(html)
    if page is None:
        return ""
    for row in page.iter("tr"):
        cells = [each for each in row if each.tag in ("td", "th")]
        label = "".join(cells[0].itertext()).strip() if len(cells) == 2 else ""
        if label and not label.endswith(":") and cells[0].find(".//table") is None:
            cells[0].append(_colon())
    return text_of_html(etree.tostring(page, method="html", encoding="unicode"))


def _colon() -> etree._Element:
    colon = etree.Element("span")
    colon.text = ":"
    return colon


def _bare(line: str) -> str:
    return " ".join(_BEFORE.sub("", line).split()).casefold()


def _behind(line: str, labels: Sequence[str]) -> str | None:
    """What stands on the line behind one of these labels; None where none of them stands there."""
    line = " ".join(_BEFORE.sub("", line).split())
    for label in labels:
        rest = line[len(label) :].lstrip(" *_").lstrip()
        if line[: len(label)].casefold() == label.casefold() and rest[:1] in ("", ":", "=", "："):
            return rest[1:].lstrip(" *_")
    return None


def _value(lines: Sequence[str], *, many: bool) -> str:
    if many:
        return "\n".join(line.rstrip() for line in lines).strip()
    return next((line.strip() for line in lines if line.strip()), "")


def _kept(question: LegacyField, value: str) -> str:
    return question.values.get(value.casefold(), value)


def _used(template: Template, fields: Mapping[str, str]) -> dict[str, str]:
    """What each use comes to; names in several fields are put together."""
    used: dict[str, str] = {}
    for each in template.fields:
        if each.use and fields.get(each.name):
            used[each.use] = " ".join(filter(None, [used.get(each.use), fields[each.name]]))
    return used


def _topic(template: Template, fields: Mapping[str, str]) -> str:
    told = (each.topics.get(fields.get(each.name, "").casefold(), "") for each in template.fields)
    return next(filter(None, told), template.topic)
