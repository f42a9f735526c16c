"""The hub itself at work: one real watcher process from the mailbox to committed, routed tickets."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, Table, func, select

from contact_hub import editions, live, publishing, rules_file, tables
from contact_hub.database import connect, disconnect, engine_for, migrate
from contact_hub.settings import HERE
from tests.servers import ValkeyServer

PATIENCE = 900  # seconds


@dataclass(frozen=True)
class Run:
    """What one watcher took: seconds from holding its mailbox to the last commit, and its largest memory in MB."""

    seconds: float
    peak: float


def prepare(url: str) -> None:
    """A migrated database with the shipped rules, compiled, as `contact-hub init` leaves it."""
    migrate(url)
    connect(url)
    editions.forget()
    with live.change() as session:
        mistakes = rules_file.follow(session, HERE / "routing_rules.yaml")
    publishing.compile_newest()
    disconnect()
    if mistakes:
        raise SystemExit(f"the shipped rules have mistakes: {mistakes[0]}")


def contacts(url: str) -> int:
    """How many contacts the database holds."""
    return _count(url, "contact")


def tickets(url: str) -> int:
    """How many tickets the database holds."""
    return _count(url, "ticket")


def take_in(url: str, mailbox: str, count: int) -> Run:
    """Has a watcher empty `mailbox` into the database at `url` until it holds `count` contacts."""
    engine = engine_for(url)
    with ValkeyServer() as news, _watcher(url, news.url, mailbox) as watcher:
        _wait_for(engine, "lease", 1, watcher, pause=0.002)
        start = time.perf_counter()
        _wait_for(engine, "contact", count, watcher, pause=0.02)
        run = Run(time.perf_counter() - start, _peak(watcher.pid))
    engine.dispose()
    return run


@contextmanager
def _watcher(url: str, news: str, mailbox: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = {
        "CONTACT_HUB_DATABASE_URL": url,
        "CONTACT_HUB_REDIS_URL": news,
        "CONTACT_HUB_SECRET_KEY": "a key for the bench that guards nothing",
        "CONTACT_HUB_MAILBOXES": mailbox,
        "CONTACT_HUB_LOG_LEVEL": "ERROR",
    }
    command = [str(Path(sys.executable).parent / "contact-hub"), "mailbox"]
    watcher = subprocess.Popen(command, env=os.environ | settings)
    try:
        yield watcher
    finally:
        watcher.send_signal(signal.SIGTERM)
        watcher.wait(30)


def _count(url: str, table: str) -> int:
    engine = engine_for(url)
    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(tables.metadata.tables[table]))
    engine.dispose()
    return found or 0


def _wait_for(engine: Engine, table: str, count: int, watcher: subprocess.Popen[bytes], *, pause: float) -> None:
    counted: Table = tables.metadata.tables[table]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with engine.execution_options(reading=True).connect() as connection:
            if (connection.scalar(select(func.count()).select_from(counted)) or 0) >= count:
                return
        if watcher.poll() is not None:
            raise SystemExit(f"the watcher stopped with code {watcher.returncode}")
        time.sleep(pause)
    raise SystemExit(f"not {count} rows in {table} within {PATIENCE} seconds")


def _peak(pid: int) -> float:
    """The largest resident memory of a process so far, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
