"""Takes the files out of a winmail.dat, in which some Outlooks wrap what they send (MS-OXTNEF)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from channels.email.charsets import text_of

_SIGNATURE = 0x223E9F78
_NEW_FILE = 0x9002
_TITLE = 0x8010
_DATA = 0x800F
_PROPERTIES = 0x9005
_LONG_NAME = 0x3707
_MOST_FILES = 200
_WIDTHS = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8}
_WIDTHS[0x0048] = 16
_COUNTED = (0x000D, 0x001E, 0x001F, 0x0102)
_UNICODE = 0x001F


@dataclass(slots=True)
class Enclosed:
    """A file in the wrapping."""

    name: str = ""
    content: bytes = b""


def unwrapped(data: bytes) -> list[Enclosed]:
    """The files in it, as far as it can be read; none where it is no TNEF."""
    files: list[Enclosed] = []
    for attribute, value in _attributes(data):
        if attribute == _NEW_FILE and len(files) < _MOST_FILES:
            files.append(Enclosed())
        elif not files:
            continue
        elif attribute == _TITLE:
            files[-1].name = files[-1].name or text_of(value.rstrip(b"\x00"))
        elif attribute == _DATA:
            files[-1].content = value
        elif attribute == _PROPERTIES:
            files[-1].name = _long_name(value) or files[-1].name
    return [file for file in files if file.content]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, value) of each attribute: level, number, type, length, value, checksum."""
    place = 6
    if len(data) < place or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return
    while place + 9 <= len(data):
        number, length = struct.unpack_from("<H2xI", data, place + 1)
        place += 9
        if place + length > len(data):
            return
        yield number, data[place : place + length]
        place += length + 2


def _long_name(properties: bytes) -> str:
    """The long file name among the MAPI properties of a file; '' where it cannot be found."""
    try:
        for kind, number, value in _properties(properties):
            if number == _LONG_NAME:
                return (value.decode("utf-16-le", "replace") if kind == _UNICODE else text_of(value)).rstrip("\x00")
    except struct.error:
        return ""
    return ""


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _ in range(min(count, 1_000)):
        kind, number = struct.unpack_from("<HH", data, place)
        place += 4
        if number >= 0x8000:
            place = _past_name(data, place)
        if kind in _WIDTHS:
            place += _WIDTHS[kind]
            continue
        if kind not in _COUNTED:
            return
        (values,) = struct.unpack_from("<I", data, place)
        place += 4
        for _ in range(min(values, 1_000)):
            (length,) = struct.unpack_from("<I", data, place)
            yield kind, number, data[place + 4 : place + 4 + length]
            place += 4 + (length + 3) // 4 * 4


def _past_name(data: bytes, place: int) -> int:
    """A named property carries its GUID and its number or name."""
    (by_name,) = struct.unpack_from("<I", data, place + 16)
    (length,) = struct.unpack_from("<I", data, place + 20)
    return place + 24 + ((length + 3) // 4 * 4 if by_name else 0)
