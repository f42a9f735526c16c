"""The index of words as each database keeps it, and how both are asked for terms."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Text, cast, column, func, literal, select, table, true
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from contact_hub.search.words import Term
from contact_hub.stems import LANGUAGES, stems
from contact_hub.tickets import Ticket

_FORMS = re.compile(r"'[\w.@-]+'(?::\*)?(?: \| '[\w.@-]+'(?::\*)?)*")
ENTRY = table("search_entry", column("ticket_id"), column("rowid"), column("words", TSVECTOR))


def is_on_sqlite(session: Session) -> bool:
    """Which of the two databases this is."""
    return session.get_bind().dialect.name == "sqlite"


def queries_of(session: Session, terms: Sequence[Term]) -> list[str]:
    """Each term as PostgreSQL asks for it; none for what holds no word.

    The beginning of a word finds its longer forms too, so those are left out: PostgreSQL would look up each of them anew, and
    expect more tickets by it.
    """
    asked = session.execute(select(*(cast(_query_of(term), Text) for term in terms))).one()
    return [_without_doubles(each) for each in asked if each]


def query_of_all(queries: Iterable[str]) -> ColumnElement[object]:
    """All of these queries as one."""
    return cast(" & ".join(f"({each})" for each in queries), TSQUERY)


def beginning(word: str) -> str:
    """For to_tsquery: every word that begins with this one."""
    return f"'{word.replace(chr(39), chr(39) * 2)}':*"


def holding_on_sqlite(terms: Sequence[Term]) -> ColumnElement[bool]:
    """The same on SQLite. FTS5 knows NOT only between two sides, so what is not wanted is a condition of its own."""
    wanted = " AND ".join(_matched(term) for term in terms if not term.absent)
    unwanted = " OR ".join(_matched(term) for term in terms if term.absent)
    holds = _in_index(wanted) if wanted else true()
    return holds & ~_in_index(unwanted) if unwanted else holds


def _query_of(term: Term) -> ColumnElement[object]:
    simple = literal("simple", REGCONFIG)
    if term.is_exact:
        query: ColumnElement[object] = func.phraseto_tsquery(simple, " ".join(term.words))
    else:
        word = term.words[0]
        query = func.to_tsquery(simple, beginning(word))
        for language in LANGUAGES:
            query = query.op("||")(func.plainto_tsquery(literal(language, REGCONFIG), word))
    return func.tsquery_not(query) if term.absent else query


def _without_doubles(query: str) -> str:
    """A query of single forms without those that another one finds anyhow; any other as it is."""
    if not _FORMS.fullmatch(query):
        return query
    forms = dict.fromkeys(query.split(" | "))
    begun = [form.removesuffix("':*") for form in forms if form.endswith(":*")]
    return " | ".join(form for form in forms if form.endswith(":*") or not form.startswith(tuple(begun)))


def _in_index(asked: str) -> ColumnElement[bool]:
    return Ticket.id.in_(select(ENTRY.c.rowid).where(column("search_entry").op("MATCH")(asked)))


def _matched(term: Term) -> str:
    if term.is_exact:
        return f'words : "{" ".join(term.words)}"'
    word = term.words[0]
    forms = (f'"{form}"' for form in sorted({word, *stems(word)}) if word.isalpha())
    return "(" + " OR ".join([f'words : "{word}"*', *forms]) + ")"
