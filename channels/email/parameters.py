"""Reads `value; name=parameter` fields (RFC 2045), with continued and percent-encoded parameters (RFC 2231)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from channels.email.charsets import text_of
from channels.email.headers import LONGEST_VALUE, decode_words

_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*+))', re.DOTALL)
_TOKEN = re.compile(r"[!-~]{1,200}")
_MOST = 200
_CONTINUED = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?$")


@dataclass(frozen=True, slots=True)
class Field:
    """The value in lower case, and the parameters by lower-case name, decoded."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read_field(raw: bytes, hints: Sequence[str] = ()) -> Field:
    """Take a Content-Type or Content-Disposition apart; what is broken is left out."""
    text = raw[:LONGEST_VALUE].decode("utf-8", "surrogateescape")
    value, semicolon, rest = text.partition(";")
    words = value.split()
    if words and "=" in words[0]:  # parameters without a value
        words, rest = [], text
    elif len(words) > 1 and "=" in value:  # a forgotten semicolon after the value
        rest = value[len(words[0]) + 1 :] + semicolon + rest
    kind = words[0].strip("\"',").lower() if words else ""
    return Field(kind if _TOKEN.fullmatch(kind) else "", _parameters(";" + rest, hints))


def _parameters(text: str, hints: Sequence[str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for number, found in enumerate(_PARAMETER.finditer(text)):
        if number >= _MOST:
            break
        value = _unquoted(found[2]) if found[2] is not None else _bare(found[3].strip())
        named = _CONTINUED.match(found[1].lower())
        if named and (named[2] or named[3]):
            pieces.setdefault(named[1], {}).setdefault(int(named[2] or 0), (bool(named[3]), value))
        else:
            plain.setdefault(found[1].lower(), _readable(value, hints))
    joined = {name: _joined(parts, hints) for name, parts in pieces.items()}
    return {**plain, **joined}


def _unquoted(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)


def _bare(text: str) -> str:
    """Without single quotes around it, which some programs take for quotation marks."""
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "'" else text


def _readable(value: str, hints: Sequence[str]) -> str:
    text = text_of(_bytes(value), "", hints)
    return decode_words(text, hints) if "=?" in text else text


def _joined(parts: dict[int, tuple[bool, str]], hints: Sequence[str]) -> str:
    charset, data = "", b""
    for number, (encoded, value) in sorted(parts.items()):
        if encoded and number == min(parts) and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(_bytes(value)) if encoded else _bytes(value)
    text = text_of(data, charset, hints)
    return decode_words(text, hints) if "=?" in text else text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
