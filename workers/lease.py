"""One of several processes at a time: a lease in the database, renewed in the background for as long as it is held."""

import os
import secrets
import socket
import time
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import SQLAlchemyError

from contact_hub import leases
from contact_hub.database import Session

LASTING = timedelta(seconds=15)  # after which another process takes over from one that died
RENEWED = LASTING / 4
ASKED = 2.0  # seconds between two tries to get it

log = structlog.get_logger()


class LeaseLost(Exception):
    """Somebody else holds it by now, or the database has been away too long to know."""


class Lease:
    """The lease `name`, for this process; leave the context to give it back early."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._until = 0.0
        self._seen: tuple[datetime | None, float] = (None, 0.0)
        self._over = Event()
        self._keeper = Thread(target=self._keep, name=f"lease {name}", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._keeper.join()
        if not self.held:
            return
        try:
            with Session.begin() as session:
                leases.release(session, self.name, self.holder)
        except SQLAlchemyError as problem:
            log.warning("a lease runs out by itself", lease=self.name, error=type(problem).__name__)

    @property
    def held(self) -> bool:
        """Whether it is certainly ours at this moment."""
        return time.monotonic() < self._until

    def obtain(self, stop: Event) -> bool:
        """Waits until it is ours; False when `stop` is set before. Raises SQLAlchemyError when the database is away."""
        waiting = False
        while not (stop.is_set() or self.held or self._renew()):
            if not waiting:
                log.info("waiting: another process does this", lease=self.name)
                waiting = True
            stop.wait(ASKED)
        return not stop.is_set()

    def check(self) -> None:
        """Raises LeaseLost when it is no longer certainly ours."""
        if not self.held:
            raise LeaseLost

    def _renew(self) -> bool:
        asked = time.monotonic()
        with Session.begin() as session:
            ours = leases.hold(session, self.name, self.holder, LASTING, given_up=self._given_up(asked))
            if not ours:
                self._look_on(leases.held_until(session, self.name), asked)
        self._until = asked + LASTING.total_seconds() if ours else 0.0
        return ours

    def _look_on(self, until: datetime | None, at: float) -> None:
        """Remembers since when somebody else's lease was not renewed."""
        if until != self._seen[0]:
            self._seen = until, at

    def _given_up(self, at: float) -> datetime | None:
        """The end of a lease nobody renewed for as long as it lasts: a clock that was put back would have us wait longer."""
        until, since = self._seen
        return until if at - since > LASTING.total_seconds() else None

    def _keep(self) -> None:
        while not self._over.wait(RENEWED.total_seconds()):
            if not self.held:
                continue
            try:
                self._renew()
            except SQLAlchemyError as error:
                log.warning("a lease could not be renewed", lease=self.name, error=type(error).__name__)
