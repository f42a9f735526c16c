"""Live news for open desks: who may hear which queue is decided when a desk connects."""

from typing import Any

import socketio
from flask import Flask


def create_server(redis_url: str, app: Flask) -> Any:
    """The Socket.IO server of one web process; processes hear each other over the Redis-compatible server."""
    manager = socketio.AsyncRedisManager(redis_url)
    return socketio.AsyncServer(async_mode="asgi", client_manager=manager, transports=["websocket"])
