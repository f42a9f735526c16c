"""The chat: a visitor writes on a municipality's page, an agent answers from the ticket; nothing is lost or doubled."""

from channels.chat.files import blueprint
from channels.chat.namespace import listen
from channels.chat.taking import contact_of

__all__ = ["blueprint", "contact_of", "listen"]
