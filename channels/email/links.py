"""Where a link in a mail really leads, as a browser reads it, which is not always as it looks."""

import re
from dataclasses import dataclass

_IGNORED = re.compile(r"[\x00-\x20\x7f]*(?:\t|\r|\n)[\x00-\x20\x7f]*|^[\x00-\x20]+|[\x00-\x20]+$")
_WEB = re.compile(r"(https?):[/\\]*([^/\\?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_PLAIN = re.compile(r"(?:mailto|tel):[^\x00-\x20<>\"]{1,2000}", re.IGNORECASE)
_HOST = re.compile(r"[\w.-]{1,253}|\[[0-9a-f:.]{2,60}\]", re.IGNORECASE)
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be followed; `host` is where it leads, empty for a mail or a call."""

    address: str
    host: str = ""


def link_of(written: str) -> Link | None:
    """The link somebody wrote, with nothing left in it that a browser reads otherwise than people; None where it is none.

    Backslashes, missing slashes and names before an @ (WHATWG URL, 4.4) are read as browsers do. A host in other letters
    than ours is given in the form in which it is looked up.
    """
    address = _IGNORED.sub("", written[:LONGEST])
    if _PLAIN.fullmatch(address):
        return Link(address)
    found = _WEB.fullmatch(address)
    if not found:
        return None
    place, colon, port = found[2].rpartition("@")[2].partition(":")
    host = _looked_up(place)
    if not _HOST.fullmatch(host) or (colon and not port.isascii()) or not (port.isdecimal() or not port):
        return None
    rest = found[3].replace("\\", "/")
    return Link(f"{found[1].lower()}://{host}{':' + port if port else ''}{rest or '/'}", host)


def _looked_up(host: str) -> str:
    if host.isascii():
        return host.lower().rstrip(".")
    try:
        return host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError:
        return ""
