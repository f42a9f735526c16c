"""Conditions of queries that SQLAlchemy has no word for, each as both databases say it."""

import json
from collections.abc import Callable, Iterable, Sequence
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

    def literal_processor(self, dialect: Dialect) -> Callable[[list[Any]], str]:
        """The same as it stands in a statement."""
        quoted = dialect.type_descriptor(String()).literal_processor(dialect)
        assert quoted  # every dialect can write a text
        if dialect.name != "postgresql":
            return lambda values: quoted(json.dumps(values))
        return lambda values: f"CAST({quoted(_as_array(values))} AS {'INTEGER' if self.numbers else 'VARCHAR'}[])"


def _as_array(values: Iterable[Any]) -> str:
    escaped = (str(each).replace("\\", "\\\\").replace('"', '\\"') for each in values)
    return "{" + ",".join(f'"{each}"' for each in escaped) + "}"


class one_of(FunctionElement[bool]):  # noqa: N801 - reads as the operator it is
    """`column IN (values)` with all of them as one: a statement stays short, and the same however many they are.

    Where a name takes the place of the values, these are given under it when the statement is sent. Values of ours that are
    few and stay may be `written` out, as in `written_out`.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(
        self,
        column: ColumnElement[Any] | InstrumentedAttribute[Any],
        values: Iterable[str] | Iterable[int] | str,
        *,
        written: bool = False,
    ) -> None:
        kind = _Several(numbers=isinstance(column.type, Integer))
        if isinstance(values, str):
            given = bindparam(values, type_=kind)
        else:
            given = bindparam(None, list(values), kind, unique=True, literal_execute=written)
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


class this_moment(FunctionElement[datetime]):  # noqa: N801 - reads as the moment it is
    """`now()`, or so long after it, of whenever the statement is sent: it may be made once and kept.

    PostgreSQL looks at its own clock as it begins the statement: of a moment that it is given it does not know beforehand
    whether it is long past.
    """

    type = UTCDateTime()
    inherit_cache = True

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        given = bindparam(None, callable_=lambda: now() + ahead, type_=UTCDateTime(), unique=True)
        super().__init__(given, written_out(int(ahead.total_seconds())))


@compiles(this_moment)
def _given(element: this_moment, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **how)


@compiles(this_moment, "postgresql")
def _by_own_clock(element: this_moment, compiler: SQLCompiler, **how: Any) -> str:
    return f"(statement_timestamp() + make_interval(secs => {compiler.process(list(element.clauses)[1], **how)}))"
