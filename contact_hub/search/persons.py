"""Finds persons by what somebody types of them: words of their name, an address, a number or the reference of a ticket.

However many there are, each way is answered from an index: one looks at those who fit, and never at all others.
"""

from typing import Any

import phonenumbers
from sqlalchemy import ColumnElement, Select, and_, column, false, func, literal_column, or_, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from contact_hub import people
from contact_hub.people import Address, Person
from contact_hub.references import number_in
from contact_hub.search.entries import beginning, is_on_sqlite
from contact_hub.search.words import words_of
from contact_hub.tickets import Ticket

LAST = "\U0010ffff"  # sorts behind every letter
FEWEST_DIGITS = 3
MOST = 2_000  # persons looked at of those who fit: who shares a name with more is found by typing on

_NAMES = table("person_entry", column("rowid"))


def called(session: Session, name: str) -> ColumnElement[bool]:
    """The persons in whose names all these words stand, as a condition for a query: whole ones or their beginnings."""
    words = words_of(name)
    if not words:
        return false()
    if is_on_sqlite(session):
        asked = " AND ".join(f'"{word}"*' for word in words)
        return Person.id.in_(select(_NAMES.c.rowid).where(column("person_entry").op("MATCH")(asked)))
    beginnings = " & ".join(beginning(word) for word in words)
    simple: ColumnElement[object] = literal_column("'simple'::regconfig")  # as it stands in the index
    return func.to_tsvector(simple, func.contact_hub_folded(Person.name)).op("@@")(func.to_tsquery(simple, beginnings))


def begins_with(
    session: Session, text: ColumnElement[str] | InstrumentedAttribute[str], beginning_of: str
) -> ColumnElement[bool]:
    """Whether a text begins with this, as a condition that an index serves: also in a query planned once for all."""
    last = beginning_of + LAST
    if is_on_sqlite(session):
        return and_(text >= beginning_of, text < last)
    return and_(text.op("~>=~")(beginning_of), text.op("~<~")(last))  # by the bytes, whatever the order of letters there


def reached_at(session: Session, kind: str, beginning_of: str) -> ColumnElement[bool]:
    """The addresses of a kind that begin with this, as a condition for a query."""
    return and_(Address.kind == kind, begins_with(session, Address.value, beginning_of))


def meant_by(session: Session, typed: str) -> list[Select[Any]]:
    """The ids of the persons that the typed words may mean: one query for each way to read them."""
    number = number_in(typed)
    if number is not None:
        return [select(Ticket.person_id).where(Ticket.id == number, Ticket.person_id.is_not(None))]
    numbers = _beginnings_of_numbers(typed)
    if numbers:
        return [_having(or_(*(reached_at(session, "phone", each) for each in numbers)))]
    mail = _having(reached_at(session, "mail", typed.lower()))
    return [mail] if "@" in typed else [select(Person.id).where(called(session, typed)).limit(MOST), mail]


def _having(address: ColumnElement[bool]) -> Select[Any]:
    return select(Address.person_id).where(address).limit(MOST)


def _beginnings_of_numbers(typed: str) -> list[str]:
    """How a number that begins like this is kept, with the country it may be of; none where this is no number."""
    digits = "".join(filter(str.isdecimal, typed))
    if len(digits) < FEWEST_DIGITS or not typed.isascii() or any(map(str.isalpha, typed)) or "@" in typed:
        return []
    whole, home = people.e164(typed), f"+{phonenumbers.country_code_for_region(people.REGION)}"
    if typed.lstrip().startswith("+"):
        begun = [f"+{digits}"]
    elif digits.startswith("00"):
        begun = [f"+{digits[2:]}"]
    elif digits.startswith("0"):
        begun = [home + digits[1:]]
    else:
        begun = [home + digits, f"+{digits}"]
    return [*begun, whole] if whole and whole not in begun else begun
