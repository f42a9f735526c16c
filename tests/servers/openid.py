"""An OpenID Connect provider on loopback: discovery, a code with PKCE, and tokens signed with a key of its own."""

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "contact-hub", "a secret of the test"


class OpenIdProvider:
    """Everybody who comes is the person of `claims`; `forged` signs tokens with another key than the one it shows.

    `left` is who signed out here, as they asked for it.
    """

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.forged = False
        self.left: list[dict[str, str]] = []
        self._key, self._other = _keys()
        self._codes: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, {name: values[0] for name, values in parse_qs(body).items()})

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                self._say(request, self._described())
            case "/jwks":
                self._say(request, {"keys": [self._key.as_dict(private=False)]})
            case "/authorize":
                code = secrets.token_urlsafe(8)
                self._codes[code] = query
                request.send_response(302)
                request.send_header("Location", f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")
                request.end_headers()
            case "/token":
                self._say(request, *self._token(request.headers.get("Authorization", ""), form))
            case "/leave":
                self.left.append(query)
                request.send_response(302)
                request.send_header("Location", query["post_logout_redirect_uri"])
                request.end_headers()
            case _:
                self._say(request, {}, 404)

    def _described(self) -> dict[str, Any]:
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "jwks",
            "end_session_endpoint": "leave",
        }
        return {"issuer": self.issuer, "id_token_signing_alg_values_supported": ["RS256"]} | {
            name: f"{self.issuer}/{place}" for name, place in places.items()
        }

    def _token(self, authorization: str, form: dict[str, str]) -> tuple[dict[str, Any], int]:
        asked = self._codes.pop(form.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if asked is None or authorization != expected or challenge != asked["code_challenge"]:
            return {"error": "invalid_grant"}, 400
        moment = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": moment, "exp": moment + 60, "nonce": asked["nonce"], **self.claims}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, said, self._other if self.forged else self._key)
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token}, 200

    def _say(self, request: BaseHTTPRequestHandler, said: dict[str, Any], status: int = 200) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.end_headers()
        request.wfile.write(json.dumps(said).encode())


@cache
def _keys() -> tuple[RSAKey, RSAKey]:
    """Two of one name, made once: finding the primes takes a tenth of a second."""
    return RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})
