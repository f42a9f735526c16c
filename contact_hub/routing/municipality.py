"""The desk of a municipality as its rules file describes it: its queues, their clocks, and the topics they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

Tier = Literal["front", "back"]
Visibility = Literal["default", "restricted", "confidential"]
Unit = Literal["hours", "working days", "days", "months"]


@dataclass(frozen=True, slots=True)
class Municipality:
    """Whose desk this is; `languages` has the first choice first."""

    name: str
    timezone: str
    languages: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time a queue gives itself."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Queue:
    """A team's work list; `names` by language, `calendar` the id of the one its clock runs on, `line` where it stands."""

    id: str
    names: Mapping[str, str]
    tier: Tier = "back"
    visibility: Visibility = "default"
    clock: Clock | None = None
    contact: str = ""
    deputy: str = ""
    calendar: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about, the queue that answers it, whether the first line can, and the line it stands on."""

    id: str
    names: Mapping[str, str]
    queue: str
    first_line: bool = False
    line: int = field(default=0, compare=False)
