"""The language of a page: the agent's own, the chosen, the browser's, else Dutch."""

from gettext import NullTranslations
from typing import cast

from flask import Flask, g, request
from flask_babel import Babel, get_locale, get_translations
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session as SessionType
from werkzeug.wrappers import Response

from contact_hub import editions
from contact_hub.database import Session, reading
from contact_hub.forms import LANGUAGES
from contact_hub.routing.rules import Municipality
from contact_hub.web import people_at_work, preferences

NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}
COOKIE = "language"
ZONE = "Europe/Brussels"  # while there are no rules that name the municipality's
_known: dict[str, NullTranslations] = {}


def speak(app: Flask) -> None:
    """Translates every page, and adds the switch."""
    Babel(app, default_locale=LANGUAGES[0], locale_selector=choose, timezone_selector=_zone)
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # the extension for it brings it
    install(lambda *said: _messages().gettext(*said), lambda *said: _messages().ngettext(*said), newstyle=True)
    app.jinja_env.globals.update(languages=NAMES, language=language, municipality_name=municipality_name)
    app.add_url_rule("/language", "switch_language", switch_language, methods=["POST"])


def _messages() -> NullTranslations:
    """The messages in the language of the page; flask-babel itself asks four times whose page it is, for each of hundreds."""
    locale = get_locale()
    if locale is None:
        return NullTranslations()
    if locale.language not in _known:
        _known[locale.language] = get_translations()
    return _known[locale.language]


def choose() -> str:
    """The language of this request."""
    agent = people_at_work.who()
    chosen = agent.language if agent else request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def language() -> str:
    """The same, as a tag of two letters."""
    return str(get_locale() or LANGUAGES[0])[:2]


def switch_language() -> Response:
    """Keeps the chosen language, for an agent on any machine, and goes back."""
    wanted = request.form.get("language", "")
    response = preferences.back()
    if wanted in LANGUAGES:
        preferences.remember(response, COOKIE, wanted)
        _tell_agent(wanted)
    return response


def municipality_name() -> str:
    """Whose hub this is."""
    return _municipality().name or "Contact Hub"


def _tell_agent(wanted: str) -> None:
    agent = people_at_work.who()
    if agent is None:
        return
    with Session.begin() as session:
        session.merge(agent, load=True).language = wanted


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
