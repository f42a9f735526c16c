"""`make bench`: intake from the mailbox to routed tickets, and the rules: each beside the floors measured in the same run."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bench import doctor, floors, history, hub, mails, replay, rules
from tests.servers import ImapServer, PostgresServer

HUGE = 50_000_000  # bytes
console = Console(width=130)


PARTS: dict[str, Callable[[Console], None]] = {"rules": rules.measure, "replay": replay.measure, "doctor": doctor.measure}
"""What is measured beside intake, by its name: each prints its own table."""


@click.command(help=__doc__)
@click.option("--mails", "count", default=2000, show_default=True, help="mixed mails in the mailbox")
@click.option("--past", default=100_000, show_default=True, help="tickets in the large database; 0 leaves that out")
@click.option("--only", type=click.Choice(["postgresql", "sqlite"]), help="measure intake on one database only")
@click.option("--part", "parts", multiple=True, type=click.Choice(["intake", *PARTS]), help="measure this only; may repeat")
def main(count: int, past: int, only: str | None, parts: tuple[str, ...]) -> None:
    for name, measure in PARTS.items():
        if not parts or name in parts:
            measure(console)
    if not parts or "intake" in parts:
        _measure_intake(count, past, only)


def _measure_intake(count: int, past: int, only: str | None) -> None:
    console.print(f"[bold]{count} mixed mails, one watcher process[/]")
    batch = list(mails.mixed(count))
    for name, databases in (("postgresql", _postgresql), ("sqlite", _sqlite)):
        if only in (None, name):
            with databases() as new:
                _measure(name, batch, new, past)


def _measure(name: str, batch: list[bytes], new: Callable[[], str], past: int) -> None:
    with ImapServer() as server:
        server.append(*batch)
        with console.status(f"{name}: floors"):
            fetch = floors.fetch("127.0.0.1", server.port, server.user, server.password)
            parse = floors.parse(batch)
        with console.status(f"{name}: the hub"):
            taken = new()
            hub.prepare(taken)
            run = hub.take_in(taken, server.url, len(batch))
        with console.status(f"{name}: inserts and commits alone"):
            insert = floors.insert(taken, new())
    _show(name, len(batch), {"IMAP fetch alone": fetch, "stdlib parse alone": parse, "inserts and commits alone": insert}, run)
    if past:
        _show_growth(name, taken, past)
    _show_memory(name, new())


def _show(name: str, count: int, alone: dict[str, float], run: hub.Run) -> None:
    total = sum(alone.values())
    table = Table("", "seconds", "mails/s", "of the floors", title=f"{name}: from the mailbox to routed tickets")
    for what, seconds in {**alone, "sum of the floors": total, "the hub, all of it": run.seconds}.items():
        table.add_row(what, f"{seconds:.2f}", f"{count / seconds:.0f}", f"{seconds / total:.2f}")
    console.print(table)
    console.print(f"ratio {run.seconds / total:.2f} (goal 1.5, must 2); watcher's peak memory {run.peak:.0f} MB\n")


def _show_growth(name: str, url: str, past: int) -> None:
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


def _show_memory(name: str, url: str) -> None:
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


if __name__ == "__main__":
    main()
