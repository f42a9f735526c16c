"""Turns bytes into text, whatever they claim to be: as declared, else UTF-8, else a hint, else cp1252, else a guess."""

import codecs
from collections.abc import Sequence
from functools import lru_cache

from charset_normalizer import from_bytes

# Names seen in mail, mapped to the widest codec that reads what senders really send under them.
_READ_AS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "tis-620": "cp874",
}
_NOT_FOR_TEXT = {"undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape"}
_GUESS_BYTES = 20_000
_TOLERATED_SHARE = 0.01


def text_of(data: bytes, declared: str = "", hints: Sequence[str] = ()) -> str:
    """Decode `data`; never raises. `hints` are charsets that other parts of the same mail declare."""
    if data.isascii() and b"\x1b" not in data and not declared.lower().startswith("utf-"):
        return data.decode("ascii")
    codec = codec_of(declared)
    if codec == "iso2022_jp":
        return _japanese(data)
    for candidate in _candidates(codec, hints):
        text = _strictly(data, candidate)
        if text is not None:
            return text
    return _damaged_utf8(data) if codec in ("", "utf-8") else _whole_characters(data.decode(codec, "replace"))


@lru_cache(maxsize=256)
def codec_of(declared: str) -> str:
    """The codec that reads text declared so; '' where there is none."""
    name = declared.strip().strip("\"'").lower().split("*")[0]
    name = _READ_AS.get(name, name)
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    if not _is_for_text(codec):
        return ""
    if codec.startswith("iso2022_jp"):
        return "iso2022_jp"
    return _READ_AS.get(codec, codec)


def _is_for_text(codec: str) -> bool:
    if codec.replace("-", "_") in _NOT_FOR_TEXT:
        return False
    try:
        b"a".decode(codec)
    except UnicodeError:
        return True  # UTF-16 and its like take more than one byte
    except LookupError:
        return False
    return True


def _candidates(codec: str, hints: Sequence[str]) -> list[str]:
    # What is valid UTF-8 beyond ASCII is UTF-8, whatever a Western charset label says.
    western = codec in ("", "utf-8") or codec.startswith(("cp125", "iso8859", "mac_roman"))
    wanted = ["utf-8", codec] if western else [codec, "utf-8"]
    if codec in ("", "utf-8"):
        wanted += [_eight_bit(codec_of(hint)) for hint in hints]
    return [name for name in dict.fromkeys(wanted) if name]


def _eight_bit(codec: str) -> str:
    return "cp932" if codec == "iso2022_jp" else codec


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except ValueError:
        return None
    return _whole_characters(text) if codec == "utf-7" else text


def _whole_characters(text: str) -> str:
    """UTF-7 can spell halves of characters, which nothing behind us could store."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _japanese(data: bytes) -> str:
    if not data.isascii():
        return data.decode("cp932", "replace")
    # Senders put NEC's extra characters under the plain designation; the 2004 set holds them at the same places.
    widened = data.replace(b"\x1b$B", b"\x1b$(Q")
    return _strictly(widened, "iso2022_jp_2004") or data.decode("iso2022_jp_ext", "replace")


def _damaged_utf8(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") <= max(1, len(text) * _TOLERATED_SHARE) and _mostly_utf8(text):
        return text
    western = _strictly(data, "cp1252")
    if western is not None:
        return western
    guess = from_bytes(data[:_GUESS_BYTES]).best()
    return data.decode(guess.encoding if guess else "cp1252", "replace")


def _mostly_utf8(text: str) -> bool:
    readable = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return readable > text.count("\ufffd")
