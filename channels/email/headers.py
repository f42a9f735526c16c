"""Reads the header block of a mail: its fields, and the text in them however it was encoded (RFC 2047, raw 8 bit)."""

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from channels.email.charsets import text_of

LONGEST_BLOCK = 512_000
LONGEST_VALUE = 65_536

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_KNOWN = re.compile(
    rb"(?:received|return-path|from|to|cc|date|subject|message-id|reply-to|mime-version|content-[a-z-]+|x-[\w-]+):",
    re.IGNORECASE,
)
_WORD = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?([^?]*+(?:\?(?!=)[^?]*+)*+)(?:\?=|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\r\n\t ]+(?=[\r\n\t])|[\r\n\t]")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields by name in lower case, each with its values as unfolded raw bytes in their order.

    `hints` are the charsets that the mail declares anywhere, for values in 8 bit that declare none.
    """

    fields: dict[str, list[bytes]] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    def raw(self, name: str) -> bytes:
        """The first field of that name, b'' where there is none."""
        values = self.fields.get(name)
        return values[0] if values else b""

    def all_raw(self, name: str) -> list[bytes]:
        return self.fields.get(name, [])

    def text(self, name: str) -> str:
        """The first field of that name, decoded to one line."""
        return decoded(self.raw(name), self.hints)

    def has(self, name: str) -> bool:
        return name in self.fields


def read_block(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The fields that begin at `start`, and the place where the body begins."""
    limit = min(end, start + LONGEST_BLOCK)
    fields: list[tuple[str, list[bytes]]] = []
    place = _after_envelope_line(raw, start, limit)
    while place < limit:
        line, following = _line(raw, place, limit)
        if not line.strip():
            return _headers(fields), (following if line == b"" or fields else place)
        matched = None if line[:1] in b" \t" else _FIELD.match(line)
        if matched:
            fields.append((matched[1].decode("ascii").lower(), [matched[2].strip()]))
        elif fields and (line[:1] in b" \t" or _KNOWN.match(raw, following)):
            fields[-1][1].append(line.strip())
        else:
            return _headers(fields), place
        place = following
    return _headers(fields), _end_of_long_block(raw, place, end)


def decoded(value: bytes, hints: Sequence[str] = ()) -> str:
    """A header value as one line of text, its encoded words decoded, control characters gone."""
    return decoded_text(text_of(value[:LONGEST_VALUE], "", hints), hints)


def decoded_text(text: str, hints: Sequence[str] = ()) -> str:
    """The same for a value that is text already."""
    if "=?" in text:
        text = decode_words(text, hints)
    return one_line(text)


def one_line(text: str) -> str:
    """Without line breaks, and without control characters, which neither a page nor PostgreSQL takes."""
    return _CONTROL.sub(" ", text).strip()


def decode_words(text: str, hints: Sequence[str] = ()) -> str:
    """Decode the encoded words of RFC 2047 in `text`, joining those that split a character between them."""
    pieces: list[str] = []
    pending: tuple[str, bytes] | None = None
    place = 0
    for word in _WORD.finditer(text):
        between = text[place : word.start()]
        charset, data = word[1], _word_bytes(word[2], word[3])
        if pending and not between.strip() and pending[0].lower() == charset.lower():
            pending = (charset, pending[1] + data)
        else:
            pieces.append(_flushed(pending, hints))
            pieces.append(between if pending is None or between.strip() else "")
            pending = (charset, data)
        place = word.end()
    return "".join([*pieces, _flushed(pending, hints), text[place:]])


def _flushed(pending: tuple[str, bytes] | None, hints: Sequence[str]) -> str:
    return text_of(pending[1], pending[0], hints) if pending else ""


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return b"".join(_base64(piece) for piece in data.split(b"="))  # padding ends a piece; some senders join several


def _base64(data: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _headers(fields: list[tuple[str, list[bytes]]]) -> Headers:
    headers = Headers()
    for name, lines in fields:
        headers.fields.setdefault(name, []).append(b" ".join(lines) if len(lines) > 1 else lines[0])
    return headers


def _line(raw: bytes, place: int, limit: int) -> tuple[bytes, int]:
    newline = raw.find(b"\n", place, limit)
    following = limit if newline < 0 else newline + 1
    return raw[place:following].rstrip(b"\r\n"), following


def _after_envelope_line(raw: bytes, start: int, limit: int) -> int:
    """Skip the `From ` line of an mbox, and empty lines before the first field."""
    place = start
    while place < limit and raw[place] in b"\r\n" and start == 0:
        place += 1
    if raw.startswith((b"From ", b">From "), place):
        _, place = _line(raw, place, limit)
    return place


def _end_of_long_block(raw: bytes, place: int, end: int) -> int:
    if place >= end:
        return end
    blank = re.compile(rb"\n\r?\n").search(raw, place, end)
    return blank.end() if blank else end
