"""What a citizen filled in, as the desk shows it: in the words of the form, and in the language of the page."""

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contact_hub import forms, submissions
from contact_hub.forms import Field
from contact_hub.web.languages import language
from contact_hub.web.security import settings_of

OF_THE_LOG = {"delivered": _l("Delivered on the spot")}
"""What agents fill in at the counter."""


def field_label(form: str, name: str) -> str:
    """What the form asks; made from the name where the form is not ours or has changed since."""
    if not form and name in OF_THE_LOG:
        return str(OF_THE_LOG[name])
    field = _field(form, name)
    return field.label[language()] if field else name.replace("_", " ").capitalize()


def field_choice(form: str, name: str, value: str) -> str:
    """What was chosen or ticked; empty where the citizen wrote the answer."""
    field = _field(form, name)
    if field and field.type == "consent":
        return str(_("Yes"))
    return submissions.shown(field, value, language()) if field and field.type == "choice" else ""


def _field(form: str, name: str) -> Field | None:
    published = forms.published(settings_of(current_app).forms).get(form)
    return next((field for field in published.fields if field.name == name), None) if published else None
