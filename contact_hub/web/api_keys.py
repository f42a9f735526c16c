"""One's own keys for the API: made here and shown once, seen by name and last use, and revoked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contact_hub import api_keys
from contact_hub.database import Session, reading
from contact_hub.tickets import Refused
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence
from contact_hub.web.security import limiter

blueprint = Blueprint("api_keys", __name__)
Answer = str | tuple[str, int]


@blueprint.get("/account/keys")
@for_agents
def page() -> str:
    """Which keys there are, and a form for another."""
    return _page()


@blueprint.post("/account/keys")
@limiter.limit("10 per minute")
@for_agents
def make() -> Answer:
    """Makes a key and shows it, this once."""
    try:
        with Session.begin() as session:
            key = api_keys.make(session, me(), request.form.get("name", ""))
    except Refused as refused:
        return _page(wrong=sentence(refused)), 422
    return _page(made=key), 201


@blueprint.post("/account/keys/<int:number>/revocation")
@for_agents
def revoke(number: int) -> Response:
    """Closes the door to whoever has it."""
    with Session.begin() as session:
        api_keys.revoke(session, number, me().id)
    flash(_("Revoked: whoever has this key does not come in any more."))
    return redirect(url_for("api_keys.page"), 303)


def _page(*, made: str = "", wrong: str = "") -> str:
    with reading() as session:
        keys = api_keys.of_agent(session, me().id)
        return render_template("account/keys.html", keys=keys, made=made, wrong=wrong)
