"""The interface for other systems under /api/v1, described by OpenAPI at /api/v1/openapi.json."""

from flask import Flask

from contact_hub.api import calls, drafts, file_schema, forms, replays, rules, tickets, why
from contact_hub.api.problems import Api


def set_up(app: Flask) -> None:
    """Adds the API to the application."""
    app.config.update(
        API_TITLE="Contact Hub",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(app)
    for part in (forms, rules, drafts, replays, file_schema, tickets, why, calls):
        api.register_blueprint(part.blueprint)
