"""The part of the interface that serves people of the hub: whoever is signed in, with the page's token for every change."""

from flask import Response, abort, request
from flask_smorest import Blueprint
from flask_wtf.csrf import CSRFError

from contact_hub.web.people_at_work import who
from contact_hub.web.problem_details import problem
from contact_hub.web.security import csrf

READS = {"GET", "HEAD", "OPTIONS"}
BRING = "Bring the page's token in the header X-CSRFToken."


def agents_only(blueprint: Blueprint) -> Blueprint:
    """Lets in everybody who works here and is signed in; changes need the header X-CSRFToken."""
    blueprint.before_request(_signed_in)
    return blueprint


def leads_only(blueprint: Blueprint) -> Blueprint:
    """Lets in supervisors and administrators alone; changes need the header X-CSRFToken."""
    blueprint.before_request(_signed_in)
    blueprint.before_request(_leading)
    return blueprint


def _signed_in() -> Response | None:
    if who() is None:
        abort(401)
    if request.method in READS:
        return None
    try:
        csrf.protect()
    except CSRFError:
        return problem(400, "Bad Request", detail=BRING)
    return None


def _leading() -> None:
    agent = who()
    if agent is None or not agent.leads:
        abort(403)
