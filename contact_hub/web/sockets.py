"""Live news for open desks: who may hear of which tickets is decided when a desk connects, and again whenever it asks."""

import asyncio
from collections.abc import Mapping
from typing import Any

import socketio
from flask import Flask

from contact_hub import live
from contact_hub.database import reading
from contact_hub.visibility import Sight, queues_in_sight, sight
from contact_hub.web import people_at_work

PATIENCE = {"socket_connect_timeout": live.PATIENCE}


def create_server(redis_url: str, app: Flask) -> Any:
    """The Socket.IO server of one web process; processes hear each other over the Redis-compatible server."""
    manager = socketio.AsyncRedisManager(redis_url, redis_options=PATIENCE)
    server = socketio.AsyncServer(async_mode="asgi", client_manager=manager, transports=["websocket"])
    server.register_namespace(DeskNamespace(live.DESK, app))
    return server


class DeskNamespace(socketio.AsyncNamespace):  # type: ignore[misc] # socketio has no types
    """The desks of signed-in agents."""

    def __init__(self, namespace: str, app: Flask) -> None:
        super().__init__(namespace)
        self._app = app

    async def on_connect(self, sid: str, environ: Mapping[str, Any]) -> None:
        """Lets an agent hear of the tickets they see whole; refuses everybody else."""
        rooms = await asyncio.to_thread(_rooms_heard, self._app, environ)
        if rooms is None:
            raise socketio.exceptions.ConnectionRefusedError("signed out")
        await self._hear(sid, rooms)

    async def on_still_here(self, sid: str) -> bool:
        """A desk asks now and then: what its agent no longer sees it no longer hears, and a closed account hears nothing."""
        environ = self.server.get_environ(sid, self.namespace)
        rooms = await asyncio.to_thread(_rooms_heard, self._app, environ) if environ else None
        if rooms is None:
            await self.disconnect(sid)
            return False
        await self._hear(sid, rooms)
        return True

    async def _hear(self, sid: str, wanted: set[str]) -> None:
        heard = {room for room in self.rooms(sid) if room != sid}
        for room in heard - wanted:
            await self.leave_room(sid, room)
        for room in wanted - heard:
            await self.enter_room(sid, room)


def _rooms_heard(app: Flask, environ: Mapping[str, Any]) -> set[str] | None:
    """Where the agent behind this cookie hears of the tickets they see whole; None where there is no agent."""
    with app.request_context({**environ, "wsgi.input": None}):
        agent = people_at_work.who()
    if agent is None:
        return None
    with reading() as session:
        queues = queues_in_sight(session, agent, Sight.FULL).values()
    return {
        live.room_of(queue.id, confidential=confidential)
        for queue in queues
        for confidential in (False, True)
        if sight(agent, queue, confidential=confidential) == Sight.FULL
    }
