"""Live news: how long a change takes from the verb that makes it to each of many open desks, and to their lists."""

import asyncio
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection, connect

from bench import town
from contact_hub import database, editions, live, logs
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.forms import LANGUAGES
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket, is_open
from tests.application import SECRET, an_application, settings_for, signed_in
from tests.builders import an_agent
from tests.servers import PostgresServer, ValkeyServer
from tests.servers.processes import free_port, port_answers, wait_until

DESKS = 200
A_SECOND = 20  # changes
SECONDS = 60
WARMING = 20  # seconds before that in which pages look for the first time
TICKETS = 10_000
GOAL = 300  # ms, p95
GATHER, COUNTS, LONGEST = 0.15, 0.04, 30.0  # as frontend/src/desk/news.ts paces its looks at what is counted, in seconds
PEOPLE = 20  # at these desks, of the same queues, in four languages
LISTS = ("view=open", "view=team", "view=unassigned", "view=open&sort=newest")
LINE = re.compile(r'<li class="line[^>]*data-ticket="([^"]+)"(?: data-place="([^"]+)" data-event="(\d+)")?')

Change = tuple[str, int]  # a ticket, and the number of its event


@dataclass
class Heard:
    """When each desk heard of a change, and when its list had it; and how long the looks of the pages took."""

    at: dict[Change, list[float]] = field(default_factory=lambda: defaultdict(list))
    on_screen: dict[Change, list[float]] = field(default_factory=lambda: defaultdict(list))
    looks: list[float] = field(default_factory=list)


def measure(console: Console) -> None:
    """Prints what it takes with desks that only listen, and with desks whose lists follow the news."""
    table = Table("desks", "changes", "heard", "p50", "p95", "goal", "last desk, p95")
    for column in ("lines", "to screen p50", "to screen p95", "counts", "look p50", "look p95"):
        table.add_column(column)
    table.title = f"{DESKS} desks, {A_SECOND} changes a second for {SECONDS} s: milliseconds from the verb to the desk"
    with PostgresServer(durable=True) as server, ValkeyServer() as news:
        url = server.url(server.create_database())
        town.fill(url, TICKETS, open_share=0.05, console=console)
        with _serving(url, news.url) as address:
            cookies = _signed_in(url, news.url)
            for follow in (False, True):
                _show(table, follow, *asyncio.run(_run(url, news.url, address, cookies, follow=follow)))
    console.print(table)


async def _run(url: str, news: str, address: str, cookies: list[str], *, follow: bool) -> tuple[Heard, dict[Change, float]]:
    heard, pool = Heard(), ThreadPoolExecutor(DESKS)
    kinds = [(cookie, query) for cookie, query in zip(cookies, cycle(LISTS), strict=False)]
    lists = [_List(address, *kind, pool if follow else None) for kind in kinds]
    desks = [_Desk(each, heard) for each in islice(cycle(lists), DESKS)]
    listening = [asyncio.create_task(desk.listen()) for desk in desks]
    await asyncio.gather(*(desk.opened.wait() for desk in desks))
    changes = subprocess.Popen(
        [sys.executable, "-m", "bench.live", url, news, str(WARMING if follow else 2)], stdout=subprocess.PIPE, text=True
    )
    said = await asyncio.to_thread(lambda: changes.communicate()[0])
    await asyncio.sleep(5)
    for each in listening:
        each.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    pool.shutdown(cancel_futures=True)
    return heard, {(ticket, number): at for ticket, number, at in map(json.loads, said.splitlines())}


class _List:
    """A list as one person sees it: the lines of its first page, and where that ends."""

    def __init__(self, address: str, cookie: str, query: str, pool: ThreadPoolExecutor | None) -> None:
        self.address, self.cookie, self.query, self.pool = address, cookie, query, pool
        page = self.asked("/desk/inbox") if pool else ""
        lines = LINE.findall(page)
        self.lines = {ticket for ticket, _place, _event in lines}
        self.end = lines[-1][1] if "pager-next" in page else ""

    def asked(self, path: str) -> str:
        headers = {"Cookie": self.cookie, "HX-Request": "true"}
        answer = requests.get(f"{self.address}{path}?{self.query}", headers=headers, timeout=60)
        assert answer.status_code == 200, answer.status_code
        return answer.text


class _Desk:
    """An open list: hears the news, and where it follows them shows its lines and asks for its counts as the page does."""

    def __init__(self, shows: _List, heard: Heard) -> None:
        self.opened = asyncio.Event()
        self._list, self._heard = shows, heard
        self._lines = set(shows.lines)
        self._owed: dict[str, set[int]] = defaultdict(set)  # events that it heard of and does not show yet, by ticket
        self._looked_at, self._took = -60.0, 0.0
        self._looking: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        socket = f"{self._list.address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        async with connect(socket, additional_headers={"Cookie": self._list.cookie}, max_size=None) as line:
            await line.send("40/desk,")
            async for said in line:
                await self._hear(line, str(said))

    async def _hear(self, line: ClientConnection, said: str) -> None:
        if said == "2":
            await line.send("3")
        elif said.startswith("40/desk,"):
            if self._list.pool:
                await line.send(f"42/desk,{json.dumps(['follow', self._list.query, self._list.end])}")
            self.opened.set()
        elif said.startswith("42/desk,"):
            at, (name, told) = time.monotonic(), json.loads(said.removeprefix("42/desk,"))
            if name == "lines":
                self._show(at, told)
            for each in told["news"] if name == "news" else ():
                self._heard.at[each["ticket"], each["number"]].append(at)
                self._owed[each["ticket"]].add(each["number"])
                self._soon()

    def _show(self, at: float, told: dict[str, Any]) -> None:
        for ticket, _place, event in LINE.findall(told["lines"]):
            self._lines.add(ticket)
            self._shown(at, ticket, int(event))
        for ticket in told["gone"]:
            if ticket in self._lines:
                self._lines.remove(ticket)
                self._shown(at, ticket, max(self._owed[ticket], default=0))
            self._owed.pop(ticket, None)

    def _shown(self, at: float, ticket: str, event: int) -> None:
        for number in [each for each in self._owed[ticket] if each <= event]:
            self._owed[ticket].remove(number)
            self._heard.on_screen[ticket, number].append(at)

    def _soon(self) -> None:
        if self._list.pool and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look(self._list.pool))

    async def _look(self, pool: ThreadPoolExecutor) -> None:
        share = min(LONGEST, DESKS * max(COUNTS, self._took))
        rest = max(0.0, self._looked_at + share - time.monotonic())
        await asyncio.sleep(GATHER + rest + share * random.random())
        began = time.monotonic()
        await asyncio.get_running_loop().run_in_executor(pool, self._list.asked, "/desk/inbox/counts")
        ended = time.monotonic()
        self._heard.looks.append(ended - began)
        self._looked_at, self._took = ended, ended - began


def make_changes(url: str, news: str, warming: float) -> None:
    """In a process of its own: claims and gives back tickets, evenly paced; writes which event began when."""
    logs.write_as_json("ERROR")
    database.connect(url)
    live.connect(news)
    editions.forget()
    with Session() as session:
        anna = session.scalars(select(Agent).where(Agent.name == town.ANNA)).one().id
        free = select(Ticket.id).join(Ticket.queue).where(is_open(), Ticket.owner_id.is_(None))
        free = free.where(Queue.tier == "front", Queue.visibility == "default", Ticket.confidential.is_(False))
        numbers = list(session.scalars(free.order_by(Ticket.id).limit(A_SECOND * 10)))
    first = time.monotonic()
    for turn in range(int((warming + SECONDS) * A_SECOND)):
        due = first + turn / A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        began = time.monotonic()
        with live.change() as session:
            ticket, by = session.get_one(Ticket, numbers[turn % len(numbers)]), session.get_one(Agent, anna)
            ticket.release(by) if ticket.owner_id else ticket.claim(by)
            told = (ticket.reference, ticket.last_event)
        if due - first > warming:
            sys.stdout.write(json.dumps([*told, began]) + "\n")
    database.disconnect()


@contextmanager
def _serving(url: str, news: str) -> Iterator[str]:
    port = free_port()
    settings = {"DATABASE_URL": url, "REDIS_URL": news, "SECRET_KEY": SECRET, "LOG_LEVEL": "ERROR"}
    command = [str(Path(sys.executable).parent / "contact-hub"), "web", "--port", str(port)]
    web = subprocess.Popen(command, env=os.environ | {f"CONTACT_HUB_{name}": value for name, value in settings.items()})
    wait_until(lambda: port_answers(port), seconds=30, otherwise=lambda: SystemExit("the pages do not answer"))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(30)


def _signed_in(url: str, news: str) -> list[str]:
    """Sessions of the people at the desks, who see the tickets that change."""
    logs.write_as_json("ERROR")
    database.connect(url)
    editions.forget()
    with Session.begin() as session:
        front = list(session.scalars(select(Queue.id).where(Queue.tier == "front", Queue.visibility == "default")))
        people = [an_agent(session, "agent", *front, name=f"Agent {number}") for number in range(PEOPLE)]
        for person, language in zip(people, cycle(LANGUAGES), strict=False):
            person.language = language
    cookies = []
    for person in people:
        app = an_application(settings_for(url, news))  # anew, so that nobody signs in too often
        cookie = signed_in(app, person).get_cookie("contact_hub")
        assert cookie
        cookies.append(f"contact_hub={cookie.value}")
    database.disconnect()
    return cookies


def _show(table: Table, follow: bool, heard: Heard, begun: dict[Change, float]) -> None:
    took = [at - began for event, began in begun.items() for at in heard.at[event]]
    last = [max(heard.at[event]) - began for event, began in begun.items() if heard.at[event]]
    missed = len(begun) * DESKS - len(took)
    figures = [f"{len(took)} ({missed} missed)", _p(took, 50), _p(took, 95), str(GOAL), _p(last, 95)]
    if follow:
        lines = [at - began for event, began in begun.items() for at in heard.on_screen[event]]
        figures += [str(len(lines)), _p(lines, 50), _p(lines, 95)]
        figures += [str(len(heard.looks)), _p(heard.looks, 50), _p(heard.looks, 95)]
    table.add_row("whose lists follow" if follow else "that listen", str(len(begun)), *figures)


def _p(seconds: list[float], share: int) -> str:
    return f"{statistics.quantiles(seconds, n=100, method='inclusive')[share - 1] * 1000:.0f}"


if __name__ == "__main__":
    make_changes(sys.argv[1], sys.argv[2], float(sys.argv[3]))
