"""Asks the database which tickets hold what was typed: as a condition, or the first of them however many there are."""

import re
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, SQLColumnExpression, and_, false, func, select, text, true
from sqlalchemy.orm import Session, aliased

from contact_hub import people
from contact_hub.conditions import holds, written_out
from contact_hub.people import Address, Person
from contact_hub.references import number_in
from contact_hub.search.entries import ENTRY, holding_on_sqlite, is_on_sqlite, queries_of, query_of_all
from contact_hub.search.words import Term, terms_in
from contact_hub.tickets import Ticket

LOOKED_THROUGH = (2_000, 20_000)  # tickets that are asked one by one for the words: first so many, then so many
RARE = 0.006  # of all tickets; a little more than PostgreSQL expects at most (0.005) of a beginning that it does not know
WEIGHED = 8  # words, the longest, of which the database is asked in how many tickets it expects them
_TELEPHONE = re.compile(r"[+0(][\d\s./()-]{7,}")


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

    On PostgreSQL in one of two ways, each quick where the other is slow. Words that stand in many tickets are met soon by
    looking through the first of them; words that the database expects in few (`rare`, a part of all tickets) are looked up.
    It expects too many of some, so `looked_through` begins small: who meets few words there looks them up too.
    """
    terms = terms_in(typed)
    if is_on_sqlite(session) or not terms or _directly(typed) is not None:
        tickets = tickets.where(_matching(typed, terms)).order_by(*_directed(by, backwards)).limit(written_out(limit))
        return list(session.scalars(tickets.with_only_columns(Ticket.id)))
    queries = queries_of(session, terms)
    if not queries:
        return []
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


def _matching(typed: str, terms: Sequence[Term]) -> ColumnElement[bool]:
    """As SQLite is asked; a reference means one ticket, a number its caller, on both databases."""
    directly = _directly(typed)
    if directly is not None:
        return directly
    if not terms:
        return true() if not typed.strip() else false()
    return holding_on_sqlite(terms)


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


def tagged(session: Session, tag: str, *, rare: float = RARE) -> ColumnElement[bool]:
    """The tickets with this tag, as a condition for a query; on PostgreSQL a rare one is looked up, whatever the order."""
    each = aliased(Ticket)
    with_it = select(each.id).where(holds(each.tags, tag))
    if is_on_sqlite(session) or _expected(session, with_it) > rare * _known(session):
        return holds(Ticket.tags, tag)
    return Ticket.id.in_(with_it.offset(0))


def _shares(session: Session, queries: Sequence[str]) -> list[float]:
    """In how large a part of all tickets the database, which counts the commonest words, expects each of these."""
    known, weighed = _known(session), sorted(queries, key=len, reverse=True)[:WEIGHED]
    holding = {f"q{at}": query for at, query in enumerate(weighed)}
    each = [f"SELECT 1 FROM search_entry WHERE words @@ CAST(:{name} AS tsquery)" for name in holding]  # noqa: S608 - ours
    plan = session.execute(text(f"EXPLAIN (FORMAT JSON) {' UNION ALL '.join(each)}"), holding).scalar_one()[0]["Plan"]
    plans = plan["Plans"] if plan["Node Type"] == "Append" else [plan]
    expected = {query: found["Plan Rows"] for query, found in zip(weighed, plans, strict=True)}
    return [expected[query] / known if query in expected else 1.0 for query in queries]


def _known(session: Session) -> float:
    """How many tickets the database knew of when it last counted; at least one."""
    return max(session.scalar(text("SELECT reltuples FROM pg_class WHERE oid = 'search_entry'::regclass")) or 0, 1.0)


def _expected(session: Session, found: Select[int]) -> int:
    compiled = found.compile(dialect=session.get_bind().dialect)
    explained = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params)
    return int(explained.scalar_one()[0]["Plan"]["Plan Rows"])
