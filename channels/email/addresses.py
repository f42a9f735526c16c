"""Who sent a mail, and to whom it went, from address fields as people and programs really write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email.charsets import text_of
from channels.email.headers import LONGEST_VALUE, Headers, decoded_text, one_line

_MOST = 500
_LONGEST = 320
_PIECE = re.compile(
    r'(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*+\?=)|"(?P<quoted>(?:[^"\\]|\\.){0,998}+)"|<(?P<angle>[^<>]*+)>'
    r'|\((?P<comment>[^()]*+)\)|(?P<end>[,;])|(?P<text>[^"<>(),;=]++)|(?P<other>.)',
    re.DOTALL,
)
_ADDRESS = re.compile(r"[^\s\"<>()\[\]:;,@]++@[^\s\"<>()\[\]:;,@]++")
_SENDER_FIELDS = ("from", "sender", "reply-to", "return-path")
_RECIPIENT_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")


def sender_of(headers: Headers) -> tuple[str, str]:
    """(address in lower case, name); '' for what is not known."""
    unaddressed = ("", "")
    for name in _SENDER_FIELDS:
        found = [pair for raw in headers.all_raw(name) for pair in addresses(raw, headers)]
        addressed = [pair for pair in found if pair[0]]
        if addressed:
            return next((pair for pair in addressed if "@" in pair[0]), addressed[0])
        unaddressed = unaddressed if any(unaddressed) else next(iter(found), unaddressed)
    return unaddressed


def recipients_of(headers: Headers) -> tuple[str, ...]:
    """Every address the mail went to, in lower case, in the order named."""
    found = (
        address
        for name in _RECIPIENT_FIELDS
        for raw in headers.all_raw(name)
        for address, _ in addresses(raw, headers)
        if "@" in address
    )
    return tuple(dict.fromkeys(found))[:_MOST]


def addresses(raw: bytes, headers: Headers) -> list[tuple[str, str]]:
    """The (address, name) pairs of one address field."""
    text = one_line(text_of(raw[:LONGEST_VALUE], "", headers.hints))
    pairs: list[tuple[str, str]] = []
    for entry in _entries(text):
        pair = entry.pair(headers)
        if any(pair):
            pairs.append(pair)
        if len(pairs) >= _MOST:
            break
    return pairs


@dataclass(slots=True)
class _Entry:
    """The pieces of one name and address, still encoded."""

    name: list[str] = field(default_factory=list)
    angle: str | None = None
    comment: str = ""
    quoted: bool = False

    def pair(self, headers: Headers) -> tuple[str, str]:
        name = decoded_text("".join(self.name), headers.hints).strip()
        comment = decoded_text(self.comment, headers.hints)
        if self.angle and self.angle.strip():
            address = _address_in(self.angle) or self.angle.strip()
        else:
            address = _address_in(name)
            name = _without(address, name) if address else name
            if not address and self._is_bare(name, comment):
                address, name = name.rstrip(":"), ""
        name = _unquoted(name if self.quoted else name.strip("<> ")) or comment
        return address.lower()[:_LONGEST], "" if name.lower() == address.lower() else name[:_LONGEST]

    def is_unfinished(self) -> bool:
        """Only words so far: the comma behind them belongs to a name that somebody forgot to quote."""
        text = "".join(self.name).strip()
        return bool(text) and self.angle is None and not self.comment and "@" not in text and not text.endswith(":")

    def _is_bare(self, name: str, comment: str) -> bool:
        """One word without a domain, as mail systems name themselves."""
        return self.angle is None and not self.quoted and (bool(comment) or " " not in name)


def _entries(text: str) -> Iterator[_Entry]:
    entry = _Entry()
    for piece in _PIECE.finditer(text):
        kind, value = piece.lastgroup, piece[piece.lastgroup or 0]
        if kind == "end" and entry.is_unfinished():
            entry.name.append(value)
        elif kind == "end":
            yield entry
            entry = _Entry()
        elif kind == "angle":
            entry.angle = entry.angle or value
        elif kind == "comment":
            entry.comment = entry.comment or value
        else:
            entry.quoted |= kind == "quoted"
            entry.name.append(re.sub(r"\\(.)", r"\1", value) if kind == "quoted" else value)
    yield entry


def _without(address: str, name: str) -> str:
    """What is left of `Name [mailto:address]`, or of a group's `Label: address`."""
    left = name.replace(address, "").replace("[mailto:]", "").strip(" \t\"'<>")
    return "" if left.endswith(":") else left


def _unquoted(name: str) -> str:
    """Outlook puts some names into single quotes."""
    return name[1:-1].strip() if len(name) > 2 and name[0] == name[-1] == "'" else name


def _address_in(text: str) -> str:
    found = _ADDRESS.search(text)
    return found[0].strip(".'") if found else ""
