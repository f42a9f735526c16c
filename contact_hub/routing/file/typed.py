"""A queue or a calendar as somebody fills it in on a page: read as the rules file is, and wrong in the same words."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar, cast, get_args

from contact_hub.routing.calendars import WEEKDAYS, Calendar, Hours
from contact_hub.routing.file.desk import DeskSchema
from contact_hub.routing.file.marked import Items, Scalar
from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.municipality import Clock, Queue, Tier, Unit, Visibility
from contact_hub.routing.said import Said, said

LONGEST = 255
MOST_DAYS = 400
EMPTY, TAKEN = said("Fill this in."), said("This id is taken: choose another.")
NO_CLOCK, TOO_LONG = said("Write a number from 1 to 9999."), said("At most %(most)s characters.", most=str(LONGEST))
NEVER_OPEN = said("Say on at least one day when it is open.")

T = TypeVar("T")
Wrong = dict[str, tuple[Said, ...]]
"""What is wrong, by the name of its field."""


def queue_typed(
    given: Mapping[str, str], *, id: str, taken: Collection[str], languages: Collection[str], calendars: Collection[str]
) -> tuple[Queue, Wrong]:
    """The queue in these fields, the one of this id, or a new one where that is empty; and what is wrong, if anything."""
    wrong: Wrong = {}
    tier, visibility, calendar = (given.get(name, "") for name in ("tier", "visibility", "calendar"))
    queue = Queue(
        id=id or _new_id(given, taken, wrong),
        names=_names(given, languages, wrong),
        tier=cast(Tier, tier) if tier in get_args(Tier) else "back",
        visibility=cast(Visibility, visibility) if visibility in get_args(Visibility) else "default",
        clock=_clock(given, wrong),
        contact=_line(given, "contact", wrong),
        deputy=_line(given, "deputy", wrong),
        calendar=calendar if calendar in calendars else "",
    )
    return queue, wrong


def calendar_typed(
    given: Mapping[str, str], *, id: str, taken: Collection[str], languages: Collection[str]
) -> tuple[Calendar, Wrong]:
    """The calendar in these fields, the one of this id, or a new one where that is empty; and what is wrong, if anything."""
    wrong: Wrong = {}
    by_day = {place: _hours(given, day, wrong) for place, day in enumerate(WEEKDAYS)}
    hours = {place: spans for place, spans in by_day.items() if spans}
    if not hours and not wrong:
        wrong[WEEKDAYS[0]] = (NEVER_OPEN,)
    lines = _words(given.get("closed", ""))[:MOST_DAYS]
    closed = _read("closed", wrong, lambda schema: [schema.day(each, said("Closed on")) for each in lines])
    days = frozenset(day for day in closed if day)
    names = _names(given, languages, wrong)
    return Calendar(id or _new_id(given, taken, wrong), hours, days, bool(given.get("holidays")), names), wrong


def _names(given: Mapping[str, str], languages: Collection[str], wrong: Wrong) -> dict[str, str]:
    """What it is called, by language; in one of them at least."""
    names = {language: _line(given, f"name-{language}", wrong) for language in languages}
    if not any(names.values()):
        wrong[f"name-{next(iter(languages))}"] = (EMPTY,)
    return {language: name for language, name in names.items() if name}


def _hours(given: Mapping[str, str], day: str, wrong: Wrong) -> tuple[Hours, ...]:
    """The opening hours of a day, also as `9:00 - 12:00`."""
    spans = re.sub(r"\s*[-–]\s*", "-", given.get(day, ""))
    members = _words(re.sub(r"\b(\d):", r"0\1:", spans))
    return _read(day, wrong, lambda schema: schema.openings(Items(1, 1, list(members))))


def _words(given: str) -> list[Scalar]:
    return [Scalar(each, 1, 1) for each in re.split(r"[\s,;]+", given) if each]


def _new_id(given: Mapping[str, str], taken: Collection[str], wrong: Wrong) -> str:
    typed = given.get("id", "").strip()
    if not typed:
        wrong["id"] = (EMPTY,)
    elif typed in taken:
        wrong["id"] = (TAKEN,)
    else:
        return _read("id", wrong, lambda schema: schema.identity(Scalar(typed, 1, 1), "id"))
    return typed


def _clock(given: Mapping[str, str], wrong: Wrong) -> Clock | None:
    amount, unit = given.get("amount", "").strip(), given.get("unit", "")
    if not amount:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", amount) or not int(amount):
        wrong["amount"] = (NO_CLOCK,)
        return None
    return Clock(int(amount), cast(Unit, unit if unit in get_args(Unit) else "working days"))


def _line(given: Mapping[str, str], name: str, wrong: Wrong) -> str:
    """One line of text; what no text holds is left out."""
    words = " ".join("".join(each for each in given.get(name, "") if each.isprintable() or each.isspace()).split())
    if len(words) > LONGEST:
        wrong[name] = (TOO_LONG,)
    return words


def _read(name: str, wrong: Wrong, read: Callable[[DeskSchema], T]) -> T:
    """What the reader of the rules file makes of it; what it finds wrong belongs to the field."""
    mistakes: list[Mistake] = []
    found = read(DeskSchema(mistakes))
    if mistakes:
        wrong[name] = tuple(part for each in mistakes[:3] for part in (each.what, each.mend))
    return found
