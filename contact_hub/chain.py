"""What binds each edition of the rules to the one before it, so that nobody can rewrite their history unseen."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = ""
"""What the first edition has before it."""


def link(
    previous: str,
    *,
    number: int,
    text: str,
    author: str,
    reason: str,
    published_at: datetime,
    tested: Mapping[str, Any],
    replay: Mapping[str, Any],
) -> str:
    """The SHA-256, in hexadecimal digits, over an edition and the link of the one before it."""
    moment = published_at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [previous, number, text, author, reason, moment, tested, replay]
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()
