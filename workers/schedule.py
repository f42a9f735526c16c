"""What runs when: follows the rules file, and wakes workers for the work that no wake-up announced.

RQ's own cron is not used: it keeps its plan in the news server and stops with an error while that is gone, which is just
when a sweep is needed. The truth is in the database, so a plain loop under a lease does.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import structlog
from sqlalchemy import select

from contact_hub import acceptance, bulk, leases, live, outbox, passwords, rules_file
from contact_hub.database import now, reading
from contact_hub.editions import Edition
from contact_hub.outbox import Outgoing
from contact_hub.settings import Settings
from workers.lease import Lease, LeaseLost
from workers.stopping import told_to_stop

RULES_EVERY = 2.0  # seconds
RULES_ANYWAY = 60.0  # seconds after which the file is read even if it looks unchanged
OUTBOX_EVERY = 5.0
ACCEPTANCE_EVERY = 30.0
BULK_EVERY = 10.0
LINKS_EVERY = 15.0
TICK = 0.5
AFTER_TROUBLE = 2.0

log = structlog.get_logger()


@dataclass
class Duty:
    """Something to do every so many seconds."""

    every: float
    do: Callable[[], None]
    next_at: float = 0.0


class RulesFollower:
    """Publishes the rules file when it changed; looks inside only when it seems to have, or once in a while."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._again_at = 0.0

    def follow(self) -> None:
        """A file with mistakes changes nothing but what the supervisor is shown."""
        looks = self._looks()
        if looks == self._seen and time.monotonic() < self._again_at:
            return
        with reading() as session:
            found = rules_file.look(session, self._path)  # takes time: nobody who writes waits for it
        with live.change() as session:
            mistakes = rules_file.take(session, found)
        if mistakes and looks != self._seen:
            log.warning("the rules file has mistakes; the edition before keeps deciding", mistakes=len(mistakes))
        self._seen, self._again_at = looks, time.monotonic() + RULES_ANYWAY

    def _looks(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


class SealsNoted:
    """Logs each new edition with its seal, so that the history is known beside the database too."""

    def __init__(self) -> None:
        self._seal = ""

    def note(self) -> None:
        """Says once which edition is the newest one."""
        with reading() as session:
            newest = session.execute(select(Edition.id, Edition.hash).order_by(Edition.id.desc()).limit(1)).first()
        if newest and newest.hash != self._seal:
            self._seal = newest.hash
            log.info("an edition of the rules is in force", edition=newest.id, seal=newest.hash)


def run(settings: Settings) -> None:
    """Keeps the schedule until SIGTERM or SIGINT; a second one waits. The process is bound to its settings already."""
    duties = [
        Duty(RULES_EVERY, RulesFollower(settings.rules).follow),
        Duty(RULES_EVERY, SealsNoted().note),
        Duty(OUTBOX_EVERY, sweep_outbox),
        Duty(ACCEPTANCE_EVERY, return_overdue),
        Duty(BULK_EVERY, sweep_bulk),
        Duty(LINKS_EVERY, sweep_links),
    ]
    stop = told_to_stop()
    live.announcer.wake("try_set_aside")  # a new version may read what the one before could not
    with Lease(leases.SCHEDULE) as lease:
        while not stop.is_set():
            try:
                if lease.obtain(stop):
                    _keep(duties, lease, stop)
            except LeaseLost:
                log.warning("another process keeps the schedule now")
            except Exception as error:  # noqa: BLE001 - whatever it is, the schedule must go on
                log.warning("the schedule is in trouble", error=type(error).__name__)
                stop.wait(AFTER_TROUBLE)


def sweep_outbox() -> None:
    """Wakes a worker when a mail is due; one whose wake-up was lost leaves a few seconds late."""
    with reading() as session:
        if session.scalar(select(Outgoing.message_id).where(outbox.ready_by(now())).limit(1)) is not None:
            live.announcer.wake("send_outbox")


def sweep_links() -> None:
    """Wakes a worker for links to choose a password that nobody sent."""
    with reading() as session:
        if passwords.to_send(session):
            live.announcer.wake("send_links")


def sweep_bulk() -> None:
    """Wakes a worker for what is to be done with several tickets and was not ended."""
    with reading() as session:
        if bulk.unfinished(session):
            live.announcer.wake("do_bulk")


def return_overdue() -> None:
    """Sends back the hand-overs that nobody accepted in time."""
    with reading() as session:
        if not acceptance.is_any_overdue(session):
            return
    with live.change() as session:
        returned = acceptance.return_overdue(session)
    if returned:
        log.info("hand-overs nobody accepted went back", tickets=returned)


def _keep(duties: list[Duty], lease: Lease, stop: Event) -> None:
    while not stop.is_set():
        lease.check()
        for duty in duties:
            if time.monotonic() >= duty.next_at:
                duty.next_at = time.monotonic() + duty.every
                duty.do()
        stop.wait(TICK)
