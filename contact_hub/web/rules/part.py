"""The part of the site where the rules stand."""

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from contact_hub.routing.file.marked import LARGEST
from contact_hub.web.navigation import Entry
from contact_hub.web.rules.words import CHANGES, SEVERITIES

BYTES = 4 * LARGEST  # a form with the largest text of rules, as browsers write it

blueprint = Blueprint("rules", __name__)
menu = (Entry("rules.page", _l("Rules"), position=80, leads_only=True),)


@blueprint.url_value_preprocessor
def make_room(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Lets a form bring a whole text of rules; before anything reads the form."""
    request.max_form_memory_size = BYTES


@blueprint.context_processor
def give_words() -> dict[str, object]:
    """What changes and findings are called."""
    return {"words_of_changes": CHANGES, "severities": SEVERITIES}
