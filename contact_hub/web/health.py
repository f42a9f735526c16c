"""Whether the hub lives and is ready, part by part, for those who watch over it."""

from collections.abc import Callable
from datetime import timedelta

import redis
import structlog
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contact_hub import database, editions, leases, outbox
from contact_hub.database import now, reading
from contact_hub.leases import Lease
from contact_hub.settings import Settings
from contact_hub.web.security import settings_of

blueprint = Blueprint("health", __name__)

PATIENCE = 1.0  # seconds the news server has to answer
OVERDUE = timedelta(minutes=5)  # a mail that should have gone out this long ago says that no worker sends

log = structlog.get_logger()


@blueprint.get("/health/live")
def live() -> Response:
    """This process answers."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Every part with `ok` or what is wrong with it; 503 while one is not ok."""
    settings = settings_of(current_app)
    parts = {**_of_database(settings), "redis": _redis(settings)}
    is_ready = set(parts.values()) == {"ok"}
    return jsonify(status="ok" if is_ready else "not ready", parts=parts), 200 if is_ready else 503


def _of_database(settings: Settings) -> dict[str, str]:
    """The database, and what it tells of the other processes."""
    try:
        with reading() as session:
            if not database.is_migrated(session):
                return {"database": "ok", "migrations": "not current: run `contact-hub init`"}
            parts: dict[str, Callable[[Session], str]] = {
                "rules": _rules,
                "outbox": _outbox,
                "schedule": _schedule,
                "mailboxes": lambda session: _watcher(session, len(settings.mailboxes)),
            }
            return {"database": "ok", "migrations": "ok", **{name: judge(session) for name, judge in parts.items()}}
    except SQLAlchemyError as error:
        log.warning("the database does not answer", error=type(error).__name__)
        return {"database": "does not answer"}


def _rules(session: Session) -> str:
    try:
        editions.deciding(session)
    except editions.NoEdition:
        return "none published: run `contact-hub init`"
    return "ok"


def _outbox(session: Session) -> str:
    late = outbox.left_lying(session, now() - OVERDUE)
    return f"{late} mails wait for a worker" if late else "ok"


def _schedule(session: Session) -> str:
    return "ok" if _held(session, Lease.name == leases.SCHEDULE) else "no scheduler runs"


def _watcher(session: Session, configured: int) -> str:
    """Each mailbox is watched under a lease of its own, renewed every few seconds."""
    watched = _held(session, Lease.name.startswith(leases.MAILBOX))
    return "ok" if watched >= configured else f"{configured - watched} of {configured} not watched"


def _held(session: Session, which: ColumnElement[bool]) -> int:
    running = select(func.count()).select_from(Lease).where(Lease.until > now())
    return session.scalar(running.where(which)) or 0


def _redis(settings: Settings) -> str:
    connection = redis.Redis.from_url(settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    try:
        connection.ping()
    except redis.RedisError as error:
        return f"does not answer: {type(error).__name__}"
    finally:
        connection.close()
    return "ok"
