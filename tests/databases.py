"""One engine for each kind of database, pointed at the database of each test: a statement is compiled once for all of them."""

from typing import Any

from sqlalchemy import Engine, event, make_url

from contact_hub.database import engine_for

_engines: dict[str, Engine] = {}
_now_at: dict[str, str] = {}  # the database of the running test, by kind


def at(url: str) -> Engine:
    """An engine for the database at `url`; the one before of this kind was let go of (`database.disconnect`)."""
    kind, database = make_url(url).get_backend_name(), make_url(url).database
    assert database
    if kind not in _engines:
        _engines[kind] = engine_for(url)
        event.listen(_engines[kind], "do_connect", _go_there)
    _now_at[kind] = database
    return _engines[kind]


def _go_there(dialect: Any, _: object, words: list[Any], settings: dict[str, Any]) -> None:
    if dialect.name == "sqlite":
        words[0] = _now_at["sqlite"]
    else:
        settings["dbname"] = _now_at["postgresql"]
