"""Splits raw mail into its tree of parts, as places in the bytes: nothing is copied, decoded or lost.

An own splitter instead of the standard library's line-by-line parser because mail here holds 50 MB attachments and
hostile nesting: boundaries are searched as bytes, depth and number of parts are bounded, and what lies beyond the
bound stays whole as the content of the last part.
"""

import re
from dataclasses import dataclass, field

from channels.email.headers import Headers, read_block
from channels.email.parameters import Field, read_field

MOST_PARTS = 500
DEEPEST = 20

# A line of dashes and more, right before the fields of a part.
_GUESSED_BOUNDARY = re.compile(rb"(?:^|(?<=\n))--(\S[^\r\n]{0,199}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Part:
    """One part: its fields, and where its body lies in the raw mail."""

    raw: bytes = field(repr=False)
    headers: Headers
    type: Field
    start: int
    end: int
    parts: list["Part"] = field(default_factory=list)
    beyond: bool = False

    @property
    def kind(self) -> str:
        return self.type.value

    @property
    def body(self) -> memoryview:
        return memoryview(self.raw)[self.start : self.end]


def split(raw: bytes) -> Part:
    """The whole mail as a tree of parts."""
    return _Splitter(raw).part(0, len(raw), "text/plain", 0)


class _Splitter:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._left = MOST_PARTS
        self._hints: list[str] = []

    def part(self, start: int, end: int, default: str, depth: int) -> Part:
        headers, body = read_block(self._raw, start, end)
        headers = Headers(headers.fields, self._hints)
        kind = self._kind(headers, default)
        part = Part(self._raw, headers, kind, body, end)
        self._left -= 1
        if kind.value.startswith("multipart/"):
            if depth >= DEEPEST:
                part.beyond = True
            else:
                self._divide(part, depth)
        return part

    def _kind(self, headers: Headers, default: str) -> Field:
        kind = read_field(headers.raw("content-type"), self._hints)
        charset = kind.parameters.get("charset", "")
        if charset and charset not in self._hints and len(self._hints) < 5:
            self._hints.append(charset)
        if "/" not in kind.value:
            kind = Field(f"{kind.value}/plain" if kind.value == "text" else default, kind.parameters)
        return kind

    def _divide(self, part: Part, depth: int) -> None:
        default = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
        for start, end in self._places(part):
            part.parts.append(self.part(start, end, default, depth + 1))
            if self._left <= 0:
                last = part.parts[-1]
                last.end, last.parts, last.beyond = part.end, [], True
                break

    def _places(self, part: Part) -> list[tuple[int, int]]:
        """Where the parts between the boundary lines begin and end."""
        boundary = part.type.parameters.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
        lines = self._boundary_lines(boundary, part) if boundary else []
        if not lines:
            guessed = _GUESSED_BOUNDARY.search(self._raw, part.start, min(part.end, part.start + 65_536))
            lines = self._boundary_lines(guessed[1], part) if guessed else []
        places: list[tuple[int, int]] = []
        for number, (_, opened, closing) in enumerate(lines):
            stop = lines[number + 1][0] if number + 1 < len(lines) else part.end
            if not closing and opened <= stop:
                places.append((opened, stop))
        return places

    def _boundary_lines(self, boundary: bytes, part: Part) -> list[tuple[int, int, bool]]:
        """(end of what is before, begin of what is after, is it the closing one) of each boundary line."""
        line = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t\r\f\v]{0,200}+(?:\n|\Z)")
        found: list[tuple[int, int, bool]] = []
        for at in line.finditer(self._raw, part.start, part.end):
            if at.start() == part.start or self._raw[at.start() - 1] == 10:
                found.append((self._before(at.start(), part.start), at.end(), bool(at[1])))
            if len(found) > self._left:
                break
        return found

    def _before(self, place: int, start: int) -> int:
        """The line end in front of a boundary belongs to the boundary (RFC 2046, 5.1.1)."""
        if place > start:
            place -= 1
        return place - 1 if place > start and self._raw[place - 1] == 13 else place
