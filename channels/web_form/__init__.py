"""The door of the web forms: pages that need no script, from the list of forms to the receipt."""

from channels.web_form.pages import blueprint

__all__ = ["blueprint"]
