"""The richest version of what a mail shows: its HTML where it has some, its plain text else, in the order of the mail."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email.charsets import text_of
from channels.email.headers import decoded
from channels.email.parameters import read_field
from channels.email.splitting import Part
from channels.email.transfer import bytes_of

LONGEST = 4_000_000  # bytes of one part, before decoding
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Shown:
    """One stretch of a mail: HTML as it was sent, or plain text."""

    is_html: bool
    text: str = field(repr=False)


def richest(root: Part) -> list[Shown]:
    """Every stretch a mail program would show, each alternative in its best version; files are not among them."""
    return list(_stretches(root))


def _stretches(part: Part) -> Iterator[Shown]:
    if part.kind == "multipart/alternative":
        versions = [list(_stretches(each)) for each in part.parts]
        rich = [version for version in versions if any(each.is_html for each in version)]
        yield from next(reversed(rich or versions), [])
    elif part.parts:
        for each in part.parts:
            yield from _stretches(each)
    elif _is_text(part):
        yield Shown(part.kind in _HTML, _decoded(part))


def _is_text(part: Part) -> bool:
    disposition = read_field(part.headers.raw("content-disposition"), part.headers.hints)
    return (
        part.kind in (*_HTML, "text/plain") and disposition.value != "attachment" and "filename" not in disposition.parameters
    )


def _decoded(part: Part) -> str:
    encoding = decoded(part.headers.raw("content-transfer-encoding"))
    content = bytes_of(part.raw, part.start, min(part.end, part.start + LONGEST), encoding)
    return text_of(content, part.type.parameters.get("charset", ""), part.headers.hints).replace("\x00", "")
