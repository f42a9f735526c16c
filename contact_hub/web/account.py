"""One's own account: password, second factor, and where one is signed in."""

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from contact_hub import agent_sessions, live, passwords, second_factor, sign_ins
from contact_hub.agents import Agent
from contact_hub.database import Session, reading
from contact_hub.sign_ins import LockedOut
from contact_hub.tickets import Refused
from contact_hub.web import browsers
from contact_hub.web.people_at_work import for_agents, me, token_here
from contact_hub.web.refusals import sentence
from contact_hub.web.security import limiter, settings_of

blueprint = Blueprint("account", __name__)
Answer = str | Response | tuple[str, int]
GUESSES = "10 per minute"


@blueprint.get("/account")
@for_agents
def page() -> str:
    """What somebody can do about their own account."""
    return _page()


@blueprint.post("/account/password")
@limiter.limit(GUESSES)
@for_agents
def change_password() -> Answer:
    """Changes the password of somebody who knows it, and signs them out everywhere else."""
    try:
        _must_know_password()
        with live.change() as session:
            agent = session.get_one(Agent, me().id, with_for_update=True)
            passwords.choose(session, agent, request.form.get("password", ""), but=token_here())
    except Refused as refused:
        return _page(wrong=sentence(refused), about="password"), 422
    flash(_("Your new password is kept. Everywhere else you are signed out."))
    return redirect(url_for("account.page"), 303)


@blueprint.post("/account/sessions/end")
@for_agents
def end_others() -> Response:
    """Signs somebody out everywhere else."""
    with live.change() as session:
        agent_sessions.end_all(session, me().id, but=token_here())
    flash(_("Everywhere else you are signed out."))
    return redirect(url_for("account.page"), 303)


@blueprint.post("/account/second-factor")
@for_agents
def propose() -> Answer:
    """Shows a secret for an app to read."""
    try:
        with Session.begin() as session:
            address = second_factor.propose(session, me(), settings_of(current_app).secret_key)
    except Refused as refused:
        return _page(wrong=sentence(refused), about="factor"), 409
    return _proposed(address)


@blueprint.post("/account/second-factor/confirmation")
@limiter.limit(GUESSES)
@for_agents
def confirm() -> Answer:
    """The app works: from now on its code is asked for. The codes for the day it is lost are shown this once."""
    try:
        codes = sign_ins.tried(sign_ins.code_of(me().id), _codes_confirmed)
    except LockedOut:
        return _proposed(request.form.get("address", ""), wrong=sentence(Refused("too_many_tries"))), 429
    if codes is None:
        return _proposed(request.form.get("address", ""), wrong=sentence(Refused("code_wrong"))), 422
    return render_template("account/recovery.html", codes=codes)


@blueprint.post("/account/second-factor/off")
@limiter.limit(GUESSES)
@for_agents
def switch_off() -> Answer:
    """Asks for no code any more, of somebody who knows their password."""
    try:
        _must_know_password()
        _must_be_theirs_to_switch_off()
        with Session.begin() as session:
            second_factor.switch_off(session, me().id)
    except Refused as refused:
        return _page(wrong=sentence(refused), about="factor"), 422
    flash(_("No code is asked for any more."))
    return redirect(url_for("account.page"), 303)


def _must_know_password() -> None:
    """Guessing it here locks out as guessing it at the sign-in does. Raises Refused."""

    def known() -> Agent | None:
        with reading() as session:
            return sign_ins.check(session, me().email, request.form.get("now", ""))

    try:
        found = sign_ins.tried(me().email, known)
    except LockedOut as locked:
        raise Refused("too_many_tries") from locked
    if found is None:
        raise Refused("password_wrong")


def _must_be_theirs_to_switch_off() -> None:
    if me().role in settings_of(current_app).second_factor:
        raise Refused("factor_required")


def _codes_confirmed() -> list[str] | None:
    """The codes for the day the app is lost; None where its code was wrong."""
    try:
        with live.change() as session:
            codes = second_factor.confirm(session, me(), request.form.get("code", ""), settings_of(current_app).secret_key)
            agent_sessions.end_all(session, me().id, but=token_here())
            return codes
    except Refused:
        return None


def _page(*, wrong: str = "", about: str = "") -> str:
    with reading() as session:
        return render_template(
            "account/page.html",
            sessions=agent_sessions.of_agent(session, me().id),
            device_words=browsers.words,
            is_here=lambda kept: agent_sessions.is_of(kept, token_here()),
            must_have_factor=me().role in settings_of(current_app).second_factor,
            has_factor=second_factor.is_on(session, me().id),
            least=passwords.SHORTEST,
            wrong=wrong,
            about=about,
        )


def _proposed(address: str, *, wrong: str = "") -> str:
    """The secret as a picture and as text. An address that is not one of ours shows nothing."""
    is_ours = address.startswith("otpauth://totp/Contact%20Hub:")
    picture = Markup(segno.make(address).svg_inline(scale=5, border=2, dark="black", light="white")) if is_ours else Markup()  # noqa: S704
    secret = address.partition("secret=")[2].partition("&")[0] if is_ours else ""
    return render_template("account/factor.html", address=address, picture=picture, secret=secret, wrong=wrong)
