"""`make bench`: intake from mailbox to routed tickets, the rules, the desk, and live news: beside floors of the same run."""

from collections.abc import Callable

import click
from rich.console import Console

from bench import desk, doctor, intake, live, replay, rules

console = Console(width=130)


PARTS: dict[str, Callable[[Console], None]] = {
    "rules": rules.measure,
    "replay": replay.measure,
    "doctor": doctor.measure,
    "live": live.measure,
}
"""What is measured beside the two that take options, by its name: each prints its own table."""
APART = ("intake", "desk")


@click.command(help=__doc__)
@click.option("--mails", "count", default=2000, show_default=True, help="mixed mails in the mailbox")
@click.option("--past", default=100_000, show_default=True, help="tickets in the large database; 0 leaves that out")
@click.option(
    "--rounds", default=3, show_default=True, help="times floors and hub are measured in turn; the fastest of each counts"
)
@click.option("--only", type=click.Choice(["postgresql", "sqlite"]), help="measure intake on one database only")
@click.option("--tickets", default=1_000_000, show_default=True, help="in the town whose desk is measured")
@click.option("--open", "open_share", default=0.05, show_default=True, help="share of them that is still open")
@click.option("--database", help="a PostgreSQL database for that town, kept and used again; else a new one is made")
@click.option("--part", "parts", multiple=True, type=click.Choice([*APART, *PARTS]), help="measure this only; may repeat")
def main(
    count: int,
    past: int,
    rounds: int,
    only: str | None,
    tickets: int,
    open_share: float,
    database: str | None,
    parts: tuple[str, ...],
) -> None:
    for name, measure in PARTS.items():
        if not parts or name in parts:
            measure(console)
    if not parts or "intake" in parts:
        intake.measure(console, count=count, past=past, rounds=rounds, only=only)
    if not parts or "desk" in parts:
        desk.measure(console, tickets=tickets, open_share=open_share, database=database)


if __name__ == "__main__":
    main()
