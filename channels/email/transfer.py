"""Undoes transfer encodings straight from the raw mail, without copying the encoded text."""

import binascii
import string

from channels.email.uuencoding import unwrapped

_MOST_PIECES = 50
_BASE64 = (string.ascii_letters + string.digits + "+/").encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_PADDING = b"=\r\n \t"


def bytes_of(raw: bytes, start: int, end: int, encoding: str) -> bytes:
    """The decoded content of raw[start:end]; what is not encoded, or not in a known way, comes back as it is."""
    encoding = encoding.strip().strip("\"'").lower()
    if encoding == "base64":
        return _base64(raw, start, end)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(memoryview(raw)[start:end])
    if encoding in ("x-uuencode", "uuencode", "x-uue"):
        return unwrapped(raw[start:end])
    return raw[start:end]


def _base64(raw: bytes, start: int, end: int) -> bytes:
    """Padding ends a piece; some senders join several pieces in one part."""
    pieces: list[bytes] = []
    while start < end and len(pieces) < _MOST_PIECES:
        padding = raw.find(b"=", start, end)
        stop = end if padding < 0 else padding
        following = stop
        while following < end and raw[following] in _PADDING:
            following += 1
        pieces += _base64_piece(raw, start, following)
        start = following
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _base64_piece(raw: bytes, start: int, end: int) -> list[bytes]:
    view = memoryview(raw)
    try:
        return [binascii.a2b_base64(view[start:end])]
    except binascii.Error:  # padding forgotten, or a letter lost: mostly on the last line
        last_line = max(start, raw.rfind(b"\n", start, max(start, end - 4)) + 1)
    try:
        return [binascii.a2b_base64(view[start:last_line]), _patched(raw[last_line:end])]
    except binascii.Error:
        return [_patched(raw[start:end])]


def _patched(encoded: bytes) -> bytes:
    letters = encoded.translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
