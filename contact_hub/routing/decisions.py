"""What rules say and what comes of it: actions, and the decision that is stored with a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from contact_hub.routing.said import Said, from_record
from contact_hub.routing.words import Evidence

Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
RECEIPTS = ("receipt", "complaint")
"""The letters a rule may choose as receipt; `none` beside them sends none."""

DEFAULT = "default"
"""The rule named in a decision that no route rule took."""


@dataclass(frozen=True, slots=True)
class Also:
    """Where a second, linked ticket goes; `topic` may be empty."""

    queue: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule says about a contact; what is empty it leaves to others."""

    queue: str = ""
    priority: Priority | None = None
    topic: str = ""
    tags: tuple[str, ...] = ()
    due: str = ""
    note: str = ""
    language: str = ""
    receipt: str = ""
    also: tuple[Also, ...] = ()
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A route rule that failed on one condition only; `missing` says which."""

    rule: str
    missing: Said


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a contact goes, by which rule and by which of its words.

    `runners_up` are the other route rules that hold, `near_misses` those that failed on one condition only, both in the
    order of the file; `shadows` those on trial that hold.
    """

    queue: str
    priority: Priority = "normal"
    topic: str = ""
    tags: tuple[str, ...] = ()
    rule: str = DEFAULT
    screened: bool = False
    evidence: tuple[Evidence, ...] = ()
    labels: tuple[str, ...] = ()
    due: str = ""
    note: str = ""
    language: str = ""
    receipt: str = ""
    shadows: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    confidential: bool = False
    runners_up: tuple[str, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """The decision as it is stored: values as JSON gives them back."""
        return {
            **{field.name: _plain(getattr(self, field.name)) for field in fields(self)},
            "evidence": [_flat(each) for each in self.evidence],
            "also": [_flat(each) for each in self.also],
            "near_misses": [{"rule": each.rule, "missing": each.missing.as_record()} for each in self.near_misses],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Decision":
        """The decision again, out of what was stored, be it by an older hub; what is no part of a decision is left out."""
        known = {field.name: record[field.name] for field in fields(cls) if field.name in record}
        known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
        return cls(
            **{
                **known,
                "evidence": tuple(Evidence(**each) for each in known.get("evidence", ())),
                "also": tuple(Also(**each) for each in known.get("also", ())),
                "near_misses": tuple(
                    NearMiss(each["rule"], from_record(each["missing"])) for each in known.get("near_misses", ())
                ),
            }
        )


def departures(record: Mapping[str, Any], decision: Decision) -> list[str]:
    """The parts of a stored decision that this one does not repeat; none when it is the same.

    No departure is what the hub did not store yet when the record was made, what it stored beside the decision, and how it
    worded near misses then.
    """
    again = decision.as_record()
    return [name for name, value in record.items() if name in again and _bare(again[name]) != _bare(value)]


def _bare(value: object) -> object:
    """A part of a record without its sentences."""
    if not isinstance(value, list):
        return value
    return [
        {name: part for name, part in each.items() if name != "missing"} if isinstance(each, dict) else each for each in value
    ]


def _flat(part: Evidence | Also) -> dict[str, Any]:
    """`dataclasses.asdict` without its deep copies: these hold plain values only, and there are many in each decision."""
    return {each.name: getattr(part, each.name) for each in fields(part)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
