"""How the hub asks for access tokens where a mailbox or a mail server wants OAuth2 instead of a password."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

MICROSOFT_365 = "https://outlook.office365.com/.default"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class BadOAuth(ValueError):
    """What is set for OAuth2 can't be used; the message says which setting, and holds no secret."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Who the hub is for the token server. With a refresh token it asks by that, without one by its own credentials alone.

    `secret_expires` is the last day on which the secret is good, as whoever made it wrote down; None where nobody did.
    """

    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = MICROSOFT_365
    refresh_token: str = field(default="", repr=False)
    secret_expires: date | None = None

    @property
    def grant(self) -> str:
        """Names what was granted without telling it: another refresh token in the settings is another grant."""
        parts = (self.token_url, self.client_id, self.refresh_token)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read(value: Callable[[str], str]) -> OAuthClient | None:
    """What is set under the names OAUTH_…, which `value` gives; None where no token server is named. Raises BadOAuth."""
    token_url = value("OAUTH_TOKEN_URL")
    if not token_url:
        return None
    client = OAuthClient(
        token_url=_safe(token_url),
        client_id=value("OAUTH_CLIENT_ID"),
        client_secret=value("OAUTH_CLIENT_SECRET"),
        scope=value("OAUTH_SCOPE") or MICROSOFT_365,
        refresh_token=value("OAUTH_REFRESH_TOKEN"),
        secret_expires=_day(value("OAUTH_SECRET_EXPIRES")),
    )
    if not client.client_id:
        raise BadOAuth("OAUTH_CLIENT_ID is not set, though OAUTH_TOKEN_URL is")
    if not (client.client_secret or client.refresh_token):
        raise BadOAuth("OAUTH_CLIENT_SECRET or OAUTH_REFRESH_TOKEN must be set beside OAUTH_TOKEN_URL")
    return client


def _safe(url: str) -> str:
    """Secrets go over TLS, but for a server on this machine."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return url
    raise BadOAuth("OAUTH_TOKEN_URL is no https:// address")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise BadOAuth("OAUTH_SECRET_EXPIRES is no day such as 2027-11-30") from error
