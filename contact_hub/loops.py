"""To whom the hub may write by itself, so that no two machines ever answer each other (RFC 3834)."""

import re

from contact_hub import threads
from contact_hub.contact import Contact

_ROBOTS = re.compile(
    r"(mailer-daemon|mail-daemon|postmaster|bounces?|(do-?)?not?[-_.]?reply|ne-?pas-?repondre|pas-?de-?reponse"
    r"|niet-?(be)?antwoorden|geen-?antwoord|nicht-?antworten|keine-?antwort|owner-.*|.*-(request|owner|bounces?))(\+.*)?"
)
# What servers leave on a mail that they passed on; its stamp as automatic is then theirs, and not the sender's (zammad #6025).
_PASSED_ON = ("resent-from", "x-forwarded-for", "x-forwarded-to", "x-ms-exchange-generated-message-source")


def may_write_to(contact: Contact) -> bool:
    """Whether whoever sent this is a person at an address we can write to, as far as anybody can tell."""
    sender = contact.sender.strip().lower()
    name, at, _ = sender.rpartition("@")
    if not at or contact.automatic or threads.is_own(sender) or _ROBOTS.fullmatch(name):
        return False
    return not _is_from_nobody(contact) and (_is_passed_on(contact) or not _is_stamped(contact))


def _is_from_nobody(contact: Contact) -> bool:
    """Whether it came from nobody, as all mail does that must not be answered."""
    return contact.headers.get("return-path", "").replace(" ", "") == "<>"


def _is_stamped(contact: Contact) -> bool:
    submitted = contact.headers.get("auto-submitted", "no").strip().lower()
    suppressed = contact.headers.get("x-auto-response-suppress", "").lower()
    return not submitted.startswith("no") or "all" in suppressed or "autoreply" in suppressed


def _is_passed_on(contact: Contact) -> bool:
    """Whether a server passed it on, by a mark of such servers or under an address of our own domain."""
    returns_to = contact.headers.get("return-path", "").strip(" <>").lower()
    return any(name in contact.headers for name in _PASSED_ON) or threads.is_at_home(returns_to)
