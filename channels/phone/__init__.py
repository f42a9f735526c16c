"""The door of calls and of visits to the counter: one short page, filled in while the citizen is there."""

from channels.phone.call import Call, contact_of
from channels.phone.pages import blueprint, menu

__all__ = ["Call", "blueprint", "contact_of", "menu"]
