"""The pages for agents, back offices and supervisors, and what every page needs."""

from flask import Flask


def set_up(app: Flask) -> None:
    """Adds the pages to the application."""
