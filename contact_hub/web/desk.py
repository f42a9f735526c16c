"""The inbox: queues with what waits in them, and the tickets of one view."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from contact_hub.database import reading
from contact_hub.web import listing
from contact_hub.web.listing import VIEWS, Desk, Filter
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.words import DOORS

blueprint = Blueprint("desk", __name__)
menu = (Entry("desk.inbox", _l("Inbox"), position=10),)
TITLES = {
    "team": _l("My queues"),
    "mine": _l("My tickets"),
    "unassigned": _l("Nobody's yet"),
    "open": _l("All open"),
    "resolved": _l("Resolved"),
}


@blueprint.get("/desk")
@for_agents
def start() -> Response:
    """Where an agent begins the day."""
    return redirect(url_for("desk.inbox"))


@blueprint.get("/desk/inbox")
@for_agents
def inbox() -> str:
    """The list of tickets, as the address asks for it."""
    agent = me()
    wanted = _wanted(default="team" if agent.queue_ids else "open")
    with reading() as session:
        desk = Desk.of(session, agent)
        return render_template(
            "desk/inbox.html",
            desk=desk,
            wanted=wanted,
            queue=desk.queues.get(wanted.queue),
            page=listing.page(session, desk, wanted),
            counts=listing.counts(session, desk),
            titles=TITLES,
            address=lambda **changed: _address(wanted, **changed),
        )


def _wanted(default: str) -> Filter:
    given = request.args
    view, door = given.get("view", ""), given.get("door", "")
    queue = given.get("queue", "")
    return Filter(
        view=view if view in VIEWS else "open" if queue else default,
        queue=queue,
        door=door if door in DOORS else "",
        after=given.get("after", ""),
    )


def _address(wanted: Filter, **changed: str) -> str:
    """The inbox with other filters; the first page of them unless told otherwise."""
    parts: dict[str, Any] = {"view": wanted.view, "queue": wanted.queue, "door": wanted.door} | changed
    return url_for("desk.inbox", **{name: value for name, value in parts.items() if value})
