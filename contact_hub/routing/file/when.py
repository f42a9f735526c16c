"""Reads the conditions of a rule: the block behind `when`."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import get_args

from contact_hub.contact import Automatic
from contact_hub.routing import conditions as c
from contact_hub.routing.calendars import Calendar, Hours
from contact_hub.routing.fields import ADDRESSES, EXACT, OTHERS, PERSON, WRITTEN, is_written
from contact_hub.routing.file.desk import LANGUAGE, DeskSchema
from contact_hub.routing.file.marked import Block, Items, Node, Scalar
from contact_hub.routing.file.schema import Schema
from contact_hub.routing.file.wording import Wording
from contact_hub.routing.rules import Topic
from contact_hub.routing.said import Said, said

_GROUPS = ("any", "all", "not")
_NAMES = (*WRITTEN, *EXACT, *ADDRESSES, *OTHERS, *_GROUPS, "form.<field>", "header.<name>")
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9})|(\+))?", re.ASCII)


class WhenSchema(Schema):
    """Reads conditions."""

    def __init__(
        self, wording: Wording, desk: DeskSchema, topics: Mapping[str, Topic], calendars: Mapping[str, Calendar]
    ) -> None:
        super().__init__(wording.mistakes)
        self._wording = wording
        self._desk = desk
        self._topics = topics
        self._calendars = calendars
        self._read: Mapping[str, Callable[[Node], c.Condition]] = {
            "any": self._any,
            "all": lambda node: c.every(self._parts(node, "all")),
            "not": lambda node: c.Not(c.either(self._parts(node, "not"))),
            "postcode": self._postcode,
            "received": self._received,
            "person.known": lambda node: c.Known(self._desk.yes_or_no(node, "person.known")),
            "person.open tickets": self._open_tickets,
            "has": lambda node: c.Has(tuple([item.value.strip() for item in self._fields(node)])),
        }

    def condition(self, node: Node, what: Said | str) -> c.Condition:
        """All keys of one block together; what cannot be read is noted and left out."""
        given = self.block(node, what)
        if isinstance(node, Block) and not node.pairs:
            self.wrong(
                node, said("%(what)s is empty and would hold for everything.", what=what), said("Write at least one condition.")
            )
        return c.every(tuple(self._each(node, given)))

    def words(self, node: Node, what: Said | str) -> Iterator[Scalar]:
        """Single values, at least one: a condition that names none would never hold."""
        return super().words(self.filled(node), what)

    def _each(self, node: Node, given: Mapping[str, Node]) -> Iterator[c.Condition]:
        for name, value in given.items():
            if is_written(name):
                yield c.Contains(name, self._wording.words_of(value))
            elif name in EXACT:
                yield c.OneOf(name, self._exact(name, value))
            elif name in ADDRESSES:
                yield c.Address(name, self._addresses(name, value))
            elif name in self._read:
                yield self._read[name](value)
            else:
                self.unknown(_key(node, name), said("Rules know no field “%(name)s”.", name=name[:80]), _NAMES)

    def _any(self, node: Node) -> c.Condition:
        if isinstance(node, Block) and len(node.pairs) > 1:
            self.wrong(
                node,
                said("Under “any” stands one block, and all its keys must hold together."),
                said("Put a dash before each of them, or write “all” instead."),
            )
        return c.either(self._parts(node, "any"))

    def _parts(self, node: Node, what: str) -> tuple[c.Condition, ...]:
        blocks = node.items if isinstance(node, Items) else [node]
        if not blocks:
            self.wrong(node, said("“%(what)s” is empty.", what=what), said("Write at least one condition."))
        return tuple(self.condition(block, said("“%(what)s”", what=what)) for block in blocks)

    def _exact(self, name: str, node: Node) -> frozenset[str]:
        choices: Mapping[str, tuple[str, ...]] = {
            "automatic": tuple(kind for kind in get_args(Automatic) if kind),
            "topic": tuple(self._topics),
        }
        if name in choices:
            return frozenset(self.one_of(item, name, choices[name]).casefold() for item in self.words(node, name))
        values = [(item, item.value.strip().casefold()) for item in self.words(node, name)]
        for item, value in values:
            if name == "language" and not LANGUAGE.fullmatch(value):
                self.wrong(
                    item,
                    said("“%(written)s” is no language.", written=value[:80]),
                    said("Use two small letters, such as nl or fr."),
                )
        return frozenset(value for _, value in values)

    def _addresses(self, name: str, node: Node) -> tuple[str, ...]:
        values = []
        for item in self.words(node, name):
            value = item.value.strip().casefold()
            if "*" in value.removeprefix("*").removesuffix("*") or not value.strip("*"):
                mend = said("A star may stand only at the beginning or the end of an address.")
                self.wrong(item, said("“%(written)s” is no address.", written=value[:80]), mend)
            else:
                values.append(value.removeprefix("@") if name == "sender domain" else value)
        return tuple(values)

    def _postcode(self, node: Node) -> c.Condition:
        ranges = []
        for item in self.words(node, "postcode"):
            span = _range(item.value)
            if span is None or span[1] == c.MANY:
                self.wrong(
                    item, said("“%(written)s” is no postcode.", written=item.value[:80]), said('Write "9000" or "9000-9099".')
                )
            ranges.append(span or (1, 0))
        return c.Postcode(tuple(ranges))

    def _open_tickets(self, node: Node) -> c.Condition:
        if isinstance(node, Block):
            given = self.block(node, "person.open tickets", ("at least",), needed=("at least",))
            return c.OpenTickets(tuple(self._numbers(given["at least"], from_there=True)) if "at least" in given else ())
        return c.OpenTickets(tuple(self._numbers(node)))

    def _numbers(self, node: Node, *, from_there: bool = False) -> Iterator[tuple[int, int]]:
        for item in self.words(node, "person.open tickets"):
            span = _range(f"{item.value.strip()}+" if from_there else item.value)
            if span is None:
                self.wrong(
                    item,
                    said("“%(written)s” is no number of tickets.", written=item.value[:80]),
                    said('Write "0", "1-3", "2+" or {at least: 2}.'),
                )
            yield span or (1, 0)

    def _received(self, node: Node) -> c.Condition:
        given = self.block(node, "received", ("inside", "outside", "weekday", "hours"))
        if isinstance(node, Block) and not node.pairs:
            self.wrong(
                node,
                said("%(what)s is empty and would hold for everything.", what="received"),
                said("Write at least one condition."),
            )
        parts: list[c.Condition] = []
        for side in ("inside", "outside"):
            if side in given:
                names = [self.one_of(item, "calendar", self._calendars) for item in self.words(given[side], "calendar")]
                is_open = c.either(tuple(c.Open(self._calendars[name]) for name in names if name))
                parts.append(is_open if side == "inside" else c.Not(is_open))
        if "weekday" in given:
            days = [day for item in self.words(given["weekday"], "weekday") for day in self._desk.days(item, "weekday")]
            parts.append(c.Weekday(frozenset(days)))
        if "hours" in given:
            parts.append(c.Hours(self._hours(given["hours"])))
        return c.every(tuple(parts))

    def _hours(self, node: Node) -> tuple[Hours, ...]:
        spans = self._desk.spans(self.filled(node), "hours")
        if any(begin == end for begin, end in spans):
            self.wrong(node, said("These hours end when they begin."), said('Write them like "09:00-12:00".'))
        return spans

    def _fields(self, node: Node) -> Iterator[Scalar]:
        known = (*WRITTEN, *EXACT, *ADDRESSES, *PERSON, "postcode")
        for item in self.words(node, "has"):
            if item.value.strip() in known or is_written(item.value.strip()):
                yield item
            else:
                self.unknown(item, said("Rules know no field “%(written)s”.", written=item.value[:80]), known)


def _range(written: str) -> tuple[int, int] | None:
    """`7`, `7-9` or `7+` as first and last; None when it is none of these."""
    found = _RANGE.fullmatch(written.strip())
    if not found:
        return None
    first = int(found[1])
    last = c.MANY if found[3] else int(found[2] or first)
    return (first, last) if first <= last else None


def _key(node: Node, name: str) -> Node:
    pairs = getattr(node, "pairs", [])
    return next((Scalar(name, key.line, key.column) for key, _ in pairs if key.value == name), node)
