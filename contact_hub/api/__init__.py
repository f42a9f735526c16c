"""The interface for other systems under /api/v1, described by OpenAPI."""

from flask import Flask


def set_up(app: Flask) -> None:
    """Adds the API to the application."""
