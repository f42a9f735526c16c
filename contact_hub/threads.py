"""What ties a mail to its ticket: the token in all we send, that only this hub can make, and which addresses are its own.

A token is the reference of a ticket with a signature. It stands in every Message-ID, and in the Reply-To where addresses may
be extended: whoever shows it was written to about that ticket, by us or by somebody who was.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

LETTERS = 16  # of a signature: 80 bits, in base32, as mail servers may change the case of an address
_PURPOSE = b"contact hub: this mail belongs to the ticket "
_SIGNED = re.compile(r"(?<![0-9a-z])(\d{2}-\d{6,9}-[0-9a-z])\.([a-z2-7]{16})(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_MOST_TRIED = 20  # tokens of one text

_key = secrets.token_bytes(32)
_own: frozenset[str] = frozenset()


def signs_with(secret: str) -> None:
    """Says with which secret this process signs; until then with one of its own, that no other process knows."""
    global _key
    _key = hashlib.sha256(b"threads of mail\0" + secret.encode()).digest()


def answers_at(addresses: Iterable[str]) -> None:
    """Says which addresses are the hub's own: those it writes from and those it reads."""
    global _own
    _own = frozenset(address.strip().lower() for address in addresses if "@" in address)


def is_own(address: str) -> bool:
    """Whether mail to this address comes to the hub itself, extended with a tag or not."""
    name, at, domain = address.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain}" in _own or f"{name}{at}{domain}" in _own


def is_at_home(address: str) -> bool:
    """Whether this address has the domain of one of the hub's own."""
    domain = address.strip().lower().rpartition("@")[2]
    return "@" in address and domain in {own.rpartition("@")[2] for own in _own}


def token_for(reference: str) -> str:
    """The reference with its signature, as it may stand in a Message-ID or an address: 26-004512-K.mfrggzdfmztwq2lk."""
    return f"{reference}.{_signature(reference)}"


def reference_by_token(text: str) -> str | None:
    """The reference that a token in this text carries; None where there is none that this hub signed."""
    for found, _ in zip(_SIGNED.finditer(text), range(_MOST_TRIED), strict=False):
        reference = found[1].upper()
        if hmac.compare_digest(_signature(reference), found[2].lower()):
            return reference
    return None


def reply_address(address: str, reference: str) -> str:
    """The address extended with the token, for a Reply-To: onthaal+26-004512-K.mfrggzdfmztwq2lk@lindervelde.example."""
    name, at, domain = address.rpartition("@")
    return f"{name}+{token_for(reference)}{at}{domain}"


def _signature(reference: str) -> str:
    signed = hmac.new(_key, _PURPOSE + reference.encode(), hashlib.sha256).digest()
    return base64.b32encode(signed).decode("ascii").lower()[:LETTERS]
