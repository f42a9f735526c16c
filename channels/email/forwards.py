"""Finds who wrote a mail that the sender only passed on: the citizen inside a forward."""

import re
from collections.abc import Iterable

from channels.email.addresses import sender_of
from channels.email.headers import read_block
from channels.email.quoting_phrases import HEADER_LINE
from contact_hub.contact import Attachment

_SUBJECT = re.compile(r"\s*+(fwd?|fw|doorst|doorgestuurd|dg|tr|transf|wg|weitergel\w*)\s*+:", re.IGNORECASE)
_MARK = re.compile(
    r"^[>\s]{0,20}(?:[-_=*]{3,}+\s*+(?:doorgestuurd|forwarded|fwd|weitergeleitete"
    r"|(?:message|mail|courriel) (?:transféré|transmis))|begin forwarded message|begin doorgestuurd bericht"
    r"|début du message (?:réexpédié|transféré)|anfang der weitergeleiteten)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[^\s\"'<>()\[\]:;,]{1,64}@[^\s\"'<>()\[\]:;,@]{1,190}\.[^\W\d_]{2,24}")
_MAILS = ("message/rfc822", "message/global")
_MOST_LINES = 400
_LONGEST_LINE = 1_000

Writer = tuple[str, str]  # address in lower case, and name; '' where nobody is known
NOBODY: Writer = ("", "")


def first_writer(subject: str, text: str, files: Iterable[Attachment], *, sender: str) -> Writer:
    """Whose mail this one passes on, as its subject, a mark in its text or a mail among its files tells.

    A reply quotes whom it answers, in the same lines: without the mark of a forward nobody is inside. Nor is the sender.
    """
    mark = _MARK.search(text)
    if not (mark or _SUBJECT.match(subject)):
        return NOBODY
    found = _in_text(text[mark.start() :] if mark else text)
    if found == NOBODY:
        found = next((_of_mail(file) for file in files if file.content_type in _MAILS), NOBODY)
    return NOBODY if found[0] == sender else found


def _in_text(text: str) -> Writer:
    """Who stands in the first line that says from whom, if it says it with an address."""
    for line in text.splitlines()[:_MOST_LINES]:
        header = HEADER_LINE.match(line[:_LONGEST_LINE])
        if header and header["from"]:
            said = line[header.end() : _LONGEST_LINE]
            address = _ADDRESS.search(said)
            return (address[0].lower(), _name(said[: address.start()])) if address else NOBODY
    return NOBODY


def _name(before: str) -> str:
    return re.sub(r"[\[(<]?\s*(mailto:)?\s*[\[(<]?$", "", before.strip(), flags=re.IGNORECASE).strip(" *\"'\t<[(")


def _of_mail(file: Attachment) -> Writer:
    address, name = sender_of(read_block(file.content, 0, len(file.content))[0])
    return (address, name) if "@" in address else NOBODY
