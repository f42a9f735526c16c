"""Signing in at the municipality's own provider, by OpenID Connect with a code (PKCE), and coming back as somebody here."""

import structlog
from authlib.integrations.base_client.errors import OAuthError
from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from joserfc.errors import JoseError
from requests.exceptions import RequestException
from werkzeug.wrappers import Response

from contact_hub import live, provider
from contact_hub.tickets import Refused
from contact_hub.web.provider_client import client, provider_here
from contact_hub.web.refusals import sentence
from contact_hub.web.security import settings_of
from contact_hub.web.sign_in import enters

blueprint = Blueprint("by_provider", __name__)
ONWARD = "onward"
log = structlog.get_logger()


@blueprint.get("/sign-in/provider")
def go() -> Response:
    """Leads to the provider."""
    onward = request.args.get("next", "")
    try:
        answer: Response = client().authorize_redirect(f"{settings_of(current_app).public_url}{url_for('by_provider.back')}")
    except RequestException as error:
        return _failed(type(error).__name__)
    session[ONWARD] = onward
    return answer


@blueprint.get("/sign-in/provider/back")
def back() -> Response:
    """Back from the provider: whoever it says they are is let in, with the role and queues it says."""
    try:
        told = client().authorize_access_token()
    except (OAuthError, RequestException, JoseError) as error:
        return _failed(type(error).__name__)
    try:
        with live.change() as database:
            agent = provider.welcome(database, provider_here(), told["userinfo"])
    except Refused as refused:
        with live.change() as database:
            provider.shut_out(database, provider_here(), told["userinfo"])
        flash(sentence(refused), "refused")
        return redirect(url_for("sign_in.form"), 303)
    return enters(agent, session.pop(ONWARD, ""), id_token=str(told.get("id_token", "")))


def _failed(why: str) -> Response:
    """The provider is away, or what came back is not what was asked for: nobody is let in."""
    log.warning("signing in by the provider failed", error=why)
    flash(_("Signing in did not work. Try again; if it stays so, tell your administrator."), "refused")
    return redirect(url_for("sign_in.form"), 303)
