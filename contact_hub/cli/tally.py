"""`contact-hub tally`: whether the counts of every door close."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contact_hub.arrivals import Tally

DAYS = 14  # shown when no day is named
FIGURES = ("offered", "taken", "known", "set aside", "missing")


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help=f"Only this day; the last {DAYS} days otherwise.")
def tally(day: datetime | None) -> None:
    """Show whether the counts of every door close.

    Offered = taken in + known already + set aside. Use it every morning, or from a monitor: the command ends with code 1
    when a door's count does not close, so that nothing can be lost without anybody noticing.

    \b
    Examples:
      contact-hub tally
      contact-hub tally --day 2026-11-23
    """
    from sqlalchemy import select

    from contact_hub.arrivals import Tally
    from contact_hub.cli.binding import bound
    from contact_hub.cli.table import show
    from contact_hub.database import now, reading

    bound(beside=True)
    wanted = Tally.day == day.date() if day else Tally.day > (now() - timedelta(days=DAYS)).date()
    with reading() as session:
        tallies = session.scalars(select(Tally).where(wanted).order_by(Tally.day.desc(), Tally.channel)).all()
    if not tallies:
        click.echo("No door offered anything in this time.")
        return
    show(("day", "door", *FIGURES, "closes"), map(_row, tallies), numbers=FIGURES)
    if any(each.missing for each in tallies):
        raise SystemExit(1)


def _row(tally: "Tally") -> tuple[object, ...]:
    figures = (tally.offered, tally.taken, tally.known, tally.set_aside, tally.missing)
    return (tally.day, tally.channel, *figures, "no" if tally.missing else "yes")
