"""Signing in at the municipality's own provider, by OpenID Connect with a code (PKCE), and coming back as somebody here."""

import structlog
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from joserfc.errors import JoseError
from requests.exceptions import RequestException
from werkzeug.wrappers import Response

from contact_hub import provider
from contact_hub.database import Session
from contact_hub.oidc import Provider
from contact_hub.tickets import Refused
from contact_hub.web.refusals import sentence
from contact_hub.web.security import settings_of
from contact_hub.web.sign_in import enters

blueprint = Blueprint("by_provider", __name__)
ONWARD = "onward"
log = structlog.get_logger()


@blueprint.get("/sign-in/provider")
def go() -> Response:
    """Leads to the provider."""
    client = _client()
    onward = request.args.get("next", "")
    try:
        answer: Response = client.authorize_redirect(f"{settings_of(current_app).public_url}{url_for('by_provider.back')}")
    except RequestException as error:
        return _failed(type(error).__name__)
    session[ONWARD] = onward
    return answer


@blueprint.get("/sign-in/provider/back")
def back() -> Response:
    """Back from the provider: whoever it says they are is let in, with the role and queues it says."""
    try:
        told = _client().authorize_access_token()
    except (OAuthError, RequestException, JoseError) as error:
        return _failed(type(error).__name__)
    try:
        with Session.begin() as database:
            agent = provider.welcome(database, _provider(), told["userinfo"])
    except Refused as refused:
        flash(sentence(refused), "refused")
        return redirect(url_for("sign_in.form"), 303)
    return enters(agent, session.pop(ONWARD, ""))


def _failed(why: str) -> Response:
    """The provider is away, or what came back is not what was asked for: nobody is let in."""
    log.warning("signing in by the provider failed", error=why)
    flash(_("Signing in did not work. Try again; if it stays so, tell your administrator."), "refused")
    return redirect(url_for("sign_in.form"), 303)


def _provider() -> Provider:
    found = settings_of(current_app).oidc
    return found or abort(404)


def _client() -> OAuth:
    """The client of this application, made when it is first used."""
    here = _provider()
    kept = current_app.extensions.get("provider")
    if kept is None:
        kept = current_app.extensions["provider"] = _registered(current_app, here)
    return kept


def _registered(app: Flask, here: Provider) -> OAuth:
    registry = OAuth(app)
    return registry.register(
        "provider",
        client_id=here.client_id,
        client_secret=here.client_secret or None,
        server_metadata_url=f"{here.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if here.client_secret else "none",
            "timeout": 10,
        },
    )
