"""Why a mail of ours did not arrive, as a delivery report or its words say (RFC 3464, RFC 3463)."""

import re

from channels.email.splitting import Part
from contact_hub import troubles

DELIVERY_STATUS = ("message/delivery-status", "message/global-delivery-status")
_READ = 8_000
_LONGEST = 300
_STATUS = re.compile(rb"^status:[ \t]*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(rb"^diagnostic-code:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(r"^(smtp|x-[\w-]+)\s*;\s*", re.IGNORECASE)
_IN_WORDS = re.compile(r"\b[45]\d\d[ -]#?[245]\.\d{1,3}\.\d{1,3}\b[^\n]*|\b[45]\.\d{1,3}\.\d{1,3}\b[^\n]*|\b[45]\d\d [^\n]+")
_CODE = re.compile(r"[45]\.(\d{1,3})\.(\d{1,3})")
# By the subject and detail of the enhanced status code; a subject alone stands for all of its details.
_MEANINGS = {
    "1.10": troubles.NO_SUCH_ADDRESS,
    "1.8": troubles.MAIL_REFUSED,
    "1.7": troubles.MAIL_REFUSED,
    "1": troubles.NO_SUCH_ADDRESS,
    "2.2": troubles.MAILBOX_FULL,
    "2.3": troubles.MAIL_TOO_BIG,
    "2": troubles.MAILBOX_CLOSED,
    "3.4": troubles.MAIL_TOO_BIG,
    "4": troubles.SERVER_UNREACHED,
    "7": troubles.MAIL_REFUSED,
}


def failure_of(root: Part, text: str) -> str:
    """What this report says, in a word where its code has one, with the code and the other server's words behind it."""
    reported = [bytes(part.body[:_READ]).replace(b"\r\n", b"\n") for part in root.parts if part.kind in DELIVERY_STATUS]
    said = _said_in(b"\n".join(reported)) if reported else _said_in_words(text[:_READ])
    return f"{_meaning(said)}: {said}" if said else ""


def _said_in(report: bytes) -> str:
    status, diagnostic = _STATUS.search(report), _DIAGNOSTIC.search(report)
    code = status[1].decode("ascii") if status else ""
    words = _TYPE.sub("", diagnostic[1].decode("utf-8", "replace")) if diagnostic else ""
    return _one_line(words if code in words else f"{code} {words}")


def _said_in_words(text: str) -> str:
    found = _IN_WORDS.search(text)
    return _one_line(found[0]) if found else ""


def _meaning(said: str) -> str:
    code = _CODE.search(said)
    if code is None:
        return troubles.CAME_BACK
    return _MEANINGS.get(f"{code[1]}.{code[2]}") or _MEANINGS.get(code[1], troubles.CAME_BACK)


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:_LONGEST]
