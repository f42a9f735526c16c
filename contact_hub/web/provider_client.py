"""The provider as this application talks to it: where to go to sign in, and where to sign out there too."""

from urllib.parse import urlencode

import structlog
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, current_app, url_for
from requests.exceptions import RequestException

from contact_hub.oidc import Provider
from contact_hub.web.security import settings_of

log = structlog.get_logger()


def provider_here() -> Provider:
    """The provider of the settings; answers 404 where there is none."""
    return settings_of(current_app).oidc or abort(404)


def client() -> OAuth:
    """The client of this application, made when it is first used."""
    here = provider_here()
    kept = current_app.extensions.get("provider")
    if kept is None:
        kept = current_app.extensions["provider"] = _registered(current_app, here)
    return kept


def way_out(id_token: str) -> str:
    """Where the provider signs out whom it gave this token, and leads back (OpenID Connect RP-Initiated Logout 1.0).

    Empty where nobody came by the provider, or where it does not say.
    """
    here = settings_of(current_app).oidc
    if here is None or not id_token:
        return ""
    try:
        place = str(client().load_server_metadata().get("end_session_endpoint", ""))
    except RequestException as error:
        log.warning("the provider did not say where to sign out", error=type(error).__name__)
        place = ""
    if not place:
        return ""
    home = f"{settings_of(current_app).public_url}{url_for('sign_in.form')}"
    asked = {"id_token_hint": id_token, "client_id": here.client_id, "post_logout_redirect_uri": home}
    return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"


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
