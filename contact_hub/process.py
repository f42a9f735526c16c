"""Binds a process to what its settings name: the database, the news, outgoing mail, and logs without personal data."""

import logging

import structlog

from contact_hub import database, editions, live, outbox
from contact_hub.settings import Settings


def bind(settings: Settings) -> None:
    """To be called once, at the start of every process of the hub."""
    _log_as_json(settings.log_level)
    database.connect(settings.database_url)
    editions.forget()
    live.connect(settings.redis_url)
    outbox.sends_from(settings.mail_from)


def _log_as_json(level: str) -> None:
    logging.basicConfig(level=level, format="%(message)s", force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
