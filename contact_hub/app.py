"""Joins the parts into one application: pages, API and doors in Flask, live news in Socket.IO beside it."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, cast

import socketio
from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from flask import Flask

from contact_hub import api, process, web
from contact_hub.settings import Settings
from contact_hub.web import sockets

THREADS = 8  # requests one web process answers at a time
UPLOAD = 30 << 20  # bytes a request may bring along


def create_app(settings: Settings) -> Flask:
    """The pages, the API and the endpoints of every door; the process is bound to its settings already."""
    app = Flask("contact_hub", template_folder="web/templates", static_folder="web/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        HUB=settings,
        MAX_CONTENT_LENGTH=UPLOAD,
        SESSION_COOKIE_NAME="contact_hub",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
    )
    web.set_up(app, doors())
    api.set_up(app)
    for door in doors():
        if hasattr(door, "blueprint"):
            app.register_blueprint(door.blueprint)
    return app


def create_asgi(settings: Settings) -> Any:
    """The whole application for uvicorn."""
    process.bind(settings)
    return with_news(create_app(settings), settings)


def with_news(app: Flask, settings: Settings) -> Any:
    """Socket.IO (websocket only, so any web process serves any desk) before the pages."""
    server = sockets.create_server(settings.redis_url, app)
    for door in doors():
        if hasattr(door, "listen"):
            door.listen(server, settings)
    pages = cast(WSGIApp, app)  # Flask types what WSGI hands it by a name of its own
    return socketio.ASGIApp(server, WSGIMiddleware(pages, workers=THREADS))


def doors() -> Iterator[ModuleType]:
    """The modules of every door, found by the entry-point group `contact_hub.channels`.

    A door may have a `blueprint` (Flask) with its endpoints, a `menu` with its places in the navigation, and
    `listen(server, settings)` for its live events.
    """
    for entry in sorted(entry_points(group="contact_hub.channels"), key=lambda each: each.name):
        yield entry.load()
