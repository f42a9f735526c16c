"""What a form page carries along, signed: which submission it is and since when, files sent already, the receipt."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

OLDEST = 24 * 3600  # seconds a page may stand open before it is shown once more
QUICKEST = 2.0  # seconds in which nobody fills in a form; FORMS_QUICKEST in the application's configuration

Claims = dict[str, Any]


@dataclass(frozen=True)
class Ticking:
    """A submission on its way: its id stays the same from the first page to the receipt."""

    submission: str
    begun: float
    trusted: bool = True

    @property
    def signed(self) -> str:
        """As the page carries it."""
        return _sign("submission", {"id": self.submission, "begun": self.begun})

    @property
    def slip(self) -> str:
        """The code of what is wrong with its timing; empty when a person may have filled it in."""
        took = time.time() - self.begun
        if not self.trusted or took > OLDEST:
            return "page_too_old"
        return "too_fast" if took < current_app.config.get("FORMS_QUICKEST", QUICKEST) else ""

    def again(self) -> "Ticking":
        """The same submission on a page that is shown anew."""
        return Ticking(self.submission, self.begun if not self.slip or self.slip == "too_fast" else time.time())


def begin() -> Ticking:
    """A submission nobody has sent yet."""
    return Ticking(secrets.token_urlsafe(16), time.time())


def resume(signed: str) -> Ticking:
    """The submission a page carried; a forged or broken one begins anew and is not trusted."""
    claims = _read("submission", signed)
    if claims is None:
        return Ticking(secrets.token_urlsafe(16), time.time(), trusted=False)
    return Ticking(str(claims["id"]), float(claims["begun"]))


def sign_file(claims: Claims) -> str:
    """A file that was sent already, as the page carries it."""
    return _sign("file", claims)


def read_file(signed: str) -> Claims | None:
    """The file a page carried; None for a forged one."""
    return _read("file", signed)


def sign_receipt(claims: Claims) -> str:
    """What the receipt page shows, for its address."""
    return _sign("receipt", claims)


def read_receipt(signed: str) -> Claims | None:
    """What the receipt page shows; None for a forged address."""
    return _read("receipt", signed)


def _sign(kind: str, claims: Claims) -> str:
    return str(URLSafeSerializer(current_app.secret_key or "", salt=f"form {kind}").dumps(claims))


def _read(kind: str, signed: str) -> Claims | None:
    try:
        claims: Claims = URLSafeSerializer(current_app.secret_key or "", salt=f"form {kind}").loads(signed)
    except BadData:
        return None
    return claims
