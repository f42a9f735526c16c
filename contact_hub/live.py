"""News, never truth: tells open desks what changed and wakes the workers, once a change is committed.

Each piece of news has a number in a stream that the news server keeps for a while: a desk whose line broke says the last
one it heard, and hears the others then. What could not be told, because the server was gone, makes every desk look again as
soon as it can be told; what was lost unseen, with a process that was killed just then, costs a minute at most: desks ask again
by themselves, and a sweep finds the work that no wake-up announced.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import redis
import rq
import socketio
import structlog
from sqlalchemy.orm import Session as SessionType

from contact_hub.database import Session

PATIENCE = 1.0  # seconds a news connection may take before it counts as gone
WAKE_UP = 60  # seconds after which a wake-up nobody heard is dropped
REST = 5.0  # seconds during which a server that is gone is not asked again
QUEUE = "contact-hub"
DESK = "/desk"
STREAM = "contact-hub:news"
KEPT = 10_000  # pieces of news that can be heard later
OVERLAP = 5_000  # ms before the last one heard that are told again: processes number and tell side by side
CHAT = "/chat"

News = dict[str, Any]
_NUMBER = re.compile(r"\d{1,15}-\d{1,15}")

log = structlog.get_logger()


class Announcer(Protocol):
    """Carries news to open pages and wake-ups to workers; must not raise when it can't."""

    def tell(self, news: Iterable[News]) -> None:
        """Sends each piece of news to those who may see its queue."""

    def wake(self, job: str) -> None:
        """Has a worker run `workers.jobs.<job>` now."""


class Silence:
    """An announcer for a process that nobody listens to; keeps what was said, so that tests can look."""

    def __init__(self) -> None:
        self.told: list[News] = []
        self.woken: list[str] = []

    def tell(self, news: Iterable[News]) -> None:
        """Remembers it."""
        self.told.extend(news)

    def wake(self, job: str) -> None:
        """Remembers it."""
        self.woken.append(job)


class Redis:
    """News and wake-ups over a Redis-compatible server; while it is gone they are dropped and counted in the log."""

    def __init__(self, url: str) -> None:
        self._connection = redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._jobs = rq.Queue(QUEUE, connection=self._connection)
        self._manager = socketio.RedisManager(
            url, write_only=True, redis_options={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        )
        self._gone_until = 0.0
        self._lost_some = False

    def tell(self, news: Iterable[News]) -> None:
        """One event to those who may hear the same of it."""
        heard: dict[tuple[str, str], list[News]] = defaultdict(list)
        for each in news:
            for place in rooms(each):
                heard[place].append(each)
        if self._rests():
            self._lost_some = True
            return
        with self._if_there("news"):
            if self._lost_some:
                self._tell_of_loss()
                self._lost_some = False
            number = self._numbered(heard)  # emit itself would only log, event by event, that the server is gone
            for namespace, alike, told in _grouped(heard):
                # A visitor hears that there is news, not which queue.
                words = {"news": told, "number": number} if namespace == DESK else {"news": []}
                self._manager.emit("news", words, namespace=namespace, room=alike)

    def wake(self, job: str) -> None:
        """A wake-up that waits too long is dropped: the sweep comes by. Run twice, a job finds nothing left to do."""
        if self._rests():
            return
        with self._if_there("wake-up"):
            self._jobs.enqueue(f"workers.jobs.{job}", ttl=WAKE_UP, result_ttl=0, failure_ttl=WAKE_UP)

    def _numbered(self, heard: Mapping[tuple[str, str], list[News]]) -> str:
        """Keeps what the desks are told, by room; gives the number of it."""
        told = {room: news for (namespace, room), news in heard.items() if namespace == DESK}
        return _text(self._connection.xadd(STREAM, {"told": json.dumps(told)}, maxlen=KEPT, approximate=True))

    def _tell_of_loss(self) -> None:
        """Every open page looks again: nobody knows what it did not hear."""
        number = _text(self._connection.xadd(STREAM, {"lost": "some"}, maxlen=KEPT, approximate=True))
        self._manager.emit("news", {"news": [], "number": number, "whole": False}, namespace=DESK)
        self._manager.emit("news", {"news": []}, namespace=CHAT)

    def _rests(self) -> bool:
        return time.monotonic() < self._gone_until

    @contextmanager
    def _if_there(self, what: str) -> Iterator[None]:
        try:
            yield
        except redis.RedisError as error:
            self._gone_until = time.monotonic() + REST
            self._lost_some = self._lost_some or what == "news"
            log.warning("news server is gone", lost=what, error=type(error).__name__)


announcer: Announcer = Silence()


def connect(url: str | None) -> Announcer:
    """Binds this process's news to the server at `url`; to nobody with None."""
    global announcer
    announcer = Redis(url) if url else Silence()
    return announcer


def rooms(news: News) -> list[tuple[str, str]]:
    """Who may hear it: desks that see one of its queues, those asked about its ticket, and the visitor of its chat."""
    heard = [(DESK, room_of(queue, confidential=news.get("confidential", False))) for queue in news["queues"]]
    if "ticket" in news and not news.get("confidential"):
        heard.append((DESK, room_of_asked(news["ticket"])))
    heard += [(DESK, room_of_agent(agent)) for agent in news.get("agents", ())]
    return [*heard, (CHAT, f"chat:{news['chat']}")] if news.get("chat") else heard


def room_of(queue: str, *, confidential: bool) -> str:
    """Where news of a queue's tickets is heard, or of those a rule made confidential."""
    return f"confidential:{queue}" if confidential else f"queue:{queue}"


def room_of_asked(reference: str) -> str:
    """Where news of a ticket is heard by those who see it because they were asked about it."""
    return f"asked:{reference}"


def room_of_agent(agent: int) -> str:
    """Where news for one person alone is heard."""
    return f"agent:{agent}"


def _grouped(heard: Mapping[tuple[str, str], list[News]]) -> Iterator[tuple[str, list[str], list[News]]]:
    """Rooms that hear the same, together: whoever is in two of them hears it once."""
    alike: dict[str, tuple[str, list[str], list[News]]] = {}
    for (namespace, room), told in heard.items():
        alike.setdefault(json.dumps([namespace, told]), (namespace, [], told))[1].append(room)
    yield from alike.values()


@dataclass(frozen=True)
class Since:
    """What was told after a number: the news for some rooms and the newest number; `whole` is False where some may be lost."""

    news: list[News]
    number: str
    whole: bool


def told_since(connection: Any, number: str, rooms: Collection[str]) -> Since:
    """What a desk in these rooms missed since this number, or since a moment, as its milliseconds and `-0`.

    A little of it may have been heard: the clocks of two servers differ. Whatever was told before the oldest piece that is
    kept, or to a server that was emptied, is lost: `whole` says so.
    """
    latest, oldest = connection.xrevrange(STREAM, count=1), connection.xrange(STREAM, count=1)
    newest = _text(latest[0][0]) if latest else ""
    if not _NUMBER.fullmatch(number) or not oldest or _place(_text(oldest[0][0])) > _place(number):
        return Since([], newest, whole=False)
    begin = max(0, int(number.partition("-")[0]) - OVERLAP)
    kept = [fields for _, fields in connection.xrange(STREAM, min=str(begin))]
    told = [json.loads(fields[b"told"]) for fields in kept if b"told" in fields]
    whole = len(told) == len(kept)
    return Since([news for each in told for room in rooms for news in each.get(room, ())], newest, whole=whole)


def _place(number: str) -> tuple[int, int]:
    milliseconds, _, turn = number.partition("-")
    return int(milliseconds), int(turn)


def _text(number: bytes | str) -> str:
    return number.decode() if isinstance(number, bytes) else number


@contextmanager
def change() -> Iterator[SessionType]:
    """One transaction; what it recorded in `note` is told and woken once it is committed."""
    with Session.begin() as session:
        yield session
        news, jobs = session.info.pop("news", []), session.info.pop("jobs", set())
    if news:
        announcer.tell(news)
    for job in sorted(jobs):
        announcer.wake(job)


def note(session: SessionType, news: News) -> None:
    """Tells this when the transaction is committed."""
    session.info.setdefault("news", []).append(news)


def wake_after(session: SessionType, job: str) -> None:
    """Wakes a worker for `job` when the transaction is committed."""
    session.info.setdefault("jobs", set()).add(job)
