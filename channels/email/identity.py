"""What names a mail, and which mails it answers."""

import hashlib
import re
from collections.abc import Iterator

from channels.email.headers import Headers, read_block
from channels.email.splitting import Part

LONGEST_ID = 255
MOST_ANSWERS = 50

_HASH_LETTERS = 16
_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")
_CHUNK = 1 << 20
_IN_ANGLES = re.compile(rb"<([^<>]{1,998})>")
_LOOSE = re.compile(rb"[^\s<>\"(),;]{1,998}")
_NAMING_FIELDS = ("from", "to", "date", "subject")


def message_id_of(headers: Headers) -> str:
    """The own Message-ID without its angle brackets; '' where there is none."""
    return next(_ids(headers.raw("message-id")), "")


def answered_ids(headers: Headers) -> tuple[str, ...]:
    """The ids this mail answers, nearest first: In-Reply-To, then References from the last to the first."""
    nearest = [found for raw in headers.all_raw("in-reply-to") for found in _ids(raw)]
    chain = [found for raw in headers.all_raw("references") for found in _ids(raw)]
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:MOST_ANSWERS]


def returned_ids(root: Part) -> tuple[str, ...]:
    """The ids of the mails that a delivery report gives back, whole or by their headers."""
    returned = [part for part in root.parts if part.kind in _RETURNED]
    blocks = (read_block(part.raw, part.start, part.end)[0] for part in returned)
    return tuple(name for name in map(message_id_of, blocks) if name)


def external_id_of(raw: bytes, body_start: int, headers: Headers) -> str:
    """The same for the same mail in two mailboxes, another for other content under a repeated Message-ID."""
    content = hashlib.blake2b(digest_size=_HASH_LETTERS // 2)
    message_id = message_id_of(headers)
    named = message_id
    if len(message_id) > LONGEST_ID - _HASH_LETTERS - 1:
        named = hashlib.sha256(message_id.encode("utf-8", "surrogateescape")).hexdigest()
    if not message_id:
        content.update(b"\n".join(headers.raw(name) for name in _NAMING_FIELDS))
    for chunk in _unix_lines(raw, body_start):
        content.update(chunk)
    return f"{named}#{content.hexdigest()}"


def _ids(raw: bytes) -> Iterator[str]:
    found = _IN_ANGLES.findall(raw) or [word for word in _LOOSE.findall(raw) if b"@" in word] or _LOOSE.findall(raw)[:1]
    for name in found:
        text = b"".join(name.split()).decode("utf-8", "replace").replace("\x00", "")[:LONGEST_ID]
        if text:
            yield text


def _unix_lines(raw: bytes, start: int) -> Iterator[bytes]:
    """The body with LF line ends and none at its end, in bounded pieces."""
    end = len(raw)
    while end > start and raw[end - 1] in b"\r\n":
        end -= 1
    while start < end:
        stop = min(end, start + _CHUNK)
        if stop < end and raw[stop - 1] == 13:
            stop += 1
        yield raw[start:stop].replace(b"\r\n", b"\n")
        start = stop
