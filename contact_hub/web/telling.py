"""The manager of the desks' connections: each piece of news is looked at once more for each desk before it is told.

Lists follow a moment later, all together; however many are open, most of the process is left to the news and the pages.
"""

import asyncio
import time
from typing import Any

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from contact_hub import live
from contact_hub.web.following import Following
from contact_hub.web.hearing import Hearing

EVENTS = ("news", "presence")
GATHER = 0.25  # seconds in which changes that come close together are told to lists as one
REST = 2  # times as long as it took to tell the lists, they wait for the next time
LOOK_AGAIN: dict[str, Any] = {"news": [], "whole": False}

log = structlog.get_logger()


class CheckingManager(socketio.AsyncRedisManager):  # type: ignore[misc] # socketio has no types
    """Tells desks what they may hear now; a room only says what they might hear when they entered it."""

    def __init__(self, url: str, hearing: Hearing, following: Following, **options: Any) -> None:
        super().__init__(url, **options)
        self._hearing = hearing
        self._following = following
        self._telling: asyncio.Task[None] | None = None

    async def _handle_emit(self, message: dict[str, Any]) -> None:
        if message.get("namespace") != live.DESK or message["event"] not in EVENTS:
            await super()._handle_emit(message)
            return
        present = self._present(message.get("room"))
        try:
            told, gone = await asyncio.to_thread(self._hearing.told, message["event"], message["data"][0], present)
        except SQLAlchemyError as error:
            log.warning("nobody can be told while the database is away", error=type(error).__name__)
            told, gone = ([(LOOK_AGAIN, present)] if message["event"] == "news" else []), set()
        for said, sids in told:
            await super()._handle_emit({**message, "data": [said], "skip_sid": sorted(present - sids)})
            self._following.heard(sids, said.get("news", ()))
        for sid in gone:
            await self.server.disconnect(sid, namespace=live.DESK)
        self.tell_lists()

    def tell_lists(self) -> None:
        """Soon, what became of the tickets that their desks heard of."""
        if self._following.waits and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._tell_lists())

    async def _tell_lists(self) -> None:
        rest = GATHER
        while self._following.waits:
            await asyncio.sleep(rest)
            heard, began = self._following.taken(), time.monotonic()
            try:
                event, told = "lines", await asyncio.to_thread(self._following.lines, heard)
            except SQLAlchemyError as error:
                log.warning("lists can't be told while the database is away", error=type(error).__name__)
                event, told = "news", [(LOOK_AGAIN, set(heard))]
            for said, sids in told:
                message = {"event": event, "namespace": live.DESK, "data": [said], "room": sorted(sids)}
                await super()._handle_emit(message)
            rest = max(GATHER, REST * (time.monotonic() - began))

    def _present(self, room: str | list[str] | None) -> set[str]:
        if live.DESK not in self.rooms:
            return set()
        return {sid for sid, _ in self.get_participants(live.DESK, room)}
