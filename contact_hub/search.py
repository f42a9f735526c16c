"""Finds tickets by the words they hold: subject, person, what was said and noted, form fields, names of files.

The database keeps the index itself, at each message and file that is stored. Accents and capitals don't count; PostgreSQL
knows Dutch and French word forms by its stemmers, on SQLite the stem of a word (Snowball) finds all that begins with it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import snowballstemmer
from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    SQLColumnExpression,
    and_,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Session

from contact_hub import people
from contact_hub.people import Address, Person
from contact_hub.references import number_in
from contact_hub.tickets import Ticket

LANGUAGES = ("dutch", "french")
SHORTEST_STEM = 3  # characters; a shorter stem stands for too many words
LOOKED_THROUGH = 10_000  # tickets of which each is asked for the words, before the words are looked up
RARE = 20_000  # tickets that the database expects at most for words it does not know to be common
Span = tuple[int, int]

_ENTRY = table("search_entry", column("ticket_id"), column("rowid"), column("words", TSVECTOR))
_WORD = re.compile(r"\w+(?:[.@+'’-]\w+)*")
_TELEPHONE = re.compile(r"[+0(][\d\s./()-]{7,}")
_PARTS = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """Words that must stand in the ticket, or with `absent` must not; several only as one phrase, in this order."""

    words: tuple[str, ...]
    absent: bool = False

    @property
    def is_phrase(self) -> bool:
        """Whether the very words are meant, and no other form of them."""
        return len(self.words) > 1


def terms_in(typed: str) -> tuple[Term, ...]:
    """What somebody typed, as terms: words, "phrases" in quotation marks, and either with - before what is not wanted."""
    found = []
    for part in _PARTS.finditer(typed):
        words = tuple(_WORD.findall(folded(part["phrase"] if part["phrase"] is not None else part["word"])))
        if words:
            found.append(Term(words, absent=bool(part["no"])))
    return tuple(found)


def matching(session: Session, typed: str) -> ColumnElement[bool]:
    """The tickets that hold all of it, as a condition for a query; a reference means one ticket, a number its caller."""
    directly = _directly(typed)
    if directly is not None:
        return directly
    terms = terms_in(typed)
    if not terms:
        return true() if not typed.strip() else false()
    return _on_sqlite(terms) if _is_on_sqlite(session) else _on_postgresql(terms)


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
    if _is_on_sqlite(session) or not terms or _directly(typed) is not None:
        tickets = tickets.where(matching(session, typed)).order_by(*_directed(by, backwards)).limit(limit)
        return list(session.scalars(tickets.with_only_columns(Ticket.id)))
    asked = select(_query_of_all(terms)).scalar_subquery()  # computed once, and unknown to the planner, which knows it wrongly
    columns: list[Label[Any]] = [each.label(f"by_{at}") for at, each in enumerate(by)]
    among = tickets.with_only_columns(Ticket.id.label("ticket_id"), *columns).order_by(*_directed(by, backwards))
    nearest = among.limit(looked_through).subquery()
    holds = _ENTRY.c.words.op("@@")(asked)
    order = _directed([nearest.c[each.name] for each in columns], backwards)
    each_holds = (
        select(holds).where(_ENTRY.c.ticket_id == nearest.c.ticket_id).scalar_subquery()
    )  # no join: one after the other
    looked = select(nearest.c.ticket_id).where(each_holds)
    if not _are_rare(session, terms, rare):
        found = list(session.scalars(looked.order_by(*order).limit(limit)))
        if len(found) == limit or (session.scalar(select(func.count()).select_from(nearest)) or 0) < looked_through:
            return found
    holding = select(_ENTRY.c.ticket_id).where(holds).cte("holding").prefix_with("MATERIALIZED")
    rest = (
        among.order_by(None).where(Ticket.id.in_(select(holding.c.ticket_id))).offset(0).subquery()
    )  # offset: all, then sorted
    order = _directed([rest.c[each.name] for each in columns], backwards)
    return list(session.scalars(select(rest.c.ticket_id).order_by(*order).limit(limit)))


def called(session: Session, name: str) -> ColumnElement[bool]:
    """The persons in whose names all these words stand, as a condition for a query: whole ones or their beginnings."""
    words = _WORD.findall(folded(name))
    if not words:
        return false()
    if _is_on_sqlite(session):
        names = literal(" ") + func.lower(Person.name)
        return and_(*(names.contains(f" {word}", autoescape=True) for word in name.lower().split()))
    beginnings = " & ".join(_beginning(word) for word in words)
    simple: ColumnElement[object] = literal_column("'simple'::regconfig")  # as it stands in the index
    return func.to_tsvector(simple, func.contact_hub_folded(Person.name)).op("@@")(func.to_tsquery(simple, beginnings))


def renew(session: Session, tickets: Iterable[int]) -> None:
    """Indexes these tickets anew, after messages left them or their person changed."""
    numbers = sorted(set(tickets))
    if not numbers:
        return
    session.flush()
    if not _is_on_sqlite(session):
        session.execute(_RENEWED_ON_POSTGRESQL, {"ids": numbers})
        return
    for number in numbers:
        session.execute(_RENEWED_ON_SQLITE, {"id": number})


def renew_of_person(session: Session, person: Person) -> None:
    """Indexes the tickets of this person anew, after a name or an address changed."""
    renew(session, session.scalars(select(Ticket.id).where(Ticket.person_id == person.id)))


def folded(given: str) -> str:
    """In small letters, without accents; as long as before, so that places in it are places in what was given."""
    return "".join(map(_plain, given))


def places(given: str, terms: Sequence[Term]) -> list[Span]:
    """Where in a text the wanted words stand, in whatever form."""
    text_of = folded(given)
    wanted = [_pattern(term) for term in terms if not term.absent]
    return sorted({found.span() for pattern in wanted for found in pattern.finditer(text_of)})


def _directly(typed: str) -> ColumnElement[bool] | None:
    """The tickets meant by what is a reference or a telephone number."""
    number = number_in(typed)
    if number is not None:
        return Ticket.id == number
    telephone = people.e164(typed) if _TELEPHONE.fullmatch(typed.strip()) else ""
    if telephone:
        return Ticket.person.has(Person.addresses.any(and_(Address.kind == "phone", Address.value == telephone)))
    return None


def _is_on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _directed(by: Iterable[SQLColumnExpression[Any]], backwards: bool) -> list[SQLColumnExpression[Any]]:
    return [each.desc() if backwards else each for each in by]


def _on_postgresql(terms: Sequence[Term]) -> ColumnElement[bool]:
    asked = select(_query_of_all(terms)).scalar_subquery()
    return select(_ENTRY.c.ticket_id).where(_ENTRY.c.ticket_id == Ticket.id, _ENTRY.c.words.op("@@")(asked)).exists()


def _are_rare(session: Session, terms: Sequence[Term], most: int) -> bool:
    """Whether the database, which counts the commonest words, expects all of them in so few tickets."""
    holding = select(_ENTRY.c.ticket_id).where(_ENTRY.c.words.op("@@")(_query_of_all(terms)))
    compiled = holding.compile(dialect=session.get_bind().dialect)
    explained = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params)
    plan = explained.scalar_one()[0]["Plan"]
    return bool(plan["Plan Rows"] <= most)


def _query_of_all(terms: Sequence[Term]) -> ColumnElement[object]:
    asked = _query_of(terms[0])
    for term in terms[1:]:
        asked = asked.op("&&")(_query_of(term))
    return asked


def _query_of(term: Term) -> ColumnElement[object]:
    simple = literal("simple", REGCONFIG)
    if term.is_phrase:
        query: ColumnElement[object] = func.phraseto_tsquery(simple, " ".join(term.words))
    else:
        word = term.words[0]
        query = func.to_tsquery(simple, _beginning(word))
        for language in LANGUAGES:
            query = query.op("||")(func.plainto_tsquery(literal(language, REGCONFIG), word))
    return func.tsquery_not(query) if term.absent else query


def _beginning(word: str) -> str:
    """For to_tsquery: every word that begins with this one."""
    return f"'{word.replace(chr(39), chr(39) * 2)}':*"


def _on_sqlite(terms: Sequence[Term]) -> ColumnElement[bool]:
    """FTS5 knows NOT only between two sides, so what is not wanted is a condition of its own."""
    wanted = " AND ".join(_matched(term) for term in terms if not term.absent)
    unwanted = " OR ".join(_matched(term) for term in terms if term.absent)
    holds = _in_index(wanted) if wanted else true()
    return holds & ~_in_index(unwanted) if unwanted else holds


def _in_index(asked: str) -> ColumnElement[bool]:
    return Ticket.id.in_(select(_ENTRY.c.rowid).where(column("search_entry").op("MATCH")(asked)))


def _matched(term: Term) -> str:
    if term.is_phrase:
        return '"' + " ".join(term.words) + '"'
    return "(" + " OR ".join(f'"{stem}"*' for stem in _stems(term.words[0])) + ")"


@cache
def _stemmers() -> list[Any]:
    return [snowballstemmer.stemmer(language) for language in LANGUAGES]


def _stems(word: str) -> tuple[str, ...]:
    """What a word of any form of this one begins with."""
    stems = {stem for each in _stemmers() if len(stem := each.stemWord(word)) >= SHORTEST_STEM and word.startswith(stem)}
    return tuple(sorted({word, *stems}))


def _pattern(term: Term) -> re.Pattern[str]:
    if term.is_phrase:
        return re.compile(r"\b" + r"\W+".join(map(re.escape, term.words)) + r"\b")
    return re.compile("|".join(rf"\b{re.escape(stem)}\w*" for stem in _stems(term.words[0])))


@cache
def _plain(letter: str) -> str:
    small = letter.lower()
    bare = unicodedata.normalize("NFD", small)[0] if small else letter
    return bare if len(bare) == len(letter) else letter


_RENEWED_ON_POSTGRESQL = text("""
    INSERT INTO search_entry (ticket_id, words) SELECT id, contact_hub_all_words(id) FROM ticket WHERE id = ANY(:ids)
    ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words
""")
_RENEWED_ON_SQLITE = text("""
    INSERT OR REPLACE INTO search_entry (rowid, words)
    SELECT ticket.id, coalesce(ticket.subject, '') || ' ' || coalesce((SELECT person.name || ' ' || coalesce(
            (SELECT group_concat(address.value, ' ') FROM address WHERE address.person_id = person.id), '')
        FROM person WHERE person.id = ticket.person_id), '')
        || ' ' || coalesce((SELECT group_concat(message.text || ' ' || coalesce((SELECT group_concat(field.value, ' ')
            FROM contact, json_each(contact.facts, '$.fields') AS field WHERE contact.id = message.contact_id), ''), ' ')
            FROM message WHERE message.ticket_id = ticket.id AND message.kind NOT IN ('receipt', 'notice')), '')
        || ' ' || coalesce((SELECT group_concat(attachment.name, ' ') FROM attachment JOIN message
            ON message.id = attachment.message_id WHERE message.ticket_id = ticket.id), '')
    FROM ticket WHERE ticket.id = :id
""")
