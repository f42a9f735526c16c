"""Where a mailbox is, how to sign in there and where to begin: one URL."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SCHEMES = {"imaps": 993, "imap": 143, "imap+starttls": 143}
POLL_SECONDS = 10.0
FROM_ALL, FROM_NOW = "all", "now"


class BadMailboxUrl(ValueError):
    """A mailbox URL that can't be used; the message says why and holds no password."""


@dataclass(frozen=True)
class Address:
    """Where a mailbox is and how to sign in; without a password by OAuth2.

    `since` says where to begin at first sight: a moment, FROM_NOW, or FROM_ALL. `move_to` is the folder for what was taken
    in; empty: it is flagged as seen. `to` is the mail address whose mail comes here, in small letters, empty where nobody said
    it: every mail counts as addressed to it. `poll` is how many seconds to wait where the server has no IDLE.
    """

    host: str
    port: int
    scheme: str
    user: str
    password: str | None = field(repr=False)
    folder: str = "INBOX"
    move_to: str = ""
    since: datetime | str = FROM_ALL
    poll: float = POLL_SECONDS
    to: str = ""

    @property
    def name(self) -> str:
        """What names it in logs and on pages, without a secret."""
        return f"{self.user}@{self.host}/{self.folder}"


def parse(url: str) -> Address:
    """Reads `imaps://user:password@host[:port]/FOLDER[?move=FOLDER&since=2026-01-31|now|all&poll=SECONDS&to=ADDRESS]`.

    Without `to` a user that is an address is it. Without a password the user signs in by OAuth2. User, password and folder are
    percent-encoded; `imap://` is for a plain connection, `imap+starttls://` for one that turns to TLS. Raises BadMailboxUrl.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise BadMailboxUrl(f"a mailbox begins with one of {', '.join(SCHEMES)}, as in imaps://user:password@host/INBOX")
    if not (parts.hostname and parts.username):
        raise BadMailboxUrl("a mailbox names a user and a host, as in imaps://user:password@host/INBOX")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := options.keys() - {"move", "since", "poll", "to"}:
        raise BadMailboxUrl(f"a mailbox has the options move, since, poll and to, not {', '.join(sorted(unknown))}")
    user = unquote(parts.username)
    return Address(
        host=parts.hostname,
        port=_port(parts),
        scheme=parts.scheme,
        user=user,
        password=None if parts.password is None else unquote(parts.password),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
        move_to=options.get("move", ""),
        since=_since(options.get("since", FROM_ALL)),
        poll=_seconds(options.get("poll", "")),
        to=_to(options.get("to", user if "@" in user else "")),
    )


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or SCHEMES[parts.scheme]
    except ValueError:
        raise BadMailboxUrl("the port of a mailbox is a number; a /, : or @ in a password is percent-encoded") from None


def _since(written: str) -> datetime | str:
    if written in (FROM_ALL, FROM_NOW):
        return written
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadMailboxUrl("since is a day as 2026-01-31, or now, or all") from error


def _to(written: str) -> str:
    if written and ("@" not in written or any(each.isspace() for each in written)):
        raise BadMailboxUrl("to is the mail address whose mail comes to this mailbox")
    return written.lower()


def _seconds(written: str) -> float:
    try:
        return float(written) if written else POLL_SECONDS
    except ValueError as error:
        raise BadMailboxUrl("poll is a number of seconds") from error
