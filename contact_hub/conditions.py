"""Conditions of queries that SQLAlchemy has no word for, each as both databases say it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BindParameter, Boolean, ColumnElement, Dialect, Integer, String, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from contact_hub.database import UTCDateTime, now


class _Several(TypeDecorator[list[Any]]):
    """Several names, or several numbers, as one value that a condition may look into."""

    impl = JSON
    cache_ok = True

    def __init__(self, *, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array, where the database has some."""
        of = Integer() if self.numbers else String()
        return dialect.type_descriptor(ARRAY(of) if dialect.name == "postgresql" else JSON())


class one_of(FunctionElement[bool]):  # noqa: N801 - reads as the operator it is
    """`column IN (values)` with all of them as one: a statement stays short, and the same however many they are.

    Where a name takes the place of the values, these are given under it when the statement is sent.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(
        self, column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[str] | Iterable[int] | str
    ) -> None:
        kind = _Several(numbers=isinstance(column.type, Integer))
        given = bindparam(values, type_=kind) if isinstance(values, str) else bindparam(None, list(values), kind, unique=True)
        super().__init__(column, given)


@compiles(one_of)
def _in_json(element: one_of, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled, with their values apart


@compiles(one_of, "postgresql")
def _in_array(element: one_of, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY ({values})"


class holds(FunctionElement[bool]):  # noqa: N801 - reads as the operator it is
    """Whether a list of texts that a column keeps as JSON holds this one."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: InstrumentedAttribute[list[str]], text: str) -> None:
        super().__init__(column, literal(text))


@compiles(holds)
def _holds_of_json(element: holds, compiler: SQLCompiler, **how: Any) -> str:
    column, text = (compiler.process(each, **how) for each in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = {text})"  # noqa: S608 - both are compiled


@compiles(holds, "postgresql")
def _holds_of_array(element: holds, compiler: SQLCompiler, **how: Any) -> str:
    column, text = (compiler.process(each, **how) for each in element.clauses)
    return f"contact_hub_texts({column}) @> ARRAY[{text}::text]"  # as the index says it


def written_out(value: int | str | Sequence[str]) -> BindParameter[Any]:
    """A value of ours that stands in the statement itself, as the database must know it to plan once for all the others.

    PostgreSQL makes no plan anew for each page where one for all values seems as good: that one knows how many are wanted,
    and that an index of open tickets holds what is asked for, only if the statement says so.
    """
    several = not isinstance(value, (int, str))
    return bindparam(None, value, expanding=several, literal_execute=True, unique=True)


def this_moment(ahead: timedelta = timedelta(0)) -> BindParameter[datetime]:
    """`now()`, or so long after it, of whenever the statement is sent: it may be made once and kept."""
    return bindparam(None, callable_=lambda: now() + ahead, type_=UTCDateTime(), unique=True)
