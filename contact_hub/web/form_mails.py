"""Which templates of form mails no longer fit: what a supervisor is told on whatever page."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint

from contact_hub import arrivals
from contact_hub.database import now, reading
from contact_hub.web.people_at_work import who

blueprint = Blueprint("form_mails", __name__)
LATELY = timedelta(days=7)


@blueprint.app_context_processor
def give_to_templates() -> dict[str, Any]:
    """Lets every page ask for `misfits()`."""
    return {"misfits": misfits}


def misfits() -> Mapping[str, int]:
    """In how many mails of the last week a template did not find its labels, by template; for those whose work it is."""
    agent = who()
    if agent is None or not agent.leads:
        return {}
    with reading() as session:
        return arrivals.misfits(session, (now() - LATELY).date())
