"""What a system may send with each verb of a ticket, as the description of the API shows it."""

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "answers": {"text": "It is mended tomorrow.", "language": "en", "outcome": "resolved_first_line", "files": []},
    "claim": {"seen": 3},
    "release": {},
    "notes": {"text": "@Jan Peeters do you know this street?"},
    "consultations": {"whom": "queue:roads", "question": "Whose lantern is it?"},
    "advice": {"text": "It is ours."},
    "hand-overs": {"queue": "roads", "reason": "their street", "promise": "news this week", "tell": True},
    "returns": {"reason": "a private road"},
    "resolution": {"outcome": "resolved_first_line"},
    "reopening": {"reason": "it broke again"},
    "marks": {"topic": "hole", "priority": "high", "tags": ["school"], "due": "2026-12-01", "reason": "a school is near"},
    "waits": {"reason": "a photograph"},
    "snoozes": {"until": "2026-12-01T09:00"},
    "resumption": {},
    "assignment": {"agent": 12},
    "joining": {"reason": "chasing"},
    "keeping-apart": {},
    "splits": {"messages": [71, 72], "stay": True},
    "merging": {"other": "26-004512-K", "sure": False},
    "parting": {},
    "links": {"other": "26-004512-K"},
    "unlinking": {"other": "26-004512-K"},
    "citizen": {"address": "roos@example.org", "name": "Roos Peeters"},
    "person": {"name": "Roos Peeters", "phone": "011 22 33 44", "language": "nl", "addresses": {"8": "roos@example.org"}},
    "same-person": {"person": 31},
    "not-same-person": {"person": 31},
    "other-person": {"merge": 4},
    "contact-reasons": {"message": 71, "reason": "chasing"},
    "undo": {},
    "found-wrong": {},
    "found-right": {},
}
