"""`contact-hub rules replay`: what a draft would have done to the tickets of the past."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contact_hub.cli.rules_given import rulebook_in

if TYPE_CHECKING:
    from contact_hub.routing.replay.replayed import Accuracy, Report, RuleReplayed

LISTED = 20  # tickets shown to people; --json has them all
_SPAN = re.compile(r"(\d{1,4})([dw])")


class Span(click.ParamType[int]):
    """Some days or weeks, such as 90d or 12w."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """In days."""
        found = _SPAN.fullmatch(str(value))
        if not found or not int(found[1]):
            self.fail(f"“{value}” is no span of time. Write it like 90d or 12w.", param, ctx)
        return int(found[1]) * (7 if found[2] == "w" else 1)


@click.command()
@click.argument("draft", type=click.Path(path_type=Path))
@click.option("--last", "days", type=Span(), default="90d", show_default=True, help="How far back, as 90d or 12w.")
@click.option("--rules", "base", type=click.Path(path_type=Path), help="Compare with this file, not with the edition in force.")
@click.option(
    "--full", is_flag=True, help="Decide every ticket anew, not only those the edit can touch; the report is the same."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every ticket that moves.")
def replay(draft: Path, days: int, base: Path | None, full: bool, as_json: bool) -> None:
    """Show what DRAFT would have done to past tickets.

    Decides the tickets of the last days again, the newest 10,000 at most, and counts how many would move, where from and
    to. Where people handed a ticket over, or solved it, shows where it belonged: the report says how many move towards
    that place and how many away from it. Nothing is stored. Use it before a draft goes into force.

    \b
    Examples:
      contact-hub rules replay draft.yaml
      contact-hub rules replay draft.yaml --last 30d --json > replay.json
    """
    from contact_hub import editions, replays
    from contact_hub.cli.binding import bound
    from contact_hub.database import reading
    from contact_hub.routing.replay import Replay

    after = rulebook_in(draft)
    before = rulebook_in(base) if base else None
    bound(beside=True)
    since = replays.began(days)
    with reading() as session:
        compared = str(base) if base else f"edition {editions.deciding(session).edition}"
        in_time = replays.in_time(session, since, replays.ALL)
        with _progress(min(in_time, replays.MOST)) as advance:
            past = replays.past(session, since, replays.ALL, progress=advance)
            ready = Replay(before or editions.deciding(session).rulebook, past)
            report = ready.full(after) if full else ready.delta(after)
    if as_json:
        span = {"since": since.isoformat(), "in_time": in_time, "left_out": replays.left_out(in_time, report.replayed)}
        told = {"compared_with": compared, **span, **report.as_record(report.tickets)}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{_many(report.replayed, in_time)} since {since:%Y-%m-%d}, compared with {compared}.")
    _tell(report)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Shows how many tickets were read, where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Reading tickets"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda tickets: progress.advance(task, tickets)


def _many(replayed: int, in_time: int) -> str:
    return f"{replayed} tickets" if replayed == in_time else f"The newest {replayed} of {in_time} tickets"


def _tell(report: "Report") -> None:
    from contact_hub.cli.table import show

    judged = f"{report.before.right} → {report.after.right} of {report.before.judged} of which people showed where they belong"
    shares = f"Right at first: {_share(report.before)} → {_share(report.after)} ({judged})."
    click.echo(shares if report.before.judged else "Nobody has shown yet where any of them belonged.")
    click.echo(f"Screened out: {report.screened_before} → {report.screened_after}.")
    click.echo(f"{report.moved} would move: {report.towards} towards where people put them, {report.away} away from it.")
    if report.ways:
        click.echo()
        rows = [(way.before, way.after, way.tickets, way.towards, way.away) for way in report.ways]
        show(("from", "to", "tickets", "towards", "away"), rows, numbers=("tickets", "towards", "away"))
    if changed := [rule for rule in report.rules if rule.gained or rule.lost or rule.towards or rule.away]:
        click.echo()
        headings = ("rule", "took", "takes", "right before", "right after", "towards", "away")
        show(headings, map(_rule, changed), numbers=headings[1:])
    if report.tickets:
        click.echo()
        listed = [(each.reference, each.before, each.after, each.rule_after, each.verdict) for each in report.tickets[:LISTED]]
        show(("ticket", "from", "to", "by rule", "moves"), listed)
    if len(report.tickets) > LISTED:
        click.echo(f"… and {len(report.tickets) - LISTED} more; --json names them all.")


def _rule(rule: "RuleReplayed") -> tuple[object, ...]:
    shares = _share(rule.before), _share(rule.after)
    return (rule.rule, rule.won_before, rule.won_after, *shares, rule.towards, rule.away)


def _share(accuracy: "Accuracy") -> str:
    return "–" if accuracy.share is None else f"{accuracy.share:.1%}"
