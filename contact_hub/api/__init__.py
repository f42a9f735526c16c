"""The interface for other systems under /api/v1, described by OpenAPI at /api/v1/openapi.json."""

from flask import Flask

from contact_hub.api import (
    bulk,
    calls,
    drafts,
    file_schema,
    forms,
    lists,
    persons,
    replays,
    rules,
    tickets,
    together,
    why,
    writing,
)
from contact_hub.api.problems import Api

PARTS = (forms, rules, drafts, replays, file_schema, tickets, why, calls, lists, writing, bulk, persons, together)
KEY = {"type": "http", "scheme": "bearer", "description": "a key made under My account, Keys for the API"}


def set_up(app: Flask) -> None:
    """Adds the API to the application."""
    app.config.update(
        API_TITLE="Contact Hub",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"components": {"securitySchemes": {"key": KEY}}, "security": [{"key": []}, {}]},
    )
    api = Api(app)
    for part in PARTS:
        api.register_blueprint(part.blueprint)
