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
from sqlalchemy import ColumnElement, and_, column, false, func, literal, select, table, text, true
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Session

from contact_hub import people
from contact_hub.people import Address, Person
from contact_hub.references import number_in
from contact_hub.tickets import Ticket

LANGUAGES = ("dutch", "french")
SHORTEST_STEM = 3  # characters; a shorter stem stands for too many words
Span = tuple[int, int]

_ENTRY = table("search_entry", column("ticket_id"), column("rowid"), column("words", TSVECTOR))
_WORD = re.compile(r"\w+(?:[.@+'’-]\w+)*")
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
    number = number_in(typed)
    if number is not None:
        return Ticket.id == number
    telephone = "" if any(map(str.isalpha, typed)) else people.e164(typed)
    if telephone:
        return Ticket.person.has(Person.addresses.any(and_(Address.kind == "phone", Address.value == telephone)))
    terms = terms_in(typed)
    if not terms:
        return true() if not typed.strip() else false()
    if session.get_bind().dialect.name == "postgresql":
        return _on_postgresql(terms)
    return _on_sqlite(terms)


def renew(session: Session, tickets: Iterable[int]) -> None:
    """Indexes these tickets anew, after messages left them or their person changed."""
    numbers = sorted(set(tickets))
    if not numbers:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
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


def _on_postgresql(terms: Sequence[Term]) -> ColumnElement[bool]:
    asked: ColumnElement[object] = literal(None)
    for at, term in enumerate(terms):
        query = _query_of(term)
        asked = query if at == 0 else asked.op("&&")(query)
    return select(_ENTRY.c.ticket_id).where(_ENTRY.c.ticket_id == Ticket.id, _ENTRY.c.words.op("@@")(asked)).exists()


def _query_of(term: Term) -> ColumnElement[object]:
    simple = literal("simple", REGCONFIG)
    if term.is_phrase:
        query: ColumnElement[object] = func.phraseto_tsquery(simple, " ".join(term.words))
    else:
        word = term.words[0]
        query = func.to_tsquery(simple, f"'{word.replace(chr(39), chr(39) * 2)}':*")
        for language in LANGUAGES:
            query = query.op("||")(func.plainto_tsquery(literal(language, REGCONFIG), word))
    return func.tsquery_not(query) if term.absent else query


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
