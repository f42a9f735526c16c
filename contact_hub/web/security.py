"""What keeps pages safe: tokens against forged requests, strict headers, and limits on how often somebody may try."""

from typing import cast

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from contact_hub.settings import Settings

API = "/api/"
PATIENCE = 1  # seconds the limiter waits for the Redis-compatible server before it counts in memory

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True, swallow_errors=True, headers_enabled=True)


def protect(app: Flask) -> None:
    """Guards every request and answer of the application.

    The API is not asked for a token here: most of it takes no cookie as proof of who speaks, and what serves people who are
    signed in asks for one itself (`api.signed_in`). Nor is a view with the attribute `without_token`, for public forms that
    anybody may post from anywhere.
    """
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    app.config.update(
        RATELIMIT_STORAGE_URI=settings_of(app).redis_url,
        RATELIMIT_STORAGE_OPTIONS={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE},
    )
    limiter.init_app(app)
    app.before_request(_demand_token)
    app.after_request(_harden)


def settings_of(app: Flask) -> Settings:
    """The settings the application was made with."""
    return cast(Settings, app.config["HUB"])


def _demand_token() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if not request.path.startswith(API) and not getattr(view, "without_token", False):
        csrf.protect()


def _harden(response: Response) -> Response:
    sockets = f"{'wss' if request.is_secure else 'ws'}://{request.host}"
    oidc = settings_of(current_app).oidc
    leaves = f" {oidc.origin}" if oidc else ""  # a form of this page, to sign out, leads there in the end
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {sockets}; frame-src 'self'; manifest-src 'self'; form-action 'self'{leaves}; base-uri 'none'; "
        f"frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if settings_of(current_app).secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
