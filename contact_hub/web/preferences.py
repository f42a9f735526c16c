"""How a page suits its reader, kept in this browser: light or dark, contrast, density, keys of one letter."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

# The first of each is what somebody has who chose nothing. Keys of one letter must be able to be put off (WCAG 2.1.4).
CHOICES = {
    "theme": ("auto", "light", "dark"),
    "contrast": ("auto", "more"),
    "density": ("comfortable", "compact"),
    "shortcuts": ("on", "off"),
}
A_YEAR = timedelta(days=365)


def offer(app: Flask) -> None:
    """Makes each choice known to the templates by its name, and adds the switches."""
    app.jinja_env.globals.update({name: partial(chosen, name) for name in CHOICES})
    names = ", ".join(map(repr, CHOICES))
    app.add_url_rule(f"/preferences/<any({names}):name>", "switch", switch, methods=["POST"])


def chosen(name: str) -> str:
    """What this browser prefers."""
    wanted = request.cookies.get(name, "")
    return wanted if wanted in CHOICES[name] else CHOICES[name][0]


def switch(name: str) -> Response:
    """Keeps a choice, and goes back."""
    wanted = request.form.get("value", "")
    response = back()
    if wanted in CHOICES[name]:
        remember(response, name, wanted)
    return response


def back() -> Response:
    """To the page somebody came from."""
    return redirect(local_path(request.form.get("next")), 303)


def local_path(target: str | None) -> str:
    """`target` where it is a path of this site, else the start page: no sign-in or switch leads elsewhere."""
    parts = urlsplit(target or "")
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("//", "/\\"))
    return target if target and inside else url_for("desk.start")


def remember(response: Response, name: str, value: str) -> None:
    """For a year, in this browser."""
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
