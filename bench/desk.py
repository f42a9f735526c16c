"""The desk: how long its pages take in a large town and in a small one, with the queries and the bytes of each."""

import gzip
import html
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session as SessionType
from werkzeug.test import TestResponse

import contact_hub
from bench import town
from contact_hub import editions, live, logs
from contact_hub.agents import Agent
from contact_hub.database import Session, connect, disconnect
from contact_hub.memory import look_for_cycles, look_for_cycles_rarely
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket, is_open
from tests.application import an_application, settings_for, signed_in, values
from tests.servers import PostgresServer

SMALL = 10_000  # tickets in the town that the large one is compared with
TIMES = 12  # each address is asked for, by each of two people
UNMEASURED = 20  # pages of a kind that only warm up
DEEP = 20  # pages leafed through
SLOWEST = 5  # addresses of each kind to name
RATIO = 1.5  # p95 in the large town to that in the small one, at most
GOALS = {"list": 50, "list by words": 50, "list, deep": 50, "ticket": 50, "search": 100, "hand-over": 100}  # ms, p95
KEPT = ("built/desk.css", "built/desk.js", "icons.svg")  # what a browser fetches once
LISTED_WORDS = ("straat", "boom", "nowak", "vergunning")
ONWARD = re.compile(r'href="([^"]+)" id="pager-next"')
FIRST_BYTES, LATER_BYTES = 150_000, 30_000
LISTS = (
    "view=team",
    "view=open",
    "view=mine",
    "view=asked",
    "view=unassigned",
    "view=soon",
    "view=overdue",
    "view=waiting",
    "view=snoozed",
    "view=handed",
    "view=resolved",
    "view=open&sort=newest",
    "view=open&sort=due",
    "view=open&sort=oldest",
    "view=open&door=webform",
    "view=open&priority=high&language=nl",
    "view=open&tag=dringend",
    "view=open&tag=health",
    "view=resolved&tag=dringend",
    "view=resolved&since=2025-03-01&until=2025-03-31",
    "queue=wonen&view=open",
    "queue=onthaal&view=resolved",
)
SEARCHES = (
    "straat",  # in most tickets
    "vergunning",
    "afspraak loket",
    "dossier {dossier}",
    "{dossier}",
    '"huwelijk op 12"',
    "Hélène Dubois",
    "Nowak kinderopvang",
    "kerkstraat -fiets",
    "bijlage {ticket}",
    "citizen{ticket}@post.example",
    "queue:wonen straat",
    "is:open vergunning",
    "from:nowak straat",
    "straat before:2024-01-01",
    "door:phone is:resolved boom",
    "tag:dringend",  # none has it
    "tag:health straat",
    "to:citizen{ticket}@",
    "zwembadabonnement",  # in none
)


@dataclass
class Measured:
    """What pages of one kind took: seconds, queries, and bytes after compression."""

    asked: int = 0
    seconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    by_address: dict[str, list[float]] = field(default_factory=dict)

    def p(self, share: int) -> float:
        """This percentile, in milliseconds."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[share - 1] * 1000


Town = dict[str, Measured]


def measure(console: Console, *, tickets: int, open_share: float, database: str | None) -> None:
    """Prints the pages' times in a town of so many tickets beside one of SMALL; fills `database` where it is named."""
    console.print(f"[bold]The desk with {tickets} tickets and {3 * tickets} messages, {open_share:.0%} of them open[/]")
    with PostgresServer(durable=True) as server:
        small, large = server.url(server.create_database()), database or server.url(server.create_database())
        for url, wanted in ((small, SMALL), (large, tickets)):
            if town.size(url) < wanted:
                started = time.perf_counter()
                town.fill(url, wanted, open_share=open_share, console=console)
                console.print(f"  {wanted} tickets made in {time.perf_counter() - started:.0f} s")
        few, many = _measure(small), _measure(large)
    _show(console, few, many, tickets)


def _measure(url: str) -> Town:
    logs.write_as_json("ERROR")
    live.connect(None)
    engine = connect(url)
    editions.forget()
    with Session() as session:
        anna, sofie = (session.scalars(select(Agent).where(Agent.name == name)).one() for name in (town.ANNA, town.SOFIE))
        asked = _addresses(session)
    app = an_application(settings_for(url, "memory://"))
    look_for_cycles_rarely(between_answers=True)  # as a process that serves pages does
    taken: Town = {kind: Measured() for kind in (*asked, "list, deep", "hand-over")}
    for client in (signed_in(app, anna), signed_in(app, sofie)):
        for kind, addresses in asked.items():
            for address in addresses:
                _take(taken[kind], engine, address, partial(client.get, address))
        for view in ("open", "resolved", "open&sort=newest"):
            _leaf_through(taken["list, deep"], engine, client, f"/desk/inbox?view={view}")
    _hand_over(taken["hand-over"], engine, signed_in(app, anna))
    disconnect()
    return taken


def _addresses(session: SessionType) -> dict[str, list[str]]:
    """What is asked for, by kind, about tickets that are there."""
    dice = random.Random(3)
    last = session.scalar(select(func.max(Ticket.id))) or 0
    among = [dice.randrange(last // 2, last) for _ in range(4 * TIMES)]
    tickets = session.scalars(select(Ticket).join(Ticket.queue).where(Ticket.id.in_(among), Queue.visibility == "default"))
    references = [ticket.reference for ticket in tickets if not ticket.confidential]
    told = [{"dossier": 100_000 + number, "ticket": number} for number in among]
    words = [text.format_map(told[time % len(told)]) for time in range(TIMES) for text in SEARCHES]
    return {
        "list": [f"/desk/inbox?{view}" for view in LISTS] * TIMES,
        "list by words": [f"/desk/inbox?view=open&q={text}" for text in LISTED_WORDS] * TIMES,
        "ticket": [f"/tickets/{reference}" for reference in references] * 3,
        "search": [f"/desk/search?{urlencode({'q': text})}" for text in words],
    }


def _leaf_through(measured: Measured, engine: Engine, client: FlaskClient, address: str) -> None:
    for _ in range(DEEP):
        page = _take(measured, engine, address, partial(client.get, address))
        onward = ONWARD.search(page.text)
        if onward is None:
            return
        address = html.unescape(onward[1])


def _hand_over(measured: Measured, engine: Engine, client: FlaskClient) -> None:
    """Passes open tickets to another queue, as their form does."""
    with Session() as session:
        free = select(Ticket).join(Ticket.queue).where(is_open(), Ticket.confidential.is_(False))
        free = free.where(Queue.visibility == "default", Queue.id != "wonen").order_by(Ticket.id).limit(UNMEASURED + 4 * TIMES)
        references = [ticket.reference for ticket in session.scalars(free)]
    form = {"queue": "wonen", "reason": "Needs a permit", "promise": "Within a week"}
    for reference in references:
        address = f"/tickets/{reference}/hand-overs"
        filled = values(client.get(f"/tickets/{reference}").text, address) | form
        _take(measured, engine, address, partial(client.post, address, data=filled))


def _take(measured: Measured, engine: Engine, address: str, ask: Callable[[], TestResponse]) -> TestResponse:
    """Asks, and notes what that took, but for the first of a kind, which only warm up."""
    with _queries(engine) as queries:
        started = time.perf_counter()
        response = ask()
        seconds = time.perf_counter() - started
    look_for_cycles()  # as that process does when an answer has left
    if response.status_code not in (200, 302, 303):
        raise SystemExit(f"{address} answered {response.status}")
    measured.asked += 1
    if measured.asked > UNMEASURED:
        measured.seconds.append(seconds)
        measured.queries.append(len(queries))
        measured.bytes.append(len(gzip.compress(response.data)))
        measured.by_address.setdefault(address, []).append(seconds)
    return response


@contextmanager
def _queries(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _show(console: Console, few: Town, many: Town, tickets: int) -> None:
    columns = ("p50", "p95", "goal", f"p95 at {SMALL}", f"ratio (≤ {RATIO})", "queries", "KB, largest")
    table = Table("", "pages", *columns, title=f"the desk at {tickets} tickets: milliseconds in the server")
    for kind, measured in many.items():
        ratio = measured.p(95) / few[kind].p(95)
        figures = [f"{measured.p(50):.1f}", f"{measured.p(95):.1f}", str(GOALS[kind]), f"{few[kind].p(95):.1f}", f"{ratio:.2f}"]
        most = [str(max(measured.queries)), f"{max(measured.bytes) / 1000:.1f}"]
        table.add_row(kind, str(len(measured.seconds)), *figures, *most)
    console.print(table)
    for kind, measured in many.items():
        worst = sorted(measured.by_address.items(), key=lambda each: -statistics.median(each[1]))[:SLOWEST]
        console.print(f"{kind}: slowest " + "; ".join(f"{statistics.median(each) * 1000:.0f} ms {url}" for url, each in worst))
    console.print(_bytes_said(max(max(measured.bytes) for measured in many.values())))


def _bytes_said(largest: int) -> str:
    static = Path(contact_hub.__file__).parent / "web" / "static"
    kept = sum(len(gzip.compress((static / name).read_bytes())) for name in KEPT)
    return (
        f"compressed: {kept / 1000:.0f} KB of style and scripts, once; with the largest page {(kept + largest) / 1000:.0f} KB "
        f"the first time (goal {FIRST_BYTES / 1000:.0f}), {largest / 1000:.0f} KB after (goal {LATER_BYTES / 1000:.0f})\n"
    )
