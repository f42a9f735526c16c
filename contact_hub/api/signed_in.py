"""The part of the interface that serves people of the hub: by a key of theirs, or signed in as on the pages.

No other site can make a browser bring a key; who is known by the cookie brings the page's token with every change.
"""

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_smorest import Blueprint
from flask_wtf.csrf import CSRFError

from contact_hub.web.people_at_work import key_brought, who
from contact_hub.web.problem_details import problem
from contact_hub.web.security import csrf

READS = {"GET", "HEAD", "OPTIONS"}
BRING = "Bring the page's token in the header X-CSRFToken."


def agents_only(blueprint: Blueprint) -> Blueprint:
    """Lets in everybody who works here and is signed in; changes without a key need the header X-CSRFToken."""
    blueprint.before_request(_signed_in)
    return blueprint


def leads_only(blueprint: Blueprint) -> Blueprint:
    """Lets in supervisors and administrators alone; changes without a key need the header X-CSRFToken."""
    blueprint.before_request(_signed_in)
    blueprint.before_request(_leading)
    return blueprint


def _signed_in() -> Response | None:
    if who() is None:
        return _ask_for_key()
    if request.method in READS or key_brought() is not None:
        return None
    try:
        csrf.protect()
    except CSRFError:
        return problem(400, "Bad Request", detail=BRING)
    return None


def _ask_for_key() -> Response:
    answer = problem(401, "Unauthorized", detail=_("Sign in, or bring a key that is in use: Authorization: Bearer …"))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _leading() -> None:
    agent = who()
    if agent is None or not agent.leads:
        abort(403)
