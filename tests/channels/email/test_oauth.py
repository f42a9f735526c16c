"""Mailboxes and mail servers are signed in at by tokens, renewed in time, and a refusal is told from an absence."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from imapclient.exceptions import LoginError

from channels.email.credentials import Bearer, SignInPostponed
from channels.email.mailbox import Folder
from channels.email.mailbox_address import parse
from channels.email.oauth import TokenRefused, Tokens, TokenServerAway
from channels.email.sending import MailServer, ServerAway
from contact_hub import troubles
from contact_hub.oauth import MICROSOFT_365, OAuthClient
from tests.servers import ImapServer, SmtpSink
from tests.servers.dovecot import dovecot
from tests.servers.tokens import CLIENT, FIRST_REFRESH, SECRET, TokenServer

needs_dovecot = pytest.mark.skipif(dovecot() is None, reason="pymap knows no tokens")


@pytest.fixture
def token_server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@pytest.fixture
def mailbox(token_server: TokenServer) -> Iterator[ImapServer]:
    with ImapServer(introspection=token_server.introspection_url) as server:
        yield server


def client_of(server: TokenServer, **more: str) -> OAuthClient:
    return OAuthClient(server.url, CLIENT, **{"client_secret": SECRET, **more})


def test_a_token_is_asked_for_once_by_the_credentials_of_the_client(token_server: TokenServer) -> None:
    tokens = Tokens(client_of(token_server))
    assert tokens.current().access == tokens.current().access == token_server.given[0]
    assert token_server.asked == [
        {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "scope": MICROSOFT_365}
    ]


def test_a_token_is_renewed_before_it_runs_out(token_server: TokenServer) -> None:
    token_server.lasting = -1
    tokens = Tokens(client_of(token_server))
    assert tokens.current() != tokens.current()
    token_server.lasting = 3600
    assert tokens.current() == tokens.current()


def test_a_refresh_token_is_used_and_each_new_one_kept(token_server: TokenServer) -> None:
    kept = [""]
    tokens = Tokens(client_of(token_server, refresh_token=FIRST_REFRESH), newest=lambda: kept[-1], keep=kept.append)
    for _ in range(3):
        tokens.drop(tokens.current())
    used = [form["refresh_token"] for form in token_server.asked]
    assert used == [FIRST_REFRESH, *kept[1:3]]
    assert {form["grant_type"] for form in token_server.asked} == {"refresh_token"}


def test_a_refusal_of_the_token_server_is_told_by_its_code_alone(token_server: TokenServer) -> None:
    token_server.secret = "another since yesterday"
    with pytest.raises(TokenRefused) as refused:
        Tokens(client_of(token_server)).current()
    assert str(refused.value) == "invalid_client"


def test_a_token_server_in_trouble_is_away_and_refuses_nothing(token_server: TokenServer) -> None:
    token_server.broken = True
    with pytest.raises(TokenServerAway):
        Tokens(client_of(token_server)).current()
    with pytest.raises(TokenServerAway):
        Tokens(OAuthClient("http://127.0.0.1:1/token", CLIENT, SECRET)).current()


@needs_dovecot
@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_mailbox_lets_a_token_in(token_server: TokenServer, mechanism: str) -> None:
    with ImapServer(introspection=token_server.introspection_url, mechanism=mechanism) as server:
        server.append(b"Subject: hello\r\n\r\nhello\r\n")
        with Folder(parse(server.url_without_password), Bearer(Tokens(client_of(token_server)))) as folder:
            assert len(folder.newer_than(0, None)[0]) == 1
            assert not folder.run_out
    assert len(token_server.given) == 1


@needs_dovecot
def test_a_token_that_was_revoked_is_renewed_after_its_refusal(token_server: TokenServer, mailbox: ImapServer) -> None:
    tokens = Tokens(client_of(token_server))
    tokens.current()
    token_server.revoke()
    with Folder(parse(mailbox.url_without_password), Bearer(tokens)):
        assert len(token_server.given) == 2


@needs_dovecot
def test_who_may_not_read_the_mailbox_is_refused(token_server: TokenServer, mailbox: ImapServer) -> None:
    token_server.user = "somebody-else"
    with pytest.raises(LoginError):
        Folder(parse(mailbox.url_without_password), Bearer(Tokens(client_of(token_server))))


@needs_dovecot
def test_a_mail_server_that_cannot_check_a_token_has_refused_nothing(token_server: TokenServer, mailbox: ImapServer) -> None:
    tokens = Tokens(client_of(token_server))
    tokens.current()
    token_server.broken = True
    with pytest.raises(SignInPostponed):
        Folder(parse(mailbox.url_without_password), Bearer(tokens))


@needs_dovecot
def test_a_connection_is_made_anew_when_its_token_runs_out(token_server: TokenServer, mailbox: ImapServer) -> None:
    tokens = Tokens(client_of(token_server))
    with Folder(parse(mailbox.url_without_password), Bearer(tokens)) as folder:
        assert not folder.run_out
    tokens.drop(tokens.current())
    token_server.lasting = -1
    with Folder(parse(mailbox.url_without_password), Bearer(tokens)) as folder:
        assert folder.run_out


def test_a_mail_server_takes_mail_from_who_shows_a_token(token_server: TokenServer) -> None:
    tokens = Tokens(client_of(token_server))
    with SmtpSink(token=tokens.current().access) as smtp, MailServer(smtp.url.replace("//", "//loket@"), tokens) as server:
        server.send(a_letter())
        assert len(smtp.received) == 1


def test_a_mail_server_that_refuses_each_token_is_away(token_server: TokenServer) -> None:
    with SmtpSink(token="of somebody else") as smtp:
        with (
            MailServer(smtp.url.replace("//", "//loket@"), Tokens(client_of(token_server))) as server,
            pytest.raises(ServerAway) as away,
        ):
            server.send(a_letter())
        assert away.value.reason == troubles.SENDER_REFUSED
        assert len(token_server.given) == 2


def a_letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "loket@lindervelde.example", "roos@example.org"
    mail.set_content("Dat kan.")
    return mail
