"""Logs: one JSON object a line, of the hub and of its libraries alike, and never what citizens wrote."""

import logging
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def write_as_json(level: str) -> None:
    """To be called once, at the start of a process."""
    structlog.configure(
        processors=[*SHARED, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    libraries = logging.StreamHandler()  # of these only what goes wrong: the rest tells more than it should
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _kind_and_places,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)


def places_of(trace: TracebackType | None) -> list[str]:
    """Where in the code something was raised, outermost first; without the values that stood there."""
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)]


def _kind_and_places(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The message of an exception may repeat an address or a text; its kind and its places say enough."""
    kind, _, trace = event.pop("exc_info", None) or (None, None, None)
    if kind:
        event.update(error=kind.__name__, where=places_of(trace))
    return event
