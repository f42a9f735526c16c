"""Reads the rules of an edition beside those who decide by the one before: from their compiled form where there is one."""

from concurrent.futures import Future
from importlib.metadata import version
from platform import python_version
from threading import Lock, Thread

import structlog

from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index import compiled
from contact_hub.routing.rules import Rulebook

FORM = f"{version('contact-hub')} {python_version()}"
"""Names the compiled form that this process writes and looks for; one of another version of the hub is refused by itself."""

log = structlog.get_logger()
_started: dict[str, Future[Rulebook]] = {}
_starting = Lock()


def load(text: str, packed: bytes | None) -> Rulebook:
    """The rules, ready to decide. Raises RulebookError when they were written for another version of the hub."""
    if packed is not None:
        try:
            return compiled.loads(packed)
        except compiled.OtherVersion:
            log.info("compiled rules of another version are read from their text")  # which says the same, only slower
    rulebook = read_rulebook(text)
    _ = rulebook.matcher  # made now, not by the first contact
    return rulebook


def fits(packed: bytes) -> bool:
    """Whether this version of the hub can load it."""
    try:
        compiled.loads(packed)
    except compiled.OtherVersion:
        return False
    return True


def started(name: str, text: str, packed: bytes | None) -> Future[Rulebook]:
    """The reading of these rules in a thread of its own; asked for again under the same name, the same reading."""
    with _starting:
        if name not in _started:
            _started.clear()
            _started[name] = Future()
            Thread(target=_read, args=(_started[name], text, packed), daemon=True).start()
        return _started[name]


def forget() -> None:
    """Drops what was read, as when the process is bound to another database."""
    with _starting:
        _started.clear()


def _read(told: Future[Rulebook], text: str, packed: bytes | None) -> None:
    try:
        told.set_result(load(text, packed))
    except BaseException as error:  # noqa: BLE001 - whoever waits for it is told, whatever it is
        told.set_exception(error)
