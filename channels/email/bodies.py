"""Finds in the tree of parts the text a person sees and the files that came along."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from mimetypes import guess_extension, guess_type

from channels.email import tnef
from channels.email.charsets import text_of
from channels.email.headers import decoded, read_block
from channels.email.html_text import text_of_html, without_pictures
from channels.email.parameters import read_field
from channels.email.splitting import Part
from channels.email.transfer import bytes_of
from channels.email.uuencoding import taken_out
from contact_hub.contact import Attachment

_HTML = frozenset({"text/html", "text/x-amp-html", "text/watch-html", "application/xhtml+xml"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TEXT = frozenset({"text/plain", "text/enriched", "text/markdown", "text/x-markdown", "text/unknown"})
_ENDINGS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
}
_LONGEST_SHOWN = 3_000_000
_LONGEST_DECODED = 40_000_000
_LONG_ENOUGH = 600
_TELLS_MORE = 0.15
_SAMPLE = 4_000
_MOST_UNKNOWN = 0.5
_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,200}(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>|^[^<>]{0,500}>")
_LONGEST_NAME = 200
_FILE_NAME = re.compile(r"[^\s/\\<>]{1,150}\.[A-Za-z0-9]{2,5}")
_FOLDERS = re.compile(r"^(?:[A-Za-z]:|\.\.?)?[/\\](?:[^\n]{0,1000}[/\\])?(?=[^/\\])")
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]+")
_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class Body:
    """What a mail shows: its text, its files, and how many characters of text there is still room for."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    room: int = _LONGEST_SHOWN

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text.strip())


def read_body(root: Part, room: int = _LONGEST_SHOWN) -> Body:
    """The text as a reader sees it, and every other part as an attachment; so is text beyond `room` characters."""
    body = Body(room=room)
    body.texts = _texts(root, body, alone=True)
    return body


def _texts(part: Part, body: Body, *, alone: bool = False) -> list[str]:
    if part.parts:
        if part.kind == "multipart/alternative":
            return _best_alternative(part, body)
        return [text for child in part.parts for text in _texts(child, body)]
    if body.room > 0 and _is_shown(part, alone=alone):
        return _shown(part, body)
    body.attachments += _attachments(part)
    return []


def _best_alternative(part: Part, body: Body) -> list[str]:
    """The plain version, unless the HTML version says more; the files of all versions."""
    rich = [version for version in part.parts if any(leaf.kind in _HTML for leaf in _leaves(version))]
    plain = [text for version in part.parts if version not in rich for text in _texts(version, body)]
    plainly = "\n".join(plain)
    shown = [leaf for version in rich for leaf in _leaves(version) if _is_shown(leaf, alone=False)]
    if len(plainly.strip()) >= _LONG_ENOUGH and all(_agrees(leaf, plainly) for leaf in shown):
        hidden = [leaf for version in rich for leaf in _leaves(version) if leaf not in shown]
        body.attachments += [file for leaf in hidden for file in _attachments(leaf)]
        return plain
    richly = [text for version in rich for text in _texts(version, body)]
    return richly if _says_more("\n".join(richly), plainly) else plain


def _agrees(part: Part, plainly: str) -> bool:
    """Whether a sample from the middle of a long HTML part says what the plain text says; spares reading it whole."""
    html = _decoded(part)
    middle = max(html.find("<body"), len(html) // 2 - _SAMPLE // 2)
    sample = set(_WORDS.findall(unescape(_TAG.sub(" ", html[middle : middle + _SAMPLE])).casefold()))
    known = set(_WORDS.findall(plainly.casefold()))
    return len(sample - known) <= _MOST_UNKNOWN * len(sample)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.parts:
        yield part
    for child in part.parts:
        yield from _leaves(child)


def _says_more(richly: str, plainly: str) -> bool:
    words = _WORDS.findall(richly.casefold())
    known = set(_WORDS.findall(plainly.casefold()))
    missing = sum(1 for word in words if word not in known)
    return missing > _TELLS_MORE * len(words)


def _is_shown(part: Part, *, alone: bool) -> bool:
    if part.beyond or not (part.kind in _HTML or part.kind in _TEXT or part.kind.startswith("multipart/")):
        return False
    disposition = read_field(part.headers.raw("content-disposition"), part.headers.hints)
    if disposition.value == "attachment":
        return False
    named = "filename" in disposition.parameters or "name" in part.type.parameters
    return alone or not named


def _shown(part: Part, body: Body) -> list[str]:
    text = _decoded(part)
    if len(text) > body.room:  # the start is shown, and the whole comes along as a file
        body.attachments.append(_attachment(part))
        text = text[: body.room]
    body.room -= len(text)
    if part.kind in _HTML:
        return [text_of_html(text)]
    text, wrapped = taken_out(text) if "\nend" in text and "begin " in text else (text, [])
    body.attachments += [Attachment(_tidy(file.name), _kind_of(file.name), file.content) for file in wrapped]
    return [text]


def _decoded(part: Part) -> str:
    """The text of a part with LF line ends; without the pictures that HTML may hold by the megabyte."""
    content = _content(part, most=_LONGEST_DECODED)
    declared = part.type.parameters.get("charset", "")
    if not declared and part.kind in _HTML and (named := _CHARSET.search(content[:_SAMPLE])):
        declared = named[1].decode("ascii")
    text = text_of(content, declared, part.headers.hints)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return without_pictures(text) if part.kind in _HTML else text


def _content(part: Part, most: int | None = None) -> bytes:
    encoding = decoded(part.headers.raw("content-transfer-encoding"))
    end = part.end if most is None else min(part.end, part.start + most)
    return bytes_of(part.raw, part.start, end, encoding)


def _attachments(part: Part) -> list[Attachment]:
    """The part as a file, and the files it wraps."""
    wrapping = _attachment(part)
    if part.kind not in _TNEF and wrapping.name.lower() != "winmail.dat":
        return [wrapping]
    files = tnef.unwrapped(wrapping.content)
    return [wrapping, *(Attachment(_tidy(file.name), _kind_of(file.name), file.content) for file in files)]


def _kind_of(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"


def _attachment(part: Part) -> Attachment:
    disposition = read_field(part.headers.raw("content-disposition"), part.headers.hints)
    content = _content(part)
    name = disposition.parameters.get("filename") or part.type.parameters.get("name") or _made_name(part, content)
    content_id = part.headers.text("content-id").strip("<> ")
    return Attachment(
        name=_tidy(name),
        content_type=part.kind,
        content=content,
        content_id=content_id,
        inline=disposition.value == "inline" or (bool(content_id) and disposition.value != "attachment"),
    )


def _made_name(part: Part, content: bytes) -> str:
    """A name for what has none: from its address in the mail, else from its subject or description."""
    if located := _located_name(part):
        return located
    subject = ""
    if part.kind in ("message/rfc822", "message/global"):
        subject = read_block(content, 0, len(content))[0].text("subject")
    stem = subject or part.headers.text("content-description") or _stem(part.kind)
    ending = _ending(part.kind, stem)
    return stem if stem.lower().endswith(ending) and ending else stem[: _LONGEST_NAME - 5] + ending


def _located_name(part: Part) -> str:
    """The file name at the end of Content-Location, or at the begin of a Content-ID such as `foto.jpg@01D9.3F`."""
    location = part.headers.text("content-location").split("?")[0].rpartition("/")[2]
    begun = part.headers.text("content-id").strip("<> ").rpartition("@")[0]
    return next((name for name in (location, begun) if _FILE_NAME.fullmatch(name) and guess_type(name)[0]), "")


def _ending(kind: str, stem: str) -> str:
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    if kind.startswith("message/"):
        return ".eml"
    known = kind != "application/octet-stream" and not _FILE_NAME.fullmatch(stem)
    return (guess_extension(kind) or "") if known else ""


def _stem(kind: str) -> str:
    if kind == "text/calendar":
        return "invitation"
    return {"text": "document", "image": "image", "message": "message"}.get(kind.partition("/")[0], "file")


def _tidy(name: str) -> str:
    name = _FOLDERS.sub("", name)
    return " ".join(_UNFIT.sub("_" if name.strip() else "", name).split())[:_LONGEST_NAME] or "file"
