"""Where an address leads that can only be posted to, when somebody opens it anew: to the page it belongs to."""

from urllib.parse import quote

from flask import current_app, request
from werkzeug.exceptions import HTTPException


def page_above() -> str:
    """The address of the nearest page above this one, or the blank form of what is posted here; empty where nothing fits."""
    steps = request.path.strip("/").split("/")
    above = ["/" + "/".join(steps[:kept]) for kept in range(len(steps) - 1, 0, -1)]
    return next((quote(path) for path in (f"{request.path}/new", *above, "/") if _is_page(path)), "")


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        adapter.match(path, method="GET")
    except HTTPException:  # nothing there, only posted to, or spelled otherwise
        return False
    return True
