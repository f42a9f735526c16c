"""A mailbox that wants OAuth2 is watched as any other, and says plainly what is wrong with its sign-in."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from contact_hub.oauth import OAuthClient
from tests.servers import ImapServer
from tests.servers.dovecot import dovecot
from tests.servers.tokens import CLIENT, FIRST_REFRESH, SECRET, TokenServer
from tests.workers import hub as seen
from tests.workers.conftest import StartHub
from tests.workers.mails import a_mail
from workers.signing_in import tokens_for

pytestmark = pytest.mark.timeout(200)
needs_dovecot = pytest.mark.skipif(dovecot() is None, reason="pymap knows no tokens")


@pytest.fixture
def token_server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@needs_dovecot
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mailbox_is_watched_with_tokens_that_are_renewed_in_time(hub: StartHub, token_server: TokenServer) -> None:
    token_server.lasting = -1  # each connection finds its token about to run out, and makes way for the next
    with ImapServer(introspection=token_server.introspection_url) as imap:
        watching = hub(mailboxes=imap.url_without_password, **token_server.settings)
        watching.start("mailbox")
        imap.append(a_mail(1))
        watching.until(lambda: seen.contacts() == 1, what="the mail is taken in")
        watching.until(lambda: len(token_server.given) > 1, what="the token is renewed")
        token_server.lasting = 3600
        imap.append(a_mail(2))
        watching.until(lambda: seen.contacts() == 2, what="the later mail is taken in")
        mailbox, said = seen.mailbox(), watching.log()
    assert mailbox is not None
    assert mailbox.trouble == ""
    assert "in trouble" not in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_secret_that_ran_out_is_told_without_the_secret(hub: StartHub, token_server: TokenServer, imap: ImapServer) -> None:
    watching = hub(mailboxes=imap.url_without_password, **token_server.settings)
    token_server.secret = "made anew in the portal"
    watching.start("mailbox")
    watching.until(lambda: (found := seen.mailbox()) is not None and found.trouble != "", what="the trouble is noted")
    mailbox = seen.mailbox()
    assert mailbox is not None
    assert mailbox.trouble == "the token server refuses us: invalid_client"
    assert mailbox.trouble_since
    assert SECRET not in watching.log()


def test_a_refresh_token_outlives_the_process_it_was_given_to(database: Engine, token_server: TokenServer) -> None:
    client = OAuthClient(token_server.url, CLIENT, SECRET, refresh_token=FIRST_REFRESH)
    for _ in range(2):
        tokens_for(client).current()
    assert len(token_server.given) == 2
