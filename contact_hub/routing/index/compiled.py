"""A rulebook with its index as bytes, so that it need not be read from its file again, nor where decisions are taken."""

import gc
import io
import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import Any, overload

from contact_hub import contact
from contact_hub.contact import Contact
from contact_hub.routing import conditions, decisions, municipality, nearly, rules, words, written
from contact_hub.routing.calendars import Calendar
from contact_hub.routing.index.lookup import Lookup, Spans
from contact_hub.routing.index.matcher import Matcher
from contact_hub.routing.index.sieves import Sieves
from contact_hub.routing.index.sight import Finder
from contact_hub.routing.patterns import Expression
from contact_hub.routing.rules import Rule, Rulebook

_RECORDS: tuple[type, ...] = (
    *(each for each in vars(contact).values() if isinstance(each, type) and is_dataclass(each)),  # an example is a contact
    Calendar,
    *(words.Plain, words.Pattern, words.AtLeast, written.NamedList, written.Written),
    *(conditions.Contains, conditions.OneOf, conditions.Address, conditions.Postcode, conditions.Open, conditions.Weekday),
    *(conditions.Hours, conditions.Has, conditions.Known, conditions.OpenTickets),
    *(conditions.Every, conditions.Either, conditions.Not),
    *(municipality.Municipality, municipality.Clock, municipality.Queue, municipality.Topic),
    *(decisions.Action, decisions.Also, rules.Rule, rules.Promise, nearly.Clause),
)
_OTHERS: tuple[type, ...] = (Rulebook, Matcher, Lookup, Sieves, Spans, Finder, date, time, datetime, timedelta, timezone)
_MARK = b"contact-hub rules\n"


class Packed(Sequence[Contact]):
    """The examples of a rule: who decides never looks at them, so they are unpacked by the first one who does."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def _contacts(self) -> tuple[Contact, ...]:
        contacts: tuple[Contact, ...] = _Unpickler(io.BytesIO(self.data)).load()
        return contacts

    @overload
    def __getitem__(self, place: int) -> Contact: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Contact, ...]: ...
    def __getitem__(self, place: int | slice) -> Contact | tuple[Contact, ...]:
        return self._contacts[place]

    def __len__(self) -> int:
        return len(self._contacts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._contacts == tuple(other)

    def __hash__(self) -> int:
        return hash(self._contacts)


class OtherVersion(Exception):
    """Compiled by another version of the hub, or damaged since: the rules file must be read instead."""


def dumps(rulebook: Rulebook) -> bytes:
    """The rulebook and its index, to be read by `loads` of the same version of the hub."""
    return _packed((rulebook, rulebook.matcher))


def loads(data: bytes) -> Rulebook:
    """The rulebook that `dumps` was given, ready to decide. Raises OtherVersion."""
    rulebook, matcher = _unpacked(data)
    rulebook.__dict__["matcher"] = matcher  # where the cached property keeps it
    assert isinstance(rulebook, Rulebook)
    return rulebook


def _packed(value: object) -> bytes:
    pickled = _pickled(value)
    return _MARK + _fingerprint() + sha256(pickled).digest() + pickled


def _pickled(value: object) -> bytes:
    written = io.BytesIO()
    _Pickler(written, protocol=5).dump(value)
    return written.getvalue()


def _unpacked(data: bytes) -> Any:
    head, digest, packed = _parted(data)
    if head != _MARK + _fingerprint() or sha256(packed).digest() != digest:
        raise OtherVersion("These rules were compiled by another version of the hub, or are damaged.")
    with _collector_at_rest():
        return _Unpickler(io.BytesIO(packed)).load()


def _parted(data: bytes) -> tuple[bytes, bytes, bytes]:
    head = len(_MARK) + len(_fingerprint())
    return data[:head], data[head : head + 32], data[head + 32 :]


@cache
def _fingerprint() -> bytes:
    """Changes with the version of the hub, of Python, and with the shape of any record."""
    shapes = [f"{each.__module__}.{each.__qualname__}({[field.name for field in fields(each)]})" for each in _RECORDS]
    return sha256("\n".join([version("contact-hub"), sys.version, *shapes]).encode()).digest()


class _Pickler(pickle.Pickler):
    """Writes records as calls of their classes: that is read fastest."""

    def reducer_override(self, value: object) -> Any:
        if isinstance(value, Expression):
            return Expression, (value.written,)
        if isinstance(value, Packed):
            return Packed, (value.data,)
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple([_to_write(value, field.name) for field in fields(value) if field.init])
        return NotImplemented


def _to_write(record: Any, name: str) -> Any:
    value = getattr(record, name)
    is_example = isinstance(record, Rule) and name in ("yes", "no") and value and type(value) is tuple
    return Packed(_pickled(value)) if is_example else value


class _Unpickler(pickle.Unpickler):
    """Makes nothing but records of rules."""

    def find_class(self, module: str, name: str) -> Any:
        known = _KNOWN.get((module, name))
        if known is None:
            raise OtherVersion(f"Compiled rules hold no {module}.{name}.")
        return known


_KNOWN = {(each.__module__, each.__qualname__): each for each in (*_RECORDS, *_OTHERS, Expression, Packed)}


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """While many objects are made and none thrown away, looking for garbage costs more than making them."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
