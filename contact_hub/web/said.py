"""One message of a conversation, with what a page says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from contact_hub.arrivals import TakenContact
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.web.senders import Sender, sender_of


@dataclass(frozen=True)
class Said:
    """A message with the contact that it came with, or the mail that it leaves by."""

    message: Message
    contact: TakenContact | None = None
    mail: Outgoing | None = None

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.message.at

    @property
    def by_citizen(self) -> bool:
        """Whether a citizen said it."""
        return self.message.kind == "said"

    @property
    def form(self) -> str:
        """The web form that was filled in; empty where it was another door."""
        return str(self.contact.facts.get("form", "")) if self.contact else ""

    @property
    def fields(self) -> Mapping[str, str]:
        """What was filled in, by the name of the field."""
        return self.contact.facts.get("fields", {}) if self.contact else {}

    @cached_property
    def sender(self) -> Sender | None:
        """Who sent it, where a citizen did."""
        return sender_of(self.contact) if self.contact and self.by_citizen else None

    @property
    def reason(self) -> str:
        """Why the citizen got in touch; empty where nobody said so."""
        return self.contact.reason if self.contact else ""

    @property
    def asks_why(self) -> bool:
        """Whether that can be said: not of a machine, nor of one turn of a chat."""
        return self.contact is not None and not self.contact.automatic and self.contact.leg_of_id is None

    @property
    def is_news(self) -> bool:
        """Whether it made its ticket unread."""
        return self.by_citizen and self.contact is not None and self.contact.heard in ("opened", "news")
