"""Where people sign in by OpenID Connect, and what the provider's claims make of them here, as it is set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ROLES = ("agent", "back_office", "supervisor", "administrator")


class BadProvider(ValueError):
    """What is set for OpenID Connect can't be used; the message says which setting, and holds no secret."""


@dataclass(frozen=True)
class Provider:
    """The sign-in of the municipality. `roles` and `queues` lead from a value of a claim to a role or a queue here.

    Where `queues` is empty, memberships are kept in the hub and no claim changes them.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "OpenID Connect"
    claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where the provider is, without a path."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


def read(value: Callable[[str], str]) -> Provider | None:
    """What is set under the names OIDC_…, which `value` gives; None where no issuer is named. Raises BadProvider."""
    issuer = value("OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    if not value("OIDC_CLIENT_ID"):
        raise BadProvider("OIDC_CLIENT_ID is not set; the provider gave it to you with the secret")
    roles = _pairs(value("OIDC_ROLES"), "OIDC_ROLES")
    if unknown := sorted(set(roles.values()) - set(ROLES)):
        raise BadProvider(f"OIDC_ROLES names {unknown[0]!r}, which is no role; choose of {', '.join(ROLES)}")
    if not roles:
        raise BadProvider("OIDC_ROLES is not set; write which claim makes which role, as hub-agents=agent hub-leads=supervisor")
    return Provider(
        issuer=issuer,
        client_id=value("OIDC_CLIENT_ID"),
        client_secret=value("OIDC_CLIENT_SECRET"),
        name=value("OIDC_NAME") or Provider.name,
        claim=value("OIDC_CLAIM") or Provider.claim,
        roles=roles,
        queues=_pairs(value("OIDC_QUEUES"), "OIDC_QUEUES"),
    )


def _pairs(written: str, setting: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in written.split()]
    if any(not value or not meaning for value, _, meaning in pairs):
        raise BadProvider(f"{setting} is written as value=meaning, with blanks between several")
    return {value: meaning for value, _, meaning in pairs}
