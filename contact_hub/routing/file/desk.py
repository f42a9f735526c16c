"""Reads the desk from a rules file: the municipality, its calendars, queues and topics."""

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date, time
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contact_hub.routing.calendars import DAYS_END, WEEKDAYS, Calendar, Hours
from contact_hub.routing.file.marked import Node, Scalar
from contact_hub.routing.file.schema import Schema
from contact_hub.routing.rules import Clock, Municipality, Queue, Tier, Topic, Unit, Visibility
from contact_hub.routing.said import Said, said

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2}")
_CLOCK = re.compile(r"(\d{1,4}) (hour|working day|day|month)s?")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HOLIDAYS = "belgian holidays"


class DeskSchema(Schema):
    """Reads what a municipality is made of."""

    def municipality(self, node: Node) -> Municipality:
        """Name, time zone and languages."""
        keys = ("name", "timezone", "languages")
        given = self.block(node, "municipality", keys, needed=keys)
        languages = self.words(self.filled(given["languages"]), "languages") if "languages" in given else ()
        return Municipality(
            name=self.word(given["name"], "name") if "name" in given else "",
            timezone=self._zone(given["timezone"]) if "timezone" in given else "UTC",
            languages=tuple(dict.fromkeys(filter(None, map(self._language, languages)))),
        )

    def identity(self, node: Node, what: Said | str) -> str:
        """An id: small letters, digits, dashes."""
        value = self.word(node, what)
        if value and not ID.fullmatch(value):
            self.wrong(
                node,
                said("%(what)s “%(written)s” cannot be an id.", what=what, written=value[:80]),
                said("Use small letters, digits and dashes only."),
            )
            return ""
        return value

    def calendars(self, node: Node) -> dict[str, Calendar]:
        """Calendars by id."""
        return {name: self._calendar(name, value) for name, value in self.block(node, "calendars").items()}

    def queues(self, node: Node, calendars: Mapping[str, Calendar]) -> dict[str, Queue]:
        """Queues by id."""
        queues: dict[str, Queue] = {}
        for item in self.items(node, "queues"):
            queue = self._queue(item, calendars)
            if queue.id in queues:
                self.wrong(
                    item, said("The queue “%(id)s” stands here twice.", id=queue.id), said("Give one of them another id.")
                )
            elif queue.id:
                queues[queue.id] = queue
        return queues

    def topics(self, node: Node, queues: Mapping[str, Queue]) -> dict[str, Topic]:
        """Topics by id."""
        topics: dict[str, Topic] = {}
        for item in self.items(node, "topics"):
            given = self.block(item, said("A topic"), ("id", "name", "queue", "first_line"), needed=("id", "name", "queue"))
            topic = Topic(
                id=self.identity(given["id"], "id") if "id" in given else "",
                names=self._names(given.get("name")),
                queue=self.one_of(given["queue"], "queue", queues) if "queue" in given else "",
                first_line=self.yes_or_no(given["first_line"], "first_line") if "first_line" in given else False,
                line=item.line,
            )
            if topic.id in topics:
                self.wrong(
                    item, said("The topic “%(id)s” stands here twice.", id=topic.id), said("Give one of them another id.")
                )
            elif topic.id:
                topics[topic.id] = topic
        return topics

    def clock(self, node: Node, what: Said | str) -> Clock | None:
        """A span of time such as `3 working days`; None for `none`."""
        value = self.word(node, what)
        found = _CLOCK.fullmatch(value)
        if found and int(found[1]) > 0:
            return Clock(int(found[1]), cast(Unit, f"{found[2]}s"))
        if value and value != "none":
            self.wrong(
                node,
                said("%(what)s “%(written)s” is no time.", what=what, written=value[:80]),
                said("Write it like `3 working days`, `4 hours`, `1 month`."),
            )
        return None

    def spans(self, node: Node, what: Said | str) -> tuple[Hours, ...]:
        """Spans of the day such as 09:00-12:00."""
        return tuple(filter(None, [self._span(item, what) for item in self.words(node, what)]))

    def day(self, node: Node, what: Said | str) -> date | None:
        """A date such as 2027-06-30."""
        value = self.word(node, what)
        try:
            day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
        except ValueError:  # such as the 30th of February
            day = None
        if value and day is None:
            self.wrong(
                node,
                said("%(what)s “%(written)s” is no date.", what=what, written=value[:80]),
                said("Write it like 2027-06-30."),
            )
        return day

    def _queue(self, node: Node, calendars: Mapping[str, Calendar]) -> Queue:
        keys = ("id", "name", "tier", "visibility", "clock", "contact", "deputy", "calendar")
        given = self.block(node, said("A queue"), keys, needed=("id", "name", "tier"))
        tier = self.one_of(given["tier"], "tier", get_args(Tier)) if "tier" in given else ""
        visibility = self.one_of(given["visibility"], "visibility", get_args(Visibility)) if "visibility" in given else ""
        return Queue(
            id=self.identity(given["id"], "id") if "id" in given else "",
            names=self._names(given.get("name")),
            tier=cast(Tier, tier or "back"),
            visibility=cast(Visibility, visibility or "default"),
            clock=self.clock(given["clock"], "clock") if "clock" in given else None,
            contact=self.word(given["contact"], "contact") if "contact" in given else "",
            deputy=self.word(given["deputy"], "deputy") if "deputy" in given else "",
            calendar=self.one_of(given["calendar"], "calendar", calendars) if "calendar" in given else "",
            line=node.line,
        )

    def _names(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        given = self.block(node, "name")
        for language in given:
            self._language(Scalar(language, node.line, node.column))
        return {language: self.word(value, "name") for language, value in given.items()}

    def _language(self, node: Scalar) -> str:
        if LANGUAGE.fullmatch(node.value):
            return node.value
        self.wrong(
            node,
            said("“%(written)s” is no language.", written=node.value[:80]),
            said("Use two small letters, such as nl or fr."),
        )
        return ""

    def _zone(self, node: Node) -> str:
        value = self.word(node, "timezone")
        try:
            return ZoneInfo(value).key if value else "UTC"
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.wrong(
                node,
                said("The time zone “%(written)s” does not exist.", written=value[:80]),
                said("Write it like Europe/Brussels."),
            )
            return "UTC"

    def _calendar(self, name: str, node: Node) -> Calendar:
        hours: dict[int, tuple[Hours, ...]] = {}
        names: dict[str, str] = {}
        closed: set[date] = set()
        on_holidays = False
        mistakes_before = len(self.mistakes)
        for key, value in self.block(node, said("The calendar “%(name)s”", name=name)).items():
            if key == "name":
                names = self._names(value)
                continue
            if key != "closed":
                days = self.days(Scalar(key, value.line, value.column), said("A calendar"), "closed", "name")
                self._once(days, hours, value)
                hours.update(dict.fromkeys(days, self.openings(value)))
                continue
            for item in self.words(value, "closed"):
                on_holidays = on_holidays or item.value == _HOLIDAYS
                day = None if item.value == _HOLIDAYS else self.day(item, "closed")
                closed.update([day] if day else [])
        if not any(hours.values()) and len(self.mistakes) == mistakes_before:
            mend = said('Say when it is open, for example `mon-fri: ["09:00-12:00"]`.')
            self.wrong(node, said("The calendar “%(name)s” never opens.", name=name), mend)
        return Calendar(name, hours, frozenset(closed), on_holidays, names)

    def _once(self, days: Iterable[int], before: Container[int], node: Node) -> None:
        """Notes the first of these days that has its hours already."""
        twice = next((WEEKDAYS[day] for day in days if day in before), "")
        if twice:
            self.wrong(node, said("The key “%(written)s” stands here twice.", written=twice), said("Keep one of them."))

    def openings(self, node: Node) -> tuple[Hours, ...]:
        """The opening hours of a day."""
        openings = self.spans(node, said("Opening hours"))
        if any(opens >= closes for opens, closes in openings):
            what = said("These opening hours end before they begin.")
            self.wrong(node, what, said("Part those over midnight: until 24:00, and from 00:00 on the next day."))
        return openings

    def days(self, node: Scalar, what: Said | str, *others: str) -> list[int]:
        """The weekdays (0 is Monday) of `mon` or `mon-fri`; `others` are named as what might have stood here."""
        first, dash, last = node.value.strip().partition("-")
        if first in WEEKDAYS and (not dash or last in WEEKDAYS[WEEKDAYS.index(first) :]):
            return list(range(WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first) + 1))
        self.unknown(
            node, said("%(what)s knows no “%(written)s”.", what=what, written=node.value[:80]), (*WEEKDAYS, "mon-fri", *others)
        )
        return []

    def _span(self, node: Scalar, what: Said | str) -> Hours | None:
        found = _SPAN.fullmatch(node.value)
        if found and (found[3] != "24" or found[4] == "00"):
            opens = time(int(found[1]), int(found[2]))
            return opens, DAYS_END if found[3] == "24" else time(int(found[3]), int(found[4]))
        self.wrong(
            node,
            said("%(what)s cannot be “%(written)s”.", what=what, written=node.value[:80]),
            said('Write them like "09:00-12:00".'),
        )
        return None
