"""Live news for open desks: who may hear of which tickets is decided when a desk connects, and again whenever it asks.

Who looks at a ticket, or writes in it, is told to the desks that see the ticket whole, and to no others.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import redis
import socketio
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contact_hub import live, tickets
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.presence import Here, Presence
from contact_hub.references import number_in
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, asked_about, by_queue, queues_in_sight, sight, sight_of
from contact_hub.web import people_at_work
from contact_hub.web.following import Following
from contact_hub.web.hearing import Hearing
from contact_hub.web.telling import CheckingManager

MOST_ASKED = 200  # tickets a desk asks about at once
PATIENCE = {"socket_connect_timeout": live.PATIENCE}


def create_server(redis_url: str, app: Flask) -> Any:
    """The Socket.IO server of one web process; processes hear each other over the Redis-compatible server."""
    hearing = Hearing()
    following = Following(app, hearing)
    manager = CheckingManager(redis_url, hearing, following, redis_options=PATIENCE)
    server = socketio.AsyncServer(async_mode="asgi", client_manager=manager, transports=["websocket"])
    server.register_namespace(DeskNamespace(live.DESK, app, redis_url, hearing, following))
    return server


class DeskNamespace(socketio.AsyncNamespace):  # type: ignore[misc] # socketio has no types
    """The desks of signed-in agents."""

    def __init__(self, namespace: str, app: Flask, redis_url: str, hearing: Hearing, following: Following) -> None:
        super().__init__(namespace)
        self._app = app
        self._told = redis.Redis.from_url(redis_url, socket_timeout=live.PATIENCE, socket_connect_timeout=live.PATIENCE)
        self._presence = Presence(redis_url)
        self._looks_at: dict[str, tuple[str, str]] = {}  # by connection: the reference, and the room that is told
        self._hearing = hearing
        self._following = following

    async def on_connect(self, sid: str, environ: Mapping[str, Any]) -> None:
        """Lets an agent hear of the tickets they see whole; refuses everybody else."""
        found = await asyncio.to_thread(_rooms_heard, self._app, environ)
        if found is None:
            raise socketio.exceptions.ConnectionRefusedError("signed out")
        token, rooms = found
        self._hearing.opened(sid, token)
        await self._hear(sid, rooms)

    async def on_still_here(self, sid: str) -> int:
        """A desk asks now and then: what its agent no longer sees it no longer hears, and a closed account hears nothing.

        Gives how many desks are open, among whom it shares the time of this process.
        """
        await self._look_again(sid)
        return len(self._hearing.desks) if sid in self._hearing.desks else 0

    async def on_resume(self, sid: str, number: object) -> dict[str, Any]:
        """What a desk missed since the number it heard last: `{"news": …, "number": …, "whole": …, "desks": …}`."""
        await self._look_again(sid)
        heard = {room for room in self.rooms(sid) if room != sid}
        try:
            since = await asyncio.to_thread(live.told_since, self._told, str(number), heard)
        except redis.RedisError:
            since = live.Since([], "", whole=False)
        self._following.heard([sid], since.news)
        self.server.manager.tell_lists()
        return {**asdict(since), "desks": len(self._hearing.desks)}

    async def on_follow(self, sid: str, query: object, end: object = "") -> None:
        """A desk shows the list of this query, whose page ends at this place; an empty query where nobody looks at it."""
        self._following.follow(sid, str(query), str(end))

    async def on_look(self, sid: str, reference: object, writes: object = False) -> list[dict[str, Any]]:
        """A page shows this ticket, and somebody writes there or not: the others hear of it. Gives who else is there."""
        environ = self.server.get_environ(sid, self.namespace)
        seen = await asyncio.to_thread(_looks, self._app, environ, str(reference)) if environ else None
        if seen is None:
            await self._leave(sid)
            return []
        agent, ticket, room = seen
        if self._looks_at.get(sid, ("", ""))[0] != ticket:
            await self._leave(sid)
        before = self._looks_at.get(sid, (ticket, room))[1]
        self._looks_at[sid] = (ticket, room)
        here = Here(agent.id, agent.name, bool(writes))
        return await self._tell(ticket, before, lambda: self._presence.sign(ticket, sid, here))

    async def on_who(self, sid: str, references: object) -> dict[str, list[dict[str, Any]]]:
        """Who looks at these tickets, of those that this desk sees whole."""
        environ = self.server.get_environ(sid, self.namespace)
        asked = [str(each) for each in references[:MOST_ASKED]] if isinstance(references, list) else []
        seen = await asyncio.to_thread(_whole, self._app, environ, asked) if environ else []
        try:
            found = await asyncio.to_thread(self._presence.who, seen)
        except redis.RedisError:
            return {}
        return {ticket: [asdict(here) for here in people] for ticket, people in found.items()}

    async def on_disconnect(self, sid: str, *_reason: object) -> None:
        """Whoever goes is no longer there."""
        self._hearing.desks.pop(sid, None)
        self._following.forget(sid)
        await self._leave(sid)

    async def _leave(self, sid: str) -> None:
        ticket, room = self._looks_at.pop(sid, ("", ""))
        if ticket:
            await self._tell(ticket, room, lambda: self._presence.leave(ticket, sid))

    async def _tell(self, ticket: str, room: str, change: Callable[[], None]) -> list[dict[str, Any]]:
        """Changes who is there, and tells those who see the ticket now; a room that saw it before hears that nobody is."""
        try:
            before, after = await asyncio.to_thread(self._changed, ticket, change)
        except redis.RedisError:
            return []  # somebody seems alone until the server is back
        people = [asdict(here) for here in after]
        now_in = await asyncio.to_thread(_room_now, ticket)
        if room != now_in:
            await self.emit("presence", {"ticket": ticket, "people": []}, room=room)
        if now_in and (before != after or room != now_in):
            await self.emit("presence", {"ticket": ticket, "people": people}, room=now_in)
        return people

    def _changed(self, ticket: str, change: Callable[[], None]) -> tuple[list[Here], list[Here]]:
        before = self._presence.who([ticket]).get(ticket, [])
        change()
        return before, self._presence.who([ticket]).get(ticket, [])

    async def _look_again(self, sid: str) -> None:
        """What its agent no longer sees this desk no longer hears; where nobody is signed in any more it is cut."""
        environ = self.server.get_environ(sid, self.namespace)
        found = await asyncio.to_thread(_rooms_heard, self._app, environ) if environ else None
        if found is None:
            self._hearing.desks.pop(sid, None)
            await self.disconnect(sid)
        else:
            await self._hear(sid, found[1])

    async def _hear(self, sid: str, wanted: set[str]) -> None:
        heard = {room for room in self.rooms(sid) if room != sid}
        for room in heard - wanted:
            await self.leave_room(sid, room)
        for room in wanted - heard:
            await self.enter_room(sid, room)


def _rooms_heard(app: Flask, environ: Mapping[str, Any]) -> tuple[str, set[str]] | None:
    """The token of the agent behind this cookie, and where they hear of the tickets they see whole; None for nobody."""
    with app.request_context({**environ, "wsgi.input": None}):
        agent, token = people_at_work.who(), people_at_work.token_here()
    if agent is None:
        return None
    with reading() as session:
        queues = queues_in_sight(session, agent, Sight.FULL).values()
        asked = [ticket.reference for ticket in session.scalars(select(Ticket).where(asked_about(agent)))]
    of_queues = {
        live.room_of(queue.id, confidential=confidential)
        for queue in queues
        for confidential in (False, True)
        if sight(agent, queue, confidential=confidential) == Sight.FULL
    }
    return token, of_queues | {live.room_of_asked(each) for each in asked} | {live.room_of_agent(agent.id)}


def _looks(app: Flask, environ: Mapping[str, Any], reference: str) -> tuple[Agent, str, str] | None:
    """Who looks, at which ticket, and the room of those who see it whole; None where this one does not."""
    with app.request_context({**environ, "wsgi.input": None}):
        agent = people_at_work.who()
    with reading() as session:
        ticket = tickets.find(session, reference) if agent else None
        if agent is None or ticket is None or sight_of(agent, ticket) != Sight.FULL:
            return None
        return agent, ticket.reference, live.room_of(ticket.queue_id, confidential=ticket.confidential)


def _room_now(reference: str) -> str:
    """Where those are who see the ticket whole at this moment; empty where it is gone."""
    with reading() as session:
        ticket = tickets.find(session, reference)
        return live.room_of(ticket.queue_id, confidential=ticket.confidential) if ticket else ""


def _whole(app: Flask, environ: Mapping[str, Any], references: Sequence[str]) -> list[str]:
    """Of these tickets those that are seen whole."""
    with app.request_context({**environ, "wsgi.input": None}):
        agent = people_at_work.who()
    if agent is None:
        return []
    with reading() as session:
        numbers = [number for each in references if (number := number_in(each))]
        found = session.scalars(select(Ticket).where(Ticket.id.in_(numbers)).options(joinedload(Ticket.queue)))
        return [ticket.reference for ticket in found if by_queue(agent, ticket) == Sight.FULL]
