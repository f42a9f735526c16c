"""How the hub signs in at a mailbox or a mail server: by a password, or by a token of OAuth2."""

import smtplib
from dataclasses import dataclass, field
from typing import Protocol

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, LoginError

from channels.email.oauth import Token, Tokens

NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]")  # RFC 5530: what a server says that can't judge a sign-in at the moment


class SignInPostponed(Exception):
    """The server neither took nor refused the sign-in: it can't say just now."""


class Credentials(Protocol):
    """What signs a user in."""

    def sign_in(self, client: IMAPClient, user: str) -> None:
        """At a mailbox. Raises LoginError when refused, SignInPostponed when the server can't say."""

    def sign_in_to_send(self, server: smtplib.SMTP, user: str) -> None:
        """At a mail server. Raises SMTPAuthenticationError when refused."""

    @property
    def run_out(self) -> bool:
        """Whether a connection made with them should be made anew, before the server ends it."""


@dataclass(frozen=True)
class Password:
    """The old way."""

    password: str = field(repr=False)
    run_out = False

    def sign_in(self, client: IMAPClient, user: str) -> None:
        """By LOGIN."""
        try:
            client.login(user, self.password)
        except LoginError as error:
            raise _meaning(error) from None

    def sign_in_to_send(self, server: smtplib.SMTP, user: str) -> None:
        """By whatever the server offers for passwords."""
        server.login(user, self.password)


class Bearer:
    """A token; where it is refused although it should still be good, another one is asked for once."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._shown: Token | None = None

    @property
    def run_out(self) -> bool:
        """Whether the token that was shown is to be renewed."""
        return self._shown is not None and not self._shown.fresh

    def sign_in(self, client: IMAPClient, user: str) -> None:
        """By XOAUTH2, or by OAUTHBEARER where the server has only that. Raises TokenRefused and TokenServerAway too."""
        try:
            self._show_imap(client, user)
        except LoginError:
            self._drop()
            self._show_imap(client, user)

    def sign_in_to_send(self, server: smtplib.SMTP, user: str) -> None:
        """By XOAUTH2. Raises TokenRefused and TokenServerAway too."""
        server.ehlo_or_helo_if_needed()
        try:
            self._show_smtp(server, user)
        except smtplib.SMTPAuthenticationError:
            self._drop()
            self._show_smtp(server, user)

    def _show_imap(self, client: IMAPClient, user: str) -> None:
        self._shown = self._tokens.current()
        try:
            if not client.has_capability("AUTH=XOAUTH2") and client.has_capability("AUTH=OAUTHBEARER"):
                client.oauthbearer_login(user, self._shown.access)
            else:
                client.oauth2_login(user, self._shown.access)
        except LoginError as error:
            raise _meaning(error) from None

    def _show_smtp(self, server: smtplib.SMTP, user: str) -> None:
        token = self._shown = self._tokens.current()
        words = f"user={user}\1auth=Bearer {token.access}\1\1"
        # What the server says after a refusal is answered by an empty line, and then by its code.
        server.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "", initial_response_ok=True)

    def _drop(self) -> None:
        if self._shown:
            self._tokens.drop(self._shown)


def _meaning(error: Exception) -> Exception:
    """IMAPClient calls every failure of a sign-in a refusal, a line that broke meanwhile too."""
    before = error.__context__
    if isinstance(before, IMAPClientAbortError):
        return ConnectionAbortedError(type(before).__name__)
    if any(code in str(error) for code in NOT_NOW):
        return SignInPostponed()
    return error
