"""How a page suits its reader: the language (the agent's own, the chosen, the browser's, else Dutch), light or dark, keys."""

from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, url_for
from flask_babel import Babel, get_locale
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session as SessionType
from werkzeug.wrappers import Response

from contact_hub import editions
from contact_hub.database import Session, reading
from contact_hub.forms import LANGUAGES
from contact_hub.routing.rules import Municipality
from contact_hub.web import people_at_work

NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}
THEMES = ("auto", "light", "dark")
COOKIE = "language"
THEME_COOKIE = "theme"
SHORTCUTS = ("on", "off")
SHORTCUTS_COOKIE = "shortcuts"
A_YEAR = timedelta(days=365)
ZONE = "Europe/Brussels"  # while there are no rules that name the municipality's


def speak(app: Flask) -> None:
    """Translates every page, and adds the switches."""
    Babel(app, default_locale=LANGUAGES[0], locale_selector=choose, timezone_selector=_zone)
    app.jinja_env.globals.update(
        languages=NAMES, language=language, theme=theme, shortcuts=shortcuts, municipality_name=municipality_name
    )
    app.add_url_rule("/language", "switch_language", switch_language, methods=["POST"])
    app.add_url_rule("/theme", "switch_theme", switch_theme, methods=["POST"])
    app.add_url_rule("/shortcuts", "switch_shortcuts", switch_shortcuts, methods=["POST"])


def choose() -> str:
    """The language of this request."""
    agent = people_at_work.who()
    chosen = agent.language if agent else request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def language() -> str:
    """The same, as a tag of two letters."""
    return str(get_locale() or LANGUAGES[0])[:2]


def theme() -> str:
    """Light, dark, or what the system says."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def shortcuts() -> str:
    """Whether keys of one letter do something on the desk (WCAG 2.1.4: they must be able to be put off)."""
    return "off" if request.cookies.get(SHORTCUTS_COOKIE) == "off" else "on"


def switch_language() -> Response:
    """Keeps the chosen language, for an agent on any machine, and goes back."""
    wanted = request.form.get("language", "")
    response = _back()
    if wanted in LANGUAGES:
        _remember(response, COOKIE, wanted)
        _tell_agent(wanted)
    return response


def switch_theme() -> Response:
    """Keeps light or dark for this browser, and goes back."""
    return _switched(THEME_COOKIE, THEMES)


def switch_shortcuts() -> Response:
    """Keeps whether keys of one letter work in this browser, and goes back."""
    return _switched(SHORTCUTS_COOKIE, SHORTCUTS)


def local_path(target: str | None) -> str:
    """`target` where it is a path of this site, else the start page: no sign-in or switch leads elsewhere."""
    parts = urlsplit(target or "")
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("//", "/\\"))
    return target if target and inside else url_for("desk.start")


def municipality_name() -> str:
    """Whose hub this is."""
    return _municipality().name or "Contact Hub"


def _switched(name: str, choices: tuple[str, ...]) -> Response:
    wanted = request.form.get(name, "")
    response = _back()
    if wanted in choices:
        _remember(response, name, wanted)
    return response


def _tell_agent(wanted: str) -> None:
    agent = people_at_work.who()
    if agent is None:
        return
    with Session.begin() as session:
        session.merge(agent, load=True).language = wanted


def _back() -> Response:
    return redirect(local_path(request.form.get("next")), 303)


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)


def _zone() -> str:
    return _municipality().timezone


def _municipality() -> Municipality:
    """As the rules describe it; asked once a request."""
    if "municipality" not in g:
        with reading() as session:
            g.municipality = _municipality_of_rules(session)
    return cast(Municipality, g.municipality)


def _municipality_of_rules(session: SessionType) -> Municipality:
    try:
        return editions.deciding(session).rulebook.municipality
    except (editions.NoEdition, OperationalError):  # a page that says the database is gone must not need it
        return Municipality("", ZONE, LANGUAGES)
