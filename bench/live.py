"""Live news: how long a change takes from the verb that makes it to each of many open desks, while their pages ask again."""

import asyncio
import json
import os
import random
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
from pathlib import Path

import requests
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection, connect

from bench import town
from contact_hub import database, editions, live, logs
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.queues import Queue
from contact_hub.tickets import OPEN, Ticket
from tests.application import SECRET, an_application, settings_for, signed_in
from tests.servers import PostgresServer, ValkeyServer
from tests.servers.processes import free_port, port_answers, wait_until

DESKS = 200
A_SECOND = 20  # changes
SECONDS = 60
WARMING = 20  # seconds before that in which pages look for the first time
TICKETS = 10_000
GOAL = 300  # ms, p95
GATHER, EACH = 0.15, 0.08  # as frontend/src/desk/news.ts paces its looks, in seconds
LIST = "/desk/inbox?view=open"


@dataclass
class Heard:
    """When each desk heard of a change, by the number of the event; and how long the looks of the pages took."""

    at: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    looks: list[float] = field(default_factory=list)


def measure(console: Console) -> None:
    """Prints what it takes with desks that only listen, and with desks whose pages follow the news."""
    table = Table("desks", "changes", "heard", "p50", "p95", "goal", "last desk, p95", "looks", "look p50", "look p95")
    table.title = f"{DESKS} desks, {A_SECOND} changes a second for {SECONDS} s: milliseconds from the verb to the desk"
    with PostgresServer(durable=True) as server, ValkeyServer() as news:
        url = server.url(server.create_database())
        town.fill(url, TICKETS, open_share=0.05, console=console)
        with _serving(url, news.url) as address:
            cookies = _signed_in(url, news.url)
            for follow in (False, True):
                _show(table, follow, *asyncio.run(_run(url, news.url, address, cookies, follow=follow)))
    console.print(table)


async def _run(
    url: str, news: str, address: str, cookies: list[str], *, follow: bool
) -> tuple[Heard, dict[tuple[str, int], float]]:
    heard, pool = Heard(), ThreadPoolExecutor(DESKS)
    desks = [_Desk(address, cookies[number % len(cookies)], heard, pool if follow else None) for number in range(DESKS)]
    listening = [asyncio.create_task(desk.listen()) for desk in desks]
    await asyncio.gather(*(desk.opened.wait() for desk in desks))
    changes = subprocess.Popen(
        [sys.executable, "-m", "bench.live", url, news, str(WARMING if follow else 2)], stdout=subprocess.PIPE, text=True
    )
    said = await asyncio.to_thread(lambda: changes.communicate()[0])
    await asyncio.sleep(2)
    for each in listening:
        each.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    pool.shutdown(cancel_futures=True)
    begun = {(ticket, number): at for ticket, number, at in map(json.loads, said.splitlines())}
    return heard, begun


class _Desk:
    """An open list: hears the news, and where it follows them asks for its list again as the page's script does."""

    def __init__(self, address: str, cookie: str, heard: Heard, pool: ThreadPoolExecutor | None) -> None:
        self.opened = asyncio.Event()
        self._address, self._cookie, self._heard, self._pool = address, cookie, heard, pool
        self._looked_at = -60.0
        self._looking: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        socket = f"{self._address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        async with connect(socket, additional_headers={"Cookie": self._cookie}, max_size=None) as line:
            await line.send("40/desk,")
            async for said in line:
                await self._hear(line, str(said))

    async def _hear(self, line: ClientConnection, said: str) -> None:
        if said == "2":
            await line.send("3")
        elif said.startswith("40/desk,"):
            self.opened.set()
        elif said.startswith("42/desk,"):
            at, (name, told) = time.monotonic(), json.loads(said.removeprefix("42/desk,"))
            for each in told["news"] if name == "news" else ():
                self._heard.at[each["ticket"], each["number"]].append(at)
            self._soon()

    def _soon(self) -> None:
        if self._pool and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        share = DESKS * EACH
        rest = max(0.0, self._looked_at + share - time.monotonic())
        await asyncio.sleep(GATHER + rest + share * random.random())
        began = time.monotonic()
        answer = await asyncio.get_running_loop().run_in_executor(self._pool, self._asked)
        ended = time.monotonic()
        assert answer == 200, answer
        self._heard.looks.append(ended - began)
        self._looked_at = ended

    def _asked(self) -> int:
        return requests.get(
            self._address + LIST, headers={"Cookie": self._cookie, "HX-Request": "true"}, timeout=60
        ).status_code


def make_changes(url: str, news: str, warming: float) -> None:
    """In a process of its own: claims and gives back tickets, evenly paced; writes which event began when."""
    logs.write_as_json("ERROR")
    database.connect(url)
    live.connect(news)
    editions.forget()
    with Session() as session:
        anna = session.scalars(select(Agent).where(Agent.name == town.ANNA)).one().id
        free = select(Ticket.id).join(Ticket.queue).where(Ticket.status.in_(OPEN), Ticket.owner_id.is_(None))
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
    """Sessions of two people who see the tickets that change."""
    logs.write_as_json("ERROR")
    database.connect(url)
    editions.forget()
    app = an_application(settings_for(url, news))
    with Session() as session:
        people = list(session.scalars(select(Agent).where(Agent.name.in_((town.ANNA, town.SOFIE)))))
    cookies = []
    for person in people:
        cookie = signed_in(app, person).get_cookie("contact_hub")
        assert cookie
        cookies.append(f"contact_hub={cookie.value}")
    database.disconnect()
    return cookies


def _show(table: Table, follow: bool, heard: Heard, begun: dict[tuple[str, int], float]) -> None:
    took = [at - began for event, began in begun.items() for at in heard.at[event]]
    last = [max(heard.at[event]) - began for event, began in begun.items() if heard.at[event]]
    missed = len(begun) * DESKS - len(took)
    figures = [f"{len(took)} ({missed} missed)", _p(took, 50), _p(took, 95), str(GOAL), _p(last, 95)]
    looks = [str(len(heard.looks)), _p(heard.looks, 50), _p(heard.looks, 95)] if follow else ["", "", ""]
    table.add_row("whose lists follow" if follow else "that listen", str(len(begun)), *figures, *looks)


def _p(seconds: list[float], share: int) -> str:
    return f"{statistics.quantiles(seconds, n=100, method='inclusive')[share - 1] * 1000:.0f}"


if __name__ == "__main__":
    make_changes(sys.argv[1], sys.argv[2], float(sys.argv[3]))
