"""Which mailboxes this hub reads, so that one it read in former days raises no alarm."""

from channels.email.mailbox_address import BadMailboxUrl, parse
from contact_hub.settings import Settings


def watched(settings: Settings) -> frozenset[str]:
    """Their names; none where this process was not told, or what it was told can't be read."""
    try:
        return frozenset(parse(url).name for url in settings.mailboxes)
    except BadMailboxUrl:
        return frozenset()
