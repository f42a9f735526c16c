"""Saving a list with its filters, calling it otherwise, and throwing it away."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contact_hub import live, views
from contact_hub.tickets import Refused
from contact_hub.web.filters import filter_in
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence
from contact_hub.web.words import DOORS

blueprint = Blueprint("saved_views", __name__)


@blueprint.post("/desk/views")
@for_agents
def save() -> Response:
    """Keeps the list that is shown."""
    address: dict[str, Any] = filter_in(request.form, default="open", doors=list(DOORS)).address
    shared, _colon, queue = request.form.get("shared", "mine").partition(":")
    try:
        with live.change() as session:
            views.save(session, request.form.get("name", ""), address, by=me(), shared=shared, queue=queue)
        flash(_("Saved."), "view")
    except Refused as refused:
        flash(sentence(refused), "refused")
    return redirect(url_for("desk.inbox", **address), 303)


@blueprint.post("/desk/views/<int:number>")
@for_agents
def change(number: int) -> Response:
    """Calls it otherwise, or throws it away."""
    try:
        with live.change() as session:
            if request.form.get("do") == "forget":
                views.forget(session, number, by=me())
            else:
                views.rename(session, number, request.form.get("name", ""), by=me())
        flash(_("Changed."), "view")
    except Refused as refused:
        flash(sentence(refused), "refused")
    return redirect(url_for("desk.inbox"), 303)
