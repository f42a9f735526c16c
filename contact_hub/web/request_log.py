"""One line in the log for each request: what was asked for, how it ended and how long it took; never by whom or with what."""

import re
import time

import structlog
from flask import Blueprint, Response, g, request

blueprint = Blueprint("request_log", __name__)

UNTOLD = {"static", "health.live", "health.ready", "metrics.page"}  # asked for by machines all day
CHOICES = re.compile(r"\(.*?\)")  # what a converter of a pattern takes, such as the names of all verbs

log = structlog.get_logger()


@blueprint.before_app_request
def begin() -> None:
    """Starts the clock."""
    g.began = time.perf_counter()


@blueprint.after_app_request
def tell(response: Response) -> Response:
    """Logs the route by its pattern: what stood in its place, or behind the question mark, may be personal."""
    if request.endpoint not in UNTOLD:
        route = CHOICES.sub("", request.url_rule.rule) if request.url_rule else "none"
        took = round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None
        log.info("request", method=request.method, route=route, status=response.status_code, ms=took)
    return response
