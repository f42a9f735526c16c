"""What the processes sign in with: passwords from the addresses, tokens from one place for all mailboxes."""

from functools import cache

from channels.email.credentials import Bearer, Credentials, Password
from channels.email.mailbox_address import Address
from channels.email.oauth import Tokens
from contact_hub import grants
from contact_hub.database import Session, reading
from contact_hub.oauth import OAuthClient
from contact_hub.settings import Settings


def tokens_of(settings: Settings) -> Tokens | None:
    """The tokens of this process, where the settings name a token server."""
    return _shared(settings.oauth) if settings.oauth else None


def tokens_for(client: OAuthClient) -> Tokens:
    """Tokens for this client; the refresh token that came last is kept in the database."""

    def newest() -> str:
        with reading() as session:
            return grants.newest(session, client.grant)

    def keep(refresh_token: str) -> None:
        with Session.begin() as session:
            grants.keep(session, client.grant, refresh_token)

    return Tokens(client, newest=newest, keep=keep)


def credentials_of(address: Address, tokens: Tokens | None) -> Credentials:
    """How this mailbox is signed in at."""
    return Bearer(tokens) if address.password is None and tokens else Password(address.password or "")


_shared = cache(tokens_for)
