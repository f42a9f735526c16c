"""Fills a database with a past: the tickets the hub wrote itself, many times over."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Insert, Table, case, func, insert, literal, select

from contact_hub import tables
from contact_hub.database import UTCDateTime, engine_for

COPIED = ("person", "contact", "ticket", "message", "attachment", "segment", "cycle", "event", "decision", "outbox")
OWN_ID = {"person", "contact", "ticket", "message", "attachment", "segment", "cycle", "event"}


def multiply(url: str, tickets: int) -> None:
    """Copies the tickets at `url`, with all that belongs to them, until there are at least `tickets`."""
    engine = engine_for(url)
    with engine.begin() as connection:
        last = {name: connection.scalar(select(func.max(_table(name).c.id))) or 0 for name in OWN_ID}
        times = -(-tickets // last["ticket"])
        for number in range(1, times):
            for name in COPIED:
                connection.execute(_copy(_table(name), number, last))
    _follow_ids(engine)
    engine.dispose()


def _copy(table: Table, number: int, last: dict[str, int]) -> Insert:
    """Every row of `table` once more, under ids and names of its own, `number` hours back."""
    back = datetime.now(UTC) - timedelta(hours=number)
    columns = []
    for column in table.columns:
        key = next(iter(column.foreign_keys), None)
        owner = key.column.table.name if key else table.name if column.name == "id" else ""
        if owner in last:
            columns.append((column + literal(number * last[owner])).label(column.name))
        elif isinstance(column.type, UTCDateTime):
            columns.append(case((column.is_not(None), literal(back, UTCDateTime))).label(column.name))
        elif column.name in {"external_id", "message_id"}:
            columns.append((column + literal(f"+{number}")).label(column.name))
        else:
            columns.append(column)
    first = table.c.id if "id" in table.c else next(iter(table.primary_key))
    limit = last[table.name] if table.name in last else last["message" if table.name == "outbox" else "ticket"]
    return insert(table).from_select([column.name for column in table.columns], select(*columns).where(first <= limit))


def _follow_ids(engine: Engine) -> None:
    """PostgreSQL's sequences go on behind the copied ids; its planner learns the new sizes."""
    if engine.dialect.name != "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    with engine.begin() as connection:
        for name in sorted(OWN_ID):
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _table(name: str) -> Table:
    return tables.metadata.tables[name]
