"""The navigation of the desk: what each page says of itself, in order, for those whose work it is."""

from dataclasses import dataclass

from flask import Flask

from contact_hub.agents import Agent


@dataclass(frozen=True)
class Entry:
    """A page in the navigation; `title` is a lazy_gettext, `position` its place, `leads_only` hides it from agents."""

    endpoint: str
    title: object
    position: int = 50
    leads_only: bool = False


def build(app: Flask, entries: list[Entry]) -> None:
    """Makes `navigation(agent)` known to every template."""
    in_order = sorted(entries, key=lambda entry: entry.position)

    def navigation(agent: Agent) -> list[Entry]:
        return [entry for entry in in_order if agent.leads or not entry.leads_only]

    app.jinja_env.globals["navigation"] = navigation
