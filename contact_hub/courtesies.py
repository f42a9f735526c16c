"""Tells a mere thank-you from news, in Dutch, French, English and German.

Every word must be one of courtesy (`courtesies.yaml`): another one, a figure, a question mark or a file may be news, and is
taken as such.
"""

import re
from functools import cache
from pathlib import Path

import yaml

from contact_hub.contact import Contact

LONGEST = 400  # characters
LONGEST_NAME = 4  # words
_THANKS = re.compile(
    r"\b(dank|bedankt|dankjewel|dankje|dankuwel|thx|tnx|thanks|thank|merci|remerci\w+|danke|dankeschön|bedanken?)\b"
)
_CLOSING = re.compile(
    r"\W*(m\.?v\.?g|vr\.? ?gr|met vriendelijke|vriendelijke groet|(hartelijke |beste )?groet|hoogachtend|cordialement"
    r"|bien à vous|(meilleures )?salutations|sincèrement|amicalement|((kind|best|warm) )?regards|best wishes|yours|sincerely"
    r"|cheers|mit freundlichen|freundliche gr|(viele |liebe |beste )?grü|mfg|lg\b|vg\b)"
)
_GREETING = re.compile(
    r"\W*(beste|geachte|dag|hallo|hoi|goede\w+|cher|chère|bonjour|bonsoir|dear|hello|hi|sehr geehrte\w?|guten|liebe\w?)\b"
)
_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")


def is_only_thanks(contact: Contact) -> bool:
    """Whether a contact that goes on with a ticket says thank you and nothing else."""
    brings_files = any(not each.inline for each in contact.attachments)
    return not brings_files and says_only_thanks(contact.message, contact.sender_name)


def says_only_thanks(text: str, name: str = "") -> bool:
    """Whether this is a mere thank-you of somebody with this name; greeting, closing and name may stand around it."""
    said = text.strip().lower().replace("’", "'")
    if len(said) > LONGEST or "?" in said or not _THANKS.search(said):
        return False
    courteous = _courteous() | set(_WORD.findall(name.lower()))
    return all(word in courteous for line in _without_names(said.splitlines()) for word in _WORD.findall(line))


def _without_names(lines: list[str]) -> list[str]:
    """The lines without who is greeted, and without the name of few words under the closing or at the very end."""
    lines = [line.strip() for line in lines if line.strip()]
    greeting = _GREETING.match(lines[0])
    if greeting and lines[0].endswith(",") and _is_short(lines[0]):
        lines[0] = greeting[0]
    closings = (number for number, line in enumerate(lines) if _CLOSING.match(line))
    closing = next(closings, len(lines))
    under = lines[closing + 1 :]
    return lines[: closing + 1] if len(under) == 1 and _is_name(under[0]) else lines


def _is_name(line: str) -> bool:
    return _is_short(line) and not any(each.isdigit() for each in line)


def _is_short(line: str) -> bool:
    return len(_WORD.findall(line)) <= LONGEST_NAME


@cache
def _courteous() -> frozenset[str]:
    words: dict[str, str] = yaml.safe_load((Path(__file__).parent / "courtesies.yaml").read_text("utf-8"))
    return frozenset(word for each in words.values() for word in each.split())
