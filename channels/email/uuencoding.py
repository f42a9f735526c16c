"""Files wrapped by uuencode, as whole parts or in the middle of a text."""

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n", re.MULTILINE)
_END = re.compile(r"^end[ \t]*(?:\n|\Z)", re.MULTILINE)
_MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A file that stood in a text."""

    name: str
    content: bytes


def unwrapped(data: bytes) -> bytes:
    """The bytes of one uuencoded file, with or without its begin and end lines."""
    return b"".join(_line(line) for line in data.splitlines() if not line.startswith((b"begin ", b"end")))


def taken_out(text: str) -> tuple[str, list[Wrapped]]:
    """The text with its uuencoded files replaced by their names, and those files."""
    files: list[Wrapped] = []
    kept: list[str] = []
    place = 0
    while len(files) < _MOST_FILES and (begin := _BEGIN.search(text, place)):
        end = _END.search(text, begin.end())
        body = text[begin.end() : end.start()] if end else ""
        if not end or not _looks_wrapped(body):
            kept.append(text[place : begin.end()])
            place = begin.end()
            continue
        kept += [text[place : begin.start()], f"[{begin[1].strip()}]\n"]
        files.append(Wrapped(begin[1].strip(), unwrapped(body.encode("ascii", "replace"))))
        place = end.end()
    return "".join([*kept, text[place:]]) if files else text, files


def _looks_wrapped(body: str) -> bool:
    lines = body.splitlines()
    return bool(lines) and all(len(line) <= 64 and line.isascii() for line in lines[:50])


def _line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # some encoders write one character too many; the length in front is right
        letters = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[: letters + 1])
        except binascii.Error:
            return b""
