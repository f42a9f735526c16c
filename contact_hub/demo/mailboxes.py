"""The two mailboxes of the demo: the town's, which the hub watches, and one for all citizens."""

from urllib.parse import quote

TOWN_DOMAIN = "lindervelde.example"
TOWN = f"onthaal@{TOWN_DOMAIN}"
CITIZENS = "citizens"
PASSWORD = "lindervelde"  # noqa: S105 - the server listens on this machine and forgets all when it stops


def address_of(owner: str, port: int) -> str:
    """Where a mailbox is read, as CONTACT_HUB_MAILBOXES wants it."""
    return f"imap://{quote(owner, safe='')}:{PASSWORD}@127.0.0.1:{port}/INBOX"
