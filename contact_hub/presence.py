"""Who looks at which ticket, and who writes in it: kept in the news server for a short while, and lost with it without harm."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import redis

from contact_hub.live import PATIENCE

STAYS = 45.0  # seconds after its last sign of life for which somebody counts as there; a page gives one every fifteen
_KEY = "contact-hub:here:"


@dataclass(frozen=True)
class Here:
    """Somebody with a ticket open, and whether they write in it."""

    agent: int
    name: str
    writes: bool


class Presence:
    """Signs of life by page: `page` is the connection of one open page, so that two of one person are two."""

    def __init__(self, url: str, *, stays: float = STAYS) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
        )
        self._stays = stays

    def sign(self, ticket: str, page: str, here: Here) -> None:
        """This page shows the ticket now. Raises redis.RedisError while the server is gone."""
        kept = json.dumps({"agent": here.agent, "name": here.name, "writes": here.writes, "until": time.time() + self._stays})
        self._redis.hset(_KEY + ticket, page, kept)
        self._redis.pexpire(_KEY + ticket, int(self._stays * 2000))

    def leave(self, ticket: str, page: str) -> None:
        """It shows it no more."""
        self._redis.hdel(_KEY + ticket, page)

    def who(self, tickets: Iterable[str]) -> dict[str, list[Here]]:
        """Who is there, by ticket, each person once; tickets nobody looks at are left out."""
        asked = list(tickets)
        pipeline = self._redis.pipeline(transaction=False)
        for ticket in asked:
            pipeline.hvals(_KEY + ticket)
        found = {ticket: _once(values) for ticket, values in zip(asked, pipeline.execute(), strict=True)} if asked else {}
        return {ticket: people for ticket, people in found.items() if people}


def _once(values: Iterable[str]) -> list[Here]:
    """Who writes on one of their pages writes."""
    people: dict[int, Here] = {}
    for each in map(json.loads, values):
        if each["until"] > time.time():
            before = people.get(each["agent"])
            writes = each["writes"] or bool(before and before.writes)
            people[each["agent"]] = Here(each["agent"], each["name"], writes)
    return sorted(people.values(), key=lambda here: (not here.writes, here.name))
