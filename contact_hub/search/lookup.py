"""Asks the database which tickets hold what was typed: as a condition, or the first of them however many there are."""

import re
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, SQLColumnExpression, and_, false, func, select, text, true
from sqlalchemy.orm import Session

from contact_hub import people
from contact_hub.database import written_out
from contact_hub.people import Address, Person
from contact_hub.references import number_in
from contact_hub.search.entries import ENTRY, holding_on_postgresql, holding_on_sqlite, is_on_sqlite, queries_of, query_of_all
from contact_hub.search.words import terms_in
from contact_hub.tickets import Ticket

LOOKED_THROUGH = (2_000, 20_000)  # tickets of which each is asked for the words, before the words are looked up
RARE = 0.005  # of all tickets, as many as the database expects for the beginning of a word that it does not know
_TELEPHONE = re.compile(r"[+0(][\d\s./()-]{7,}")


def matching(session: Session, typed: str) -> ColumnElement[bool]:
    """The tickets that hold all of it, as a condition for a query; a reference means one ticket, a number its caller."""
    directly = _directly(typed)
    if directly is not None:
        return directly
    terms = terms_in(typed)
    if not terms:
        return true() if not typed.strip() else false()
    return holding_on_sqlite(terms) if is_on_sqlite(session) else holding_on_postgresql(session, terms)


def first(
    session: Session,
    tickets: Select[Ticket],
    typed: str,
    *,
    by: Sequence[SQLColumnExpression[Any]],
    backwards: bool = False,
    limit: int,
    looked_through: Sequence[int] = LOOKED_THROUGH,
    rare: float = RARE,
) -> list[int]:
    """The ids of the first of these tickets, in this order, that hold all of what was typed.

    On PostgreSQL in two steps, each quick where the other is slow however many tickets there are. Words that stand in many
    are met soon by looking through the first tickets; where there are too few such, or the database expects that the words
    are rare, they are looked up. Of words that it does not know it expects too many, so first only some tickets are looked at.
    """
    terms = terms_in(typed)
    if is_on_sqlite(session) or not terms or _directly(typed) is not None:
        tickets = tickets.where(matching(session, typed)).order_by(*_directed(by, backwards)).limit(written_out(limit))
        return list(session.scalars(tickets.with_only_columns(Ticket.id)))
    queries = queries_of(session, terms)
    shares = _shares(session, queries)
    columns: list[Label[Any]] = [each.label(f"by_{at}") for at, each in enumerate(by)]
    among = tickets.with_only_columns(Ticket.id.label("ticket_id"), *columns).order_by(*_directed(by, backwards))
    for most in looked_through if prod(shares) > rare else ():
        found, is_all = _met(session, among, most, _holds(ENTRY.c.words, queries), columns, backwards, limit)
        if is_all or len(found) == limit:
            return found
        if len(found) <= rare * most:
            break
    rarest = [query for share, query in zip(shares, queries, strict=True) if share == min(shares) <= rare]
    return _looked_up(session, among, _entries(queries, rarest[:1]), columns, backwards, limit)


def _met(
    session: Session,
    among: Select[Any],
    looked_through: int,
    holds: ColumnElement[bool],
    columns: Sequence[Label[Any]],
    backwards: bool,
    limit: int,
) -> tuple[list[int], bool]:
    """Of the first `looked_through` tickets those that hold it, each asked and not joined, and whether there are no more."""
    nearest = among.limit(written_out(looked_through)).subquery()
    order = _directed([nearest.c[each.name] for each in columns], backwards)
    each_holds = select(holds).where(ENTRY.c.ticket_id == nearest.c.ticket_id).scalar_subquery()
    found = list(session.scalars(select(nearest.c.ticket_id).where(each_holds).order_by(*order).limit(written_out(limit))))
    if len(found) == limit:
        return found, False
    as_many = among.order_by(None).limit(written_out(looked_through)).subquery()  # in no order: soon
    return found, (session.scalar(select(func.count()).select_from(as_many)) or 0) < looked_through


def _looked_up(
    session: Session,
    among: Select[Any],
    entries: Select[int],
    columns: Sequence[Label[Any]],
    backwards: bool,
    limit: int,
) -> list[int]:
    """All that these entries are of, then sorted: the offset keeps the planner from the other order."""
    holding = entries.cte("holding").prefix_with("MATERIALIZED")
    rest = among.order_by(None).where(Ticket.id.in_(select(holding.c.ticket_id))).offset(0).subquery()
    order = _directed([rest.c[each.name] for each in columns], backwards)
    return list(session.scalars(select(rest.c.ticket_id).order_by(*order).limit(written_out(limit))))


def _entries(queries: Sequence[str], rarest: Sequence[str]) -> Select[int]:
    """The tickets that hold all of it. Where a word is rare it alone is looked up, and the others in what holds that one."""
    if not rarest or len(queries) == 1:
        return select(ENTRY.c.ticket_id).where(_holds(ENTRY.c.words, queries))
    few = select(ENTRY.c.ticket_id, ENTRY.c.words).where(_holds(ENTRY.c.words, rarest)).offset(0).subquery()
    return select(few.c.ticket_id).where(_holds(few.c.words, queries))


def _holds(words: ColumnElement[Any], queries: Sequence[str]) -> ColumnElement[bool]:
    """Whether an entry holds all of it: computed once, and unknown to the planner, which knows it wrongly."""
    return words.op("@@")(select(query_of_all(queries)).scalar_subquery())


def _directly(typed: str) -> ColumnElement[bool] | None:
    """The tickets meant by what is a reference or a telephone number."""
    number = number_in(typed)
    if number is not None:
        return Ticket.id == number
    telephone = people.e164(typed) if _TELEPHONE.fullmatch(typed.strip()) else ""
    if telephone:
        return Ticket.person.has(Person.addresses.any(and_(Address.kind == "phone", Address.value == telephone)))
    return None


def _directed(by: Iterable[SQLColumnExpression[Any]], backwards: bool) -> list[SQLColumnExpression[Any]]:
    return [each.desc() if backwards else each for each in by]


def _shares(session: Session, queries: Sequence[str]) -> list[float]:
    """In how large a part of all tickets the database, which counts the commonest words, expects each of these."""
    known = session.scalar(text("SELECT reltuples FROM pg_class WHERE oid = 'search_entry'::regclass")) or 0
    return [_expected(session, query) / max(known, 1) for query in queries]


def _expected(session: Session, query: str) -> int:
    holding = select(ENTRY.c.ticket_id).where(ENTRY.c.words.op("@@")(query_of_all([query])))
    compiled = holding.compile(dialect=session.get_bind().dialect)
    explained = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params)
    return int(explained.scalar_one()[0]["Plan"]["Plan Rows"])
