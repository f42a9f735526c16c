"""Asks the database which tickets hold what was typed: as a condition, or the first of them however many there are."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, SQLColumnExpression, and_, false, func, select, true
from sqlalchemy.orm import Session

from contact_hub import people
from contact_hub.people import Address, Person
from contact_hub.references import number_in
from contact_hub.search.entries import ENTRY, holding_on_postgresql, holding_on_sqlite, is_on_sqlite, query_of_all
from contact_hub.search.words import Term, terms_in
from contact_hub.tickets import Ticket

LOOKED_THROUGH = 10_000  # tickets of which each is asked for the words, before the words are looked up
RARE = 20_000  # tickets that the database expects at most for words it does not know to be common
_TELEPHONE = re.compile(r"[+0(][\d\s./()-]{7,}")


def matching(session: Session, typed: str) -> ColumnElement[bool]:
    """The tickets that hold all of it, as a condition for a query; a reference means one ticket, a number its caller."""
    directly = _directly(typed)
    if directly is not None:
        return directly
    terms = terms_in(typed)
    if not terms:
        return true() if not typed.strip() else false()
    return holding_on_sqlite(terms) if is_on_sqlite(session) else holding_on_postgresql(terms)


def first(
    session: Session,
    tickets: Select[Ticket],
    typed: str,
    *,
    by: Sequence[SQLColumnExpression[Any]],
    backwards: bool = False,
    limit: int,
    looked_through: int = LOOKED_THROUGH,
    rare: int = RARE,
) -> list[int]:
    """The ids of the first of these tickets, in this order, that hold all of what was typed.

    On PostgreSQL in two steps, each quick where the other is slow however many tickets there are. Words that stand in many
    are met soon by looking through the first tickets; where there are too few such, or the database expects that the words
    are rare, they are looked up.
    """
    terms = terms_in(typed)
    if is_on_sqlite(session) or not terms or _directly(typed) is not None:
        tickets = tickets.where(matching(session, typed)).order_by(*_directed(by, backwards)).limit(limit)
        return list(session.scalars(tickets.with_only_columns(Ticket.id)))
    asked = select(query_of_all(terms)).scalar_subquery()  # computed once, and unknown to the planner, which knows it wrongly
    holds = ENTRY.c.words.op("@@")(asked)
    columns: list[Label[Any]] = [each.label(f"by_{at}") for at, each in enumerate(by)]
    among = tickets.with_only_columns(Ticket.id.label("ticket_id"), *columns).order_by(*_directed(by, backwards))
    if not _are_rare(session, terms, rare):
        found, is_all = _met(session, among.limit(looked_through), holds, columns, backwards, limit)
        if is_all or len(found) == limit:
            return found
    return _looked_up(session, among, holds, columns, backwards, limit)


def _met(
    session: Session,
    nearest: Select[Any],
    holds: ColumnElement[bool],
    columns: Sequence[Label[Any]],
    backwards: bool,
    limit: int,
) -> tuple[list[int], bool]:
    """Those of the nearest tickets that hold it, asked one after the other and not joined, and whether there are no more."""
    among = nearest.subquery()
    order = _directed([among.c[each.name] for each in columns], backwards)
    each_holds = select(holds).where(ENTRY.c.ticket_id == among.c.ticket_id).scalar_subquery()
    found = list(session.scalars(select(among.c.ticket_id).where(each_holds).order_by(*order).limit(limit)))
    if len(found) == limit:
        return found, False
    looked_at = session.scalar(select(func.count()).select_from(nearest.order_by(None).subquery())) or 0  # in no order: soon
    return found, looked_at < (nearest._limit or 0)


def _looked_up(
    session: Session,
    among: Select[Any],
    holds: ColumnElement[bool],
    columns: Sequence[Label[Any]],
    backwards: bool,
    limit: int,
) -> list[int]:
    """All that hold it, then sorted: the offset keeps the planner from the other order."""
    holding = select(ENTRY.c.ticket_id).where(holds).cte("holding").prefix_with("MATERIALIZED")
    rest = among.order_by(None).where(Ticket.id.in_(select(holding.c.ticket_id))).offset(0).subquery()
    order = _directed([rest.c[each.name] for each in columns], backwards)
    return list(session.scalars(select(rest.c.ticket_id).order_by(*order).limit(limit)))


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


def _are_rare(session: Session, terms: Sequence[Term], most: int) -> bool:
    """Whether the database, which counts the commonest words, expects all of them in so few tickets."""
    holding = select(ENTRY.c.ticket_id).where(ENTRY.c.words.op("@@")(query_of_all(terms)))
    compiled = holding.compile(dialect=session.get_bind().dialect)
    explained = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params)
    plan = explained.scalar_one()[0]["Plan"]
    return bool(plan["Plan Rows"] <= most)
