"""A token server: hands access tokens out (RFC 6749) and says which ones are good (RFC 7662), as Dovecot asks it."""

import json
import secrets
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.listening import Listening

CLIENT, SECRET, FIRST_REFRESH = "hub", "s3cret", "refresh-0"


class TokenServer(Listening):
    """Knows one client. `asked` holds the forms of every request for a token, `given` the access tokens in their order.

    Tokens last `lasting` seconds, by what the client is told; in truth until `revoke`. Each refresh token is good once, and
    another comes with the answer. While `broken` it answers 503.
    """

    def __init__(self, user: str = "loket", *, lasting: int = 3600) -> None:
        super().__init__(_Conversation)
        self.user = user
        self.lasting = lasting
        self.secret = SECRET
        self.refresh_token = FIRST_REFRESH
        self.broken = False
        self.asked: list[dict[str, str]] = []
        self.given: list[str] = []
        self.good: set[str] = set()

    @property
    def url(self) -> str:
        """Where tokens are asked for."""
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def introspection_url(self) -> str:
        """Where a mail server asks whether a token is good; the token is to be added."""
        return f"http://127.0.0.1:{self.port}/introspect?token="

    @property
    def settings(self) -> dict[str, str]:
        """What a hub is told of it."""
        return {"oauth_token_url": self.url, "oauth_client_id": CLIENT, "oauth_client_secret": self.secret}

    def revoke(self) -> None:
        """No token given so far is good any more."""
        self.good.clear()

    def give(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer to a request for a token."""
        self.asked.append(form)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, self.secret):
            return 401, {"error": "invalid_client", "error_description": f"AADSTS7000222: the secret of {CLIENT} expired"}
        more = {}
        if form["grant_type"] == "refresh_token":
            if form.get("refresh_token") != self.refresh_token:
                return 400, {"error": "invalid_grant"}
            self.refresh_token = more["refresh_token"] = f"refresh-{secrets.token_hex(4)}"
        token = secrets.token_urlsafe(24)
        self.given.append(token)
        self.good.add(token)
        return 200, {"token_type": "Bearer", "access_token": token, "expires_in": self.lasting, "scope": "other", **more}

    def tell(self, token: str) -> dict[str, Any]:
        """What it says about a token."""
        return {"active": True, "username": self.user} if token in self.good else {"active": False}


class _Conversation(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(*self.server.give({name: values[-1] for name, values in parse_qs(body).items()}))

    def do_GET(self) -> None:
        self._say(200, self.server.tell(parse_qs(urlsplit(self.path).query).get("token", [""])[0]))

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read what the hub says, not this."""

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(503 if self.server.broken else status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
