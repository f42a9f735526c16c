"""What the doctor finds: fact, cause and remedy, whom to blame, and a made-up message that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contact_hub.routing.said import Said

Severity = Literal["blocks", "asks", "tells"]
SEVERITIES: tuple[Severity, ...] = ("blocks", "asks", "tells")
"""What keeps a file from being published, what needs an answer from a person, and what is good to know."""

CODES: Mapping[str, Severity] = {
    "example-fails": "blocks",
    "contradiction": "blocks",
    "never-wins": "blocks",
    "duplicate": "blocks",
    "takes-everything": "blocks",
    "default-unused": "asks",
    "labels-everything": "asks",
    "urgent-not": "asks",
    "labels-conflict": "asks",
    "unknown-channel": "asks",
    "unknown-form": "asks",
    "unknown-form-field": "asks",
    "past-until": "asks",
    "no-example": "asks",
    "counts-twice": "asks",
    "never-matched": "asks",
    "never-won": "asks",
    "competes": "asks",
    "takes-missing": "tells",
    "idle-word": "tells",
    "idle-condition": "tells",
    "same-labels": "tells",
    "unreached-queue": "tells",
    "unused-list": "tells",
    "unused-topic": "tells",
    "unproved": "tells",
}
"""Every code with its severity; docs/doctor.md tells what each means."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the doctor says about a rulebook.

    `rules` are the fewest rules to blame, `line` is where to look first (0: nowhere in the file), and `witness` a made-up
    message, written as an example in the file would be; empty where none makes sense.
    """

    code: str
    severity: Severity
    rules: tuple[str, ...]
    line: int
    what: Said
    remedy: Said
    witness: str = ""

    def as_record(self) -> dict[str, Any]:
        """The finding in values JSON knows."""
        return {
            "code": self.code,
            "severity": self.severity,
            "rules": list(self.rules),
            "line": self.line,
            "what": self.what.as_record(),
            "remedy": self.remedy.as_record(),
            "witness": self.witness,
        }


def found(code: str, rules: tuple[str, ...], line: int, what: Said, remedy: Said, witness: str = "") -> Finding:
    """A finding of this code, with the severity all of its kind have."""
    return Finding(code, CODES[code], rules, line, what, remedy, witness)
