"""Which account writes for a ticket, under whose name and how fast, as the settings say it."""

import pytest

from contact_hub import mail_accounts
from contact_hub.mail_accounts import Account, BadAccount

TOWN = "Gemeente Lindervelde <onthaal@lindervelde.example>"
DESK = "smtps://loket:secret@mail.lindervelde.example"
TAXES = (
    "smtp://127.0.0.1?name=taxes&from=belastingen@lindervelde.example&as=Dienst%20Belastingen&queues=belastingen,boetes&rate=30"
)


def names(accounts: tuple[Account, ...], **asked: object) -> str:
    return mail_accounts.choose(accounts, **asked).name


def test_without_a_server_there_is_an_account_all_the_same() -> None:
    [account] = mail_accounts.read((), TOWN)
    assert (account.url, account.address, account.domain) == ("", "onthaal@lindervelde.example", "lindervelde.example")


def test_one_url_is_all_it_takes() -> None:
    [account] = mail_accounts.read([DESK], TOWN)
    assert (account.name, account.url, account.sender, account.rate) == ("loket", DESK, TOWN, 0)


def test_an_account_writes_under_its_own_name_and_keeps_its_pace() -> None:
    account = mail_accounts.read([DESK, TAXES], TOWN)[1]
    assert account.sender == "Dienst Belastingen <belastingen@lindervelde.example>"
    assert account.rate == 30
    assert account.url == "smtp://127.0.0.1"


def test_the_account_of_its_queue_writes_then_that_of_the_mailbox_then_the_first() -> None:
    accounts = mail_accounts.read([DESK, TAXES, "smtp://host?from=Sport@lindervelde.example"], TOWN)
    assert names(accounts, queue="boetes", mailboxes=["sport@lindervelde.example"]) == "taxes"
    assert names(accounts, queue="wegen", mailboxes=["SPORT@lindervelde.example"]) == "host"
    assert names(accounts, queue="wegen", mailboxes=["x@example.org"]) == "loket"


@pytest.mark.parametrize(
    ("urls", "said"),
    [
        (["http://secret@host"], "smtp://"),
        ([f"{DESK}?rate=fast"], "rate"),
        ([f"{DESK}?from=nobody"], "from"),
        ([f"{DESK}?pace=3"], "pace"),
        ([DESK, DESK], "name loket"),
        ([f"{DESK}?queues=a,b", TAXES.replace("boetes", "a")], "queues a"),
    ],
)
def test_an_account_that_cannot_be_used_says_why_without_its_password(urls: list[str], said: str) -> None:
    with pytest.raises(BadAccount) as refused:
        mail_accounts.read(urls, TOWN)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)
