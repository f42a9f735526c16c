"""The accounts the hub writes mail by: which one writes for a queue or a mailbox, under whose name, and how fast."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
OPTIONS = ("name", "from", "as", "reply-to", "queues", "mailboxes", "rate", "tags")
LONGEST_NAME = 64  # characters


class BadAccount(ValueError):
    """An account is written in a way that can't be used; the message holds no secret."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `url` is that of its server, empty where none is set; `sender` is written as `Name <address>`.

    It writes for the tickets in `queues`, and for what came to one of the addresses in `mailboxes`. `rate` is how many mails
    it may send in a minute; 0 is as many as there are. With `tags` its mail server takes addresses with a tag (name+tag@host).
    """

    name: str
    sender: str
    url: str = field(default="", repr=False)
    reply_to: str = ""
    queues: frozenset[str] = frozenset()
    mailboxes: frozenset[str] = frozenset()
    rate: int = 0
    tags: bool = False

    @property
    def address(self) -> str:
        """The address it writes from, in small letters."""
        return parseaddr(self.sender)[1].lower()

    @property
    def domain(self) -> str:
        """What its Message-IDs and the envelope of its mails end in, so that SPF and DKIM fit the From."""
        return self.address.rpartition("@")[2]


def read(urls: Iterable[str], sender: str) -> tuple[Account, ...]:
    """The accounts as the settings write them, the default one first; `sender` writes where an account names nobody.

    There is always one: without a URL it has no server, and its mail waits. Raises BadAccount.
    """
    accounts = tuple(_account(url, sender) for url in urls) or (Account(name="", sender=sender),)
    _must_be_apart("name", [{account.name} for account in accounts])
    _must_be_apart("queues", [account.queues for account in accounts])
    return accounts


def choose(accounts: Sequence[Account], *, queue: str = "", mailboxes: Collection[str] = ()) -> Account:
    """Who writes for a ticket: the account of its queue, else that of an address the citizen wrote to, else the first."""
    wrote_to = {parseaddr(each)[1].lower() for each in mailboxes}
    of_queue = (each for each in accounts if queue and queue in each.queues)
    of_mailbox = (each for each in accounts if wrote_to & each.mailboxes)
    return next(of_queue, None) or next(of_mailbox, None) or accounts[0]


def _account(url: str, sender: str) -> Account:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise BadAccount("a mail server is written as smtp://, smtp+starttls:// or smtps:// and a host")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := set(options) - set(OPTIONS):
        raise BadAccount(f"it knows no option {min(unknown)}; there are {', '.join(OPTIONS)}")
    sender = _sender(options, sender)
    address = parseaddr(sender)[1].lower()
    return Account(
        name=options.get("name", unquote(parts.username or "") or parts.hostname)[:LONGEST_NAME],
        sender=sender,
        url=urlunsplit((parts.scheme, parts.netloc, "", "", "")),
        reply_to=_address("reply-to", options.get("reply-to", "")),
        queues=frozenset(_listed(options.get("queues", ""))),
        mailboxes=frozenset({address, *(each.lower() for each in _listed(options.get("mailboxes", "")))}),
        rate=_rate(options.get("rate", "0")),
        tags=options.get("tags", "no") == "yes",
    )


def _sender(options: Mapping[str, str], sender: str) -> str:
    name, address = parseaddr(sender)
    return formataddr((options.get("as", name), _address("from", options.get("from", address))), charset="utf-8")


def _address(option: str, address: str) -> str:
    if address and ("@" not in address or parseaddr(address)[1] != address or not address.isprintable()):
        raise BadAccount(f"its option {option} is no address")
    return address


def _rate(written: str) -> int:
    if not written.isascii() or not written.isdecimal():
        raise BadAccount("its option rate is a number of mails a minute")
    return int(written)


def _listed(written: str) -> list[str]:
    return [each.strip() for each in written.split(",") if each.strip()]


def _must_be_apart(option: str, given: Iterable[Collection[str]]) -> None:
    """Two accounts with one name or one queue would leave open which one writes."""
    seen: set[str] = set()
    for names in given:
        if twice := seen.intersection(names):
            raise BadAccount(f"two accounts have the {option} {min(twice)}; give each its own")
        seen.update(names)
