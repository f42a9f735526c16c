"""Signing in and out."""

import structlog
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from contact_hub import sign_ins
from contact_hub.agents import Agent
from contact_hub.database import Session, reading
from contact_hub.settings import DEMO_PASSWORD
from contact_hub.sign_ins import LockedOut
from contact_hub.web import people_at_work
from contact_hub.web.preferences import local_path
from contact_hub.web.security import limiter, settings_of
from contact_hub.web.words import clock

blueprint = Blueprint("sign_in", __name__)
ATTEMPTS = "10 per minute; 60 per hour"
log = structlog.get_logger()


@blueprint.get("/sign-in")
def form() -> str | Response:
    """The page to sign in; whoever is signed in goes on to the desk."""
    if people_at_work.who():
        return redirect(local_path(request.args.get("next")))
    return _page(email="", wrong="")


@blueprint.post("/sign-in")
@limiter.limit(ATTEMPTS)
def enter() -> str | tuple[str, int] | Response:
    """Lets the person with this address and password in."""
    email = request.form.get("email", "")
    try:
        with reading() as database:
            agent = sign_ins.check(database, email, request.form.get("password", ""))
    except LockedOut as locked:
        log.warning("an address is locked out for a while")
        wrong = _("Too many wrong passwords for this address. Try again after %(time)s.", time=clock(locked.until))
        return _page(email=email, wrong=wrong), 429
    with Session.begin() as database:
        (sign_ins.forget_wrong if agent else sign_ins.note_wrong)(database, email)
    if agent is None:
        return _page(email=email, wrong=_("This address and password don't belong together. Try again.")), 422
    session.clear()
    session.permanent = True
    login_user(people_at_work.SignedIn(agent))
    return redirect(local_path(request.form.get("next")), 303)


@blueprint.post("/sign-out")
def leave() -> Response:
    """Ends the session of this browser, and leaves no half-written answer in it for the next person."""
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    response = redirect(url_for("sign_in.form"), 303)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _page(*, email: str, wrong: str) -> str:
    onward = request.values.get("next", "")
    return render_template(
        "sign_in.html", email=email, wrong=wrong, onward=onward, demo_people=_demo_people(), demo_password=DEMO_PASSWORD
    )


def _demo_people() -> list[Agent]:
    """With invented data everybody may walk in as anybody: the people to choose from."""
    if not settings_of(current_app).demo:
        return []
    with reading() as database:
        return list(database.scalars(select(Agent).where(Agent.active).order_by(Agent.id).limit(6)))
