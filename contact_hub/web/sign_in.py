"""Signing in and out."""

import structlog
from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from contact_hub import live, passwords, second_factor, sign_ins
from contact_hub.agents import Agent
from contact_hub.database import Session, reading
from contact_hub.settings import DEMO_PASSWORD
from contact_hub.sign_ins import LockedOut
from contact_hub.tickets import Refused
from contact_hub.web import people_at_work
from contact_hub.web.preferences import local_path
from contact_hub.web.provider_client import way_out
from contact_hub.web.refusals import sentence
from contact_hub.web.security import limiter, settings_of
from contact_hub.web.words import clock

blueprint = Blueprint("sign_in", __name__)
ATTEMPTS = "10 per minute; 60 per hour"
HALF = "half"
HALF_LASTS = 300  # seconds between the password and the code
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
        agent = sign_ins.tried(email, lambda: _person(email, request.form.get("password", "")))
    except LockedOut as locked:
        log.warning("an address is locked out for a while")
        wrong = _("Too many wrong passwords for this address. Try again after %(time)s.", time=clock(locked.until))
        return _page(email=email, wrong=wrong), 429
    if agent is None:
        return _page(email=email, wrong=_("This address and password don't belong together. Try again.")), 422
    return enters(agent, request.form.get("next"))


def enters(agent: Agent, onward: str | None, *, id_token: str = "") -> Response:
    """Lets somebody in who said who they are; first asks for a code where they have a second factor."""
    with reading() as database:
        asks = second_factor.is_on(database, agent.id)
    if not asks:
        people_at_work.let_in(agent, id_token)
        return redirect(local_path(onward), 303)
    session.clear()
    session[HALF] = _signer().dumps([agent.id, onward or "", id_token])
    return redirect(url_for("sign_in.code"), 303)


@blueprint.get("/sign-in/code")
def code() -> str | Response:
    """Asks for the code of the second factor."""
    return redirect(url_for("sign_in.form")) if _half() is None else render_template("sign_in_code.html", wrong="")


@blueprint.post("/sign-in/code")
@limiter.limit(ATTEMPTS)
def enter_code() -> str | tuple[str, int] | Response:
    """Lets in whoever has the code too; guessing it locks out as guessing the password does."""
    half = _half()
    if half is None:
        return redirect(url_for("sign_in.form"), 303)
    number, onward, id_token = half
    try:
        agent = sign_ins.tried(sign_ins.code_of(number), lambda: _person_with_code(number, request.form.get("code", "")))
    except LockedOut as locked:
        log.warning("a second factor is locked out for a while")
        wrong = _("Too many wrong codes. Try again after %(time)s.", time=clock(locked.until))
        return render_template("sign_in_code.html", wrong=wrong), 429
    if agent is None:
        return render_template("sign_in_code.html", wrong=_("That is not the code of now. Wait for the next one.")), 422
    people_at_work.let_in(agent, id_token)
    return redirect(local_path(onward), 303)


@blueprint.get("/sign-in/forgotten")
def forgotten() -> str:
    """Asks for the address to send a link to."""
    return render_template("forgotten.html", asked=False, can_send=_can_send())


@blueprint.post("/sign-in/forgotten")
@limiter.limit("5 per minute; 20 per hour")
def ask_for_link() -> str:
    """Sends a link to whoever has the address; the answer is the same for those who have none."""
    with live.change() as database:
        passwords.ask_for_link(database, request.form.get("email", ""))
    return render_template("forgotten.html", asked=True, can_send=_can_send())


@blueprint.get("/sign-in/password/<token>")
def new_password(token: str) -> str | tuple[str, int]:
    """Asks for a new password, by a link that is still good."""
    with reading() as database:
        is_good = passwords.link_of(database, token, settings_of(current_app).secret_key) is not None
    page = render_template("choose_password.html", is_good=is_good, wrong="", least=passwords.SHORTEST)
    return page if is_good else (page, 410)


@blueprint.post("/sign-in/password/<token>")
@limiter.limit(ATTEMPTS)
def choose_password(token: str) -> str | tuple[str, int] | Response:
    """Makes it the password, once; whoever chose it signs in with it."""
    try:
        with live.change() as database:
            link = passwords.link_of(database, token, settings_of(current_app).secret_key, to_use=True)
            if link is None:
                return render_template("choose_password.html", is_good=False, wrong="", least=passwords.SHORTEST), 410
            agent = database.get_one(Agent, link.agent_id, with_for_update=True)
            passwords.choose(database, agent, request.form.get("password", ""))
    except Refused as refused:
        page = render_template("choose_password.html", is_good=True, wrong=sentence(refused), least=passwords.SHORTEST)
        return page, 422
    flash(_("Your new password is kept. Sign in with it."))
    return redirect(url_for("sign_in.form"), 303)


@blueprint.get("/sign-in/here")
@people_at_work.for_agents
def here() -> Response:
    """Who is signed in, and the token of their forms: a page that was signed out for a while goes on with it."""
    return jsonify(agent=people_at_work.me().id, token=generate_csrf())


@blueprint.post("/sign-out")
def leave() -> Response:
    """Ends the session of this browser, and at the provider; leaves no half-written answer in it for the next person."""
    id_token = people_at_work.let_out()
    flash(_("You are signed out."))
    response = redirect(way_out(id_token) or url_for("sign_in.form"), 303)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _person(email: str, password: str) -> Agent | None:
    with reading() as database:
        return sign_ins.check(database, email, password)


def _person_with_code(number: int, code: str) -> Agent | None:
    """Whose code it is; their account may have been closed since they said the password."""
    with Session.begin() as database:
        is_right = second_factor.accepts(database, number, code, settings_of(current_app).secret_key)
        agent = database.get_one(Agent, number)
        return agent if is_right and agent.active else None


def _half() -> tuple[int, str, str] | None:
    """Who said the right password a moment ago, and where they were going."""
    try:
        number, onward, id_token = _signer().loads(session.get(HALF, ""), max_age=HALF_LASTS)
    except (BadData, ValueError):
        return None
    return int(number), str(onward), str(id_token)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings_of(current_app).secret_key, salt="said the password")


def _can_send() -> bool:
    return bool(settings_of(current_app).smtp_url)


def _page(*, email: str, wrong: str) -> str:
    return render_template(
        "sign_in.html",
        provider=settings_of(current_app).oidc,
        email=email,
        wrong=wrong,
        onward=request.values.get("next", ""),
        demo_people=_demo_people(),
        demo_password=DEMO_PASSWORD,
    )


def _demo_people() -> list[Agent]:
    """With invented data everybody may walk in as anybody: the people to choose from."""
    if not settings_of(current_app).demo:
        return []
    with reading() as database:
        return list(database.scalars(select(Agent).where(Agent.active).order_by(Agent.id).limit(6)))
