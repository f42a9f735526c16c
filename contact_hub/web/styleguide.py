"""The design system on one page: tokens and components in every state, for those who build pages (in the demo only)."""

import re
from functools import cache
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template

from contact_hub.web.people_at_work import for_agents
from contact_hub.web.security import settings_of

blueprint = Blueprint("styleguide", __name__)
BADGES = ("plain", "new", "open", "waiting", "resolved", "urgent", "high", "good", "warn", "danger", "draft")
ALERTS = ("info", "warn", "error")
_TOKENS = re.compile(r"--([\w-]+): ?(light-dark\(.*?\)|#[0-9a-f]{6})[;}]")


@blueprint.get("/styleguide")
@for_agents
def page() -> str:
    """Colours, type, buttons, fields, messages, lines of a list, and what a page says when there is nothing or too much."""
    if not settings_of(current_app).demo:
        abort(404)
    folder = Path(current_app.static_folder or "")
    return render_template("styleguide.html", colours=_colours(folder / "built/desk.css"), badges=BADGES, alerts=ALERTS)


@cache
def _colours(sheet: Path) -> dict[str, str]:
    """The roles of colour, as the stylesheet names them first."""
    found: dict[str, str] = {}
    for name, value in _TOKENS.findall(sheet.read_text("utf-8")):
        found.setdefault(name, value)
    return found
