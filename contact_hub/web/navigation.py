"""The navigation of the desk: what each page says of itself, in order, for those whose work it is."""

from dataclasses import dataclass

from flask import Flask, current_app

from contact_hub.agents import Agent


@dataclass(frozen=True)
class Entry:
    """A page in the navigation; `title` is a lazy_gettext, `position` its place.

    `leads_only` hides it from agents, `administrators_only` from all but administrators.
    """

    endpoint: str
    title: object
    position: int = 50
    leads_only: bool = False
    administrators_only: bool = False


def build(app: Flask, entries: list[Entry]) -> None:
    """Makes `navigation(agent)` known to every template."""
    app.extensions["navigation"] = sorted(entries, key=lambda entry: entry.position)
    app.jinja_env.globals["navigation"] = navigation


def navigation(agent: Agent) -> list[Entry]:
    """The pages for this person, in order."""
    entries: list[Entry] = current_app.extensions["navigation"]
    administers = agent.role == "administrator"
    return [each for each in entries if (agent.leads or not each.leads_only) and (administers or not each.administrators_only)]
