"""Conditions and the plain, obvious way to tell whether they hold for a contact, and by which words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Protocol

from contact_hub.routing.calendars import Calendar, lies_between
from contact_hub.routing.fields import Reading
from contact_hub.routing.words import Evidence, Plain, Word

MANY = 10**9
"""The end of a range that has none, such as `2+`."""


class Condition(Protocol):
    """Something a contact fulfils or not. A field the contact lacks fulfils nothing."""

    def holds(self, reading: Reading) -> bool:
        """Whether the contact fulfils it."""
        ...

    def evidence(self, reading: Reading) -> Iterator[Evidence]:
        """The words by which it holds; asked only when it does."""
        ...


@dataclass(frozen=True, slots=True)
class Contains:
    """A text field contains any of these words."""

    field: str
    words: tuple[Word, ...]

    def holds(self, reading: Reading) -> bool:
        folded = reading.folded(self.field)
        for word in reading.sieve(self.field, self.words):
            if word.needle in folded if isinstance(word, Plain) else word.stands_in(self.field, reading):
                return True
        return False

    def evidence(self, reading: Reading) -> Iterator[Evidence]:
        folded = reading.folded(self.field)
        for word in reading.sieve(self.field, self.words):  # of hundreds
            if word.needle in folded if isinstance(word, Plain) else word.stands_in(self.field, reading):
                yield from word.evidence(self.field, reading)


@dataclass(frozen=True, slots=True)
class _Wordless:
    def evidence(self, _reading: Reading) -> Iterator[Evidence]:
        return iter(())


@dataclass(frozen=True, slots=True)
class OneOf(_Wordless):
    """A field equals one of these values, in any case."""

    field: str
    values: frozenset[str]

    def holds(self, reading: Reading) -> bool:
        return reading.exact(self.field) in self.values


@dataclass(frozen=True, slots=True)
class Address(_Wordless):
    """An address equals one of these; a star at either end stands for anything. A domain includes its subdomains."""

    field: str
    values: tuple[str, ...]

    def holds(self, reading: Reading) -> bool:
        addresses = reading.addresses(self.field)
        return any(self._fits(address, value) for address in addresses for value in self.values)

    def _fits(self, address: str, value: str) -> bool:
        bare = value.strip("*")
        if self.field == "sender domain" and address.endswith(f".{bare}"):
            return True
        if value.startswith("*") and value.endswith("*"):
            return bare in address
        if value.startswith("*"):
            return address.endswith(bare)
        return address.startswith(bare) if value.endswith("*") else address == value


@dataclass(frozen=True, slots=True)
class Postcode(_Wordless):
    """The postcode lies in one of these ranges, ends included."""

    ranges: tuple[tuple[int, int], ...]

    def holds(self, reading: Reading) -> bool:
        code = reading.postcode
        return code is not None and any(first <= code <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Open(_Wordless):
    """Received inside the opening hours of a calendar."""

    calendar: Calendar

    def holds(self, reading: Reading) -> bool:
        return self.calendar.is_open(reading.received)


@dataclass(frozen=True, slots=True)
class Weekday(_Wordless):
    """Received on one of these weekdays (0 is Monday)."""

    days: frozenset[int]

    def holds(self, reading: Reading) -> bool:
        return reading.received.weekday() in self.days


@dataclass(frozen=True, slots=True)
class Hours(_Wordless):
    """Received between these times; a span that ends before it begins runs over midnight."""

    spans: tuple[tuple[time, time], ...]

    def holds(self, reading: Reading) -> bool:
        clock = reading.received.time()
        return any(
            lies_between(clock, begin, end) if begin < end else clock >= begin or clock < end for begin, end in self.spans
        )


@dataclass(frozen=True, slots=True)
class Has(_Wordless):
    """The contact has something in one of these fields."""

    fields: tuple[str, ...]

    def holds(self, reading: Reading) -> bool:
        return any(reading.has(field) for field in self.fields)


@dataclass(frozen=True, slots=True)
class Known(_Wordless):
    """The sender was known to the hub before, or was not."""

    known: bool

    def holds(self, reading: Reading) -> bool:
        return reading.contact.person.known is self.known


@dataclass(frozen=True, slots=True)
class OpenTickets(_Wordless):
    """The number of tickets the sender had open lies in one of these ranges, ends included."""

    ranges: tuple[tuple[int, int], ...]

    def holds(self, reading: Reading) -> bool:
        number = reading.contact.person.open_tickets
        return any(first <= number <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: Sequence[Condition]

    def holds(self, reading: Reading) -> bool:
        return all(part.holds(reading) for part in self.parts)

    def evidence(self, reading: Reading) -> Iterator[Evidence]:
        for part in self.parts:
            yield from part.evidence(reading)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    parts: Sequence[Condition]

    def holds(self, reading: Reading) -> bool:
        return any(part.holds(reading) for part in self.parts)

    def evidence(self, reading: Reading) -> Iterator[Evidence]:
        for part in self.parts:
            if part.holds(reading):
                yield from part.evidence(reading)


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    part: Condition

    def holds(self, reading: Reading) -> bool:
        return not self.part.holds(reading)

    def evidence(self, _reading: Reading) -> Iterator[Evidence]:
        return iter(())


def every(parts: Sequence[Condition]) -> Condition:
    """All of these together; one alone is itself."""
    return parts[0] if len(parts) == 1 else Every(parts)


def either(parts: Sequence[Condition]) -> Condition:
    """Any of these; one alone is itself."""
    return parts[0] if len(parts) == 1 else Either(parts)
