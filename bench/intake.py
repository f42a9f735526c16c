"""Intake: from a mailbox full of mails to routed tickets, beside the floors and by phase, on both databases."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import floors, history, hub, mails, phases
from tests.servers import ImapServer, PostgresServer

HUGE = 50_000_000  # bytes
FETCH, PARSE, INSERT, HUB = "IMAP fetch alone", "stdlib parse alone", "inserts and commits alone", "the hub, all of it"


def measure(console: Console, *, count: int, past: int, rounds: int, only: str | None) -> None:
    """Prints what `count` mixed mails cost; `past` tickets fill the large database, none leave that out."""
    console.print(f"[bold]{count} mixed mails, one watcher process; the fastest of {rounds} rounds[/]")
    batch = list(mails.mixed(count))
    for name, databases in (("postgresql", _postgresql), ("sqlite", _sqlite)):
        if only in (None, name):
            with databases() as new:
                _measure(console, name, batch, new, past, rounds)


def _measure(console: Console, name: str, batch: list[bytes], new: Callable[[], str], past: int, rounds: int) -> None:
    best: dict[str, float] = {}
    slowest = peak = 0.0
    with ImapServer() as server:
        server.append(*batch)
        for number in range(rounds):
            with console.status(f"{name}: round {number + 1}"):
                taken = new()
                run = _hub(taken, server, len(batch))
                seconds = _floors(batch, server, taken, new()) | {HUB: run.seconds}
            best = {what: min(spent, best.get(what, spent)) for what, spent in seconds.items()}
            slowest, peak = max(slowest, run.seconds), max(peak, run.peak)
        by_phase = _phases(batch, new())
    _show(console, name, len(batch), best, f"the slowest round took {slowest:.2f} s; watcher's peak memory {peak:.0f} MB")
    _show_phases(console, name, len(batch), {"fetch": best[FETCH], **by_phase}, best[PARSE])
    if past:
        _show_growth(console, name, taken, past)
    _show_memory(console, name, new())


def _hub(url: str, server: ImapServer, count: int) -> hub.Run:
    hub.prepare(url)
    return hub.take_in(url, server.url, count)


def _floors(batch: list[bytes], server: ImapServer, taken: str, empty: str) -> dict[str, float]:
    return {
        FETCH: floors.fetch("127.0.0.1", server.port, server.user, server.password),
        PARSE: floors.parse(batch),
        INSERT: floors.insert(taken, empty),
    }


def _phases(batch: list[bytes], url: str) -> dict[str, float]:
    hub.prepare(url)
    return phases.of(batch, url)


def _show(console: Console, name: str, count: int, best: dict[str, float], remark: str) -> None:
    total = sum(seconds for what, seconds in best.items() if what != HUB)
    table = Table("", "seconds", "mails/s", "of the floors", title=f"{name}: from the mailbox to routed tickets")
    for what, seconds in {**best, "sum of the floors": total, HUB: best[HUB]}.items():
        table.add_row(what, f"{seconds:.2f}", f"{count / seconds:.0f}", f"{seconds / total:.2f}")
    console.print(table)
    console.print(f"ratio {best[HUB] / total:.2f} (goal 1.5, must 2); {remark}\n")


def _show_phases(console: Console, name: str, count: int, by_phase: dict[str, float], parse: float) -> None:
    """Each phase done for all mails before the next; the hub itself fetches ahead while it does the others."""
    table = Table("phase", "ms a mail", "× stdlib parse", title=f"{name}: one mail, phase by phase")
    for phase, seconds in by_phase.items():
        table.add_row(phase, f"{seconds / count * 1000:.2f}", f"{seconds / parse:.2f}")
    console.print(table)


def _show_growth(console: Console, name: str, url: str, past: int) -> None:
    """The same 500 new mails with few and with many tickets in the database."""
    rates = {}
    for seed, tickets in ((21, 0), (22, past)):
        if tickets:
            with console.status(f"{name}: making {tickets} tickets of the past"):
                history.multiply(url, tickets)
        with ImapServer(user=f"past{seed}") as server:
            server.append(*mails.mixed(500, seed))
            before = hub.contacts(url)
            run = hub.take_in(url, server.url, before + 500)
        rates[tickets or hub.tickets(url)] = 500 / run.seconds
    few, many = rates.values()
    at = " and ".join(f"{rate:.0f} mails/s at {tickets} tickets" for tickets, rate in rates.items())
    console.print(f"{name}: {at}: ratio {many / few:.2f} (goal 0.90 or more)\n")


def _show_memory(console: Console, name: str, url: str) -> None:
    hub.prepare(url)
    with ImapServer() as server:
        small = mails.mixed(20, 31)
        server.append(*[next(small) for _ in range(10)], mails.huge(HUGE, 1), mails.huge(HUGE, 2), *small)
        run = hub.take_in(url, server.url, 22)
    console.print(f"{name}: two mails of 50 MB among 20: watcher's peak memory {run.peak:.0f} MB (must stay under 250)\n")


@contextmanager
def _postgresql() -> Iterator[Callable[[], str]]:
    with PostgresServer(durable=True) as server:
        yield lambda: server.url(server.create_database())


@contextmanager
def _sqlite() -> Iterator[Callable[[], str]]:
    with tempfile.TemporaryDirectory() as folder:
        made: list[str] = []

        def new() -> str:
            made.append(f"sqlite:///{Path(folder) / f'hub{len(made)}.sqlite'}")
            return made[-1]

        yield new
