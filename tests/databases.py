"""One engine for each kind of database, pointed at the database of each test: a statement is compiled once for all of them."""

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

from contact_hub.database import disconnect, engine_for, use
from tests.emptied import OURS

_engines: dict[str, Engine] = {}
_now_at: dict[str, str] = {}  # the database of the running test, by kind
_nowhere = create_engine("sqlite://")


def at(url: str) -> Engine:
    """An engine for the database at `url`; the one before of this kind was let go of."""
    kind, database = make_url(url).get_backend_name(), make_url(url).database
    assert database
    if kind not in _engines:
        _engines[kind] = engine_for(url)
        event.listen(_engines[kind], "do_connect", _go_there)
    elif database != _now_at[kind]:
        _engines[kind].dispose()
    _now_at[kind] = database
    return _engines[kind]


def let_go(engine: Engine) -> None:
    """Binds the Session to nothing; connections to PostgreSQL stay open for the next test, most likely in the same place."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
    use(_nowhere)
    disconnect()


def _go_there(dialect: Any, _: object, words: list[Any], settings: dict[str, Any]) -> None:
    if dialect.name == "sqlite":
        words[0] = _now_at["sqlite"]
    else:
        settings |= {"dbname": _now_at["postgresql"], "application_name": OURS}
