"""A mailbox is named by a URL."""

from datetime import UTC, datetime

import pytest

from channels.email.mailbox_address import FROM_ALL, FROM_NOW, BadMailboxUrl, parse


def test_a_url_says_all_there_is_to_know() -> None:
    address = parse(
        "imaps://loket%40lindervelde.example:ge%2Fheim@mail.example/Archief%202026?move=Klaar&since=2026-01-31&poll=7"
    )
    assert (address.host, address.port, address.scheme) == ("mail.example", 993, "imaps")
    assert (address.user, address.password) == ("loket@lindervelde.example", "ge/heim")
    assert (address.folder, address.move_to, address.poll) == ("Archief 2026", "Klaar", 7)
    assert address.since == datetime(2026, 1, 31, tzinfo=UTC)


def test_what_names_a_mailbox_holds_no_secret() -> None:
    address = parse("imaps://loket:geheim@mail.example:1993/INBOX")
    assert address.name == "loket@mail.example/INBOX"
    assert "geheim" not in repr(address)


def test_a_mailbox_begins_with_all_its_mail_unless_told_otherwise() -> None:
    assert parse("imap://loket:geheim@mail.example").since == FROM_ALL
    assert parse("imap://loket:geheim@mail.example?since=now").since == FROM_NOW


@pytest.mark.parametrize(
    "url",
    [
        "pop3://loket:geheim@mail.example/INBOX",
        "imaps://mail.example/INBOX",
        "imaps://loket:geheim@/INBOX",
        "imaps://loket:geheim@mail.example/INBOX?since=yesterday",
        "imaps://loket:geheim@mail.example/INBOX?poll=often",
        "imaps://loket:geheim@mail.example/INBOX?delete=yes",
        "imaps://loket:geheim@mail.example:many/INBOX",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadMailboxUrl) as refused:
        parse(url)
    assert "geheim" not in str(refused.value)


def test_a_mailbox_without_a_password_is_signed_in_at_by_a_token() -> None:
    assert parse("imaps://loket%40lindervelde.example@mail.example/INBOX").password is None
    assert parse("imaps://loket:@mail.example/INBOX").password == ""
