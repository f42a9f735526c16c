"""Access tokens for mailboxes and mail servers (RFC 6749): asked for when needed, renewed before they run out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from oauthlib.oauth2.rfc6749.parameters import parse_token_response

from contact_hub.oauth import OAuthClient

TIMEOUT = 20  # seconds
EARLY = 300.0  # seconds before its end a token is renewed; a short-lived one in the last fifth of its life
UNSAID = 600.0  # seconds a token is held for good where the server does not say
ANSWER = 1 << 16  # bytes of an answer that are read


class TokenRefused(Exception):
    """The token server gives none; `reason` is its code, as `invalid_client` for a secret that ran out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TokenServerAway(Exception):
    """The token server does not answer, or not sensibly."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; to be renewed at `until`, by the monotonic clock, which nobody puts forward or back."""

    access: str = field(repr=False)
    until: float

    @property
    def fresh(self) -> bool:
        """Whether it is good for a while."""
        return time.monotonic() < self.until


class Tokens:
    """Gives the access token of one grant to all who need it; for any number of threads."""

    def __init__(
        self, client: OAuthClient, *, newest: Callable[[], str] = lambda: "", keep: Callable[[str], None] = lambda token: None
    ) -> None:
        """`newest` gives the refresh token that came last, if any did; `keep` is told of each new one."""
        self._client = client
        self._newest = newest
        self._keep = keep
        self._lock = Lock()
        self._token: Token | None = None

    def current(self) -> Token:
        """One that is good for a while. Raises TokenRefused, TokenServerAway."""
        with self._lock:
            if self._token is None or not self._token.fresh:
                self._token = self._ask()
            return self._token

    def drop(self, token: Token) -> None:
        """Somebody refused it: the next one to ask gets another."""
        with self._lock:
            if self._token is token:
                self._token = None

    def _ask(self) -> Token:
        asked = time.monotonic()
        answer = _post(self._client.token_url, self._request())
        if self._client.refresh_token and (renewed := answer.get("refresh_token")):
            self._keep(str(renewed))
        lasting = float(answer.get("expires_in") or UNSAID)
        return Token(str(answer["access_token"]), asked + lasting - min(EARLY, lasting / 5))

    def _request(self) -> str:
        """The form to post: with the refresh token where there is one, else for the client itself."""
        form = BackendApplicationClient(self._client.client_id)
        scope = self._client.scope
        secret = {"client_secret": self._client.client_secret} if self._client.client_secret else {}
        if self._client.refresh_token:
            refresh_token = self._newest() or self._client.refresh_token
            return str(form.prepare_refresh_body(refresh_token=refresh_token, scope=scope, client_id=form.client_id, **secret))
        return str(form.prepare_request_body(scope=scope, include_client_id=True, **secret))


def _post(url: str, form: str) -> dict[str, Any]:
    request = Request(  # noqa: S310 - the settings take http and https alone
        url,
        data=form.encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
    )
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return _read(answer.read(ANSWER))
    except HTTPError as error:
        with error:
            if error.code >= 500 or error.code == 429:
                raise TokenServerAway from error
            return _read(error.read(ANSWER))
    except (URLError, OSError) as error:
        raise TokenServerAway from error


def _read(body: bytes) -> dict[str, Any]:
    """What the server says, or its refusal (RFC 6749, 5.2); its description may name things that no log should hold."""
    try:
        return dict(parse_token_response(body.decode("utf-8")))
    except OAuth2Error as error:
        raise TokenRefused(str(error.error)[:64]) from error
    except (ValueError, AttributeError, TypeError) as error:
        raise TokenServerAway from error
