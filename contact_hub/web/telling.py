"""The manager of the desks' connections: each piece of news is looked at once more for each desk before it is told."""

import asyncio
from typing import Any

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from contact_hub import live
from contact_hub.web.hearing import Hearing

EVENTS = ("news", "presence")
LOOK_AGAIN: dict[str, Any] = {"news": [], "whole": False}

log = structlog.get_logger()


class CheckingManager(socketio.AsyncRedisManager):  # type: ignore[misc] # socketio has no types
    """Tells desks what they may hear now; a room only says what they might hear when they entered it."""

    def __init__(self, url: str, hearing: Hearing, **options: Any) -> None:
        super().__init__(url, **options)
        self._hearing = hearing

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
        for sid in gone:
            await self.server.disconnect(sid, namespace=live.DESK)

    def _present(self, room: str | list[str] | None) -> set[str]:
        if live.DESK not in self.rooms:
            return set()
        return {sid for sid, _ in self.get_participants(live.DESK, room)}
