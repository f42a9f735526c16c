"""The language of a page: the agent's own, the chosen, the browser's, else Dutch.

Flask-Babel asks four times whose page it is, for each of the hundreds of words and moments on it; here it is asked once a page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from gettext import NullTranslations
from typing import cast

from babel import Locale
from flask import Flask, g, has_app_context, request
from flask_babel import Babel, Domain, force_locale, get_locale, get_timezone
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
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
LOCALES = {language: Locale(language) for language in LANGUAGES}


@dataclass(slots=True)
class Speech:
    """How the page of this request speaks, each part once it is asked for: by dozens of words and moments on it."""

    messages: NullTranslations | None = None
    language: str | None = None
    clocks: tuple[tzinfo, str] | None = None


class Messages(Domain):  # type: ignore[misc]  # flask-babel tells no types
    """The messages in the language of the page."""

    def get_translations(self) -> NullTranslations:
        """Those; texts as they stand in the code outside of any page."""
        if not has_app_context():
            return NullTranslations()
        here = _here()
        if here.messages is None:
            here.messages = cast(NullTranslations, super().get_translations())
        return here.messages

    @pass_eval_context
    def said(self, how: EvalContext, text: str, **parts: object) -> str:
        """What `_` says in a template, as Jinja's own says it in three calls more."""
        words = self.get_translations().gettext(text)
        if how.autoescape:
            words = Markup(words)  # noqa: S704 - ours, of the code or of a catalogue
        return words % parts if "%" in words else words


def speak(app: Flask) -> None:
    """Translates every page, and adds the switch."""
    babel, messages = Babel(app, default_locale=LANGUAGES[0], locale_selector=choose, timezone_selector=_zone), Messages()
    babel.domain_instance = messages
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # the extension for it brings it
    install(
        lambda *said: messages.get_translations().gettext(*said),
        lambda *said: messages.get_translations().ngettext(*said),
        newstyle=True,
    )
    app.jinja_env.globals.update(_=messages.said, languages=NAMES, language=language, municipality_name=municipality_name)
    app.add_url_rule("/language", "switch_language", switch_language, methods=["POST"])


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """What is written within it is in this language, whoever asks."""
    before = g.pop("speech", None)
    try:
        with force_locale(wanted):
            yield
    finally:
        g.speech = before


def choose() -> str:
    """The language of this request."""
    agent = people_at_work.who()
    chosen = agent.language if agent else request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def language() -> str:
    """The same, as a tag of two letters."""
    if not has_app_context():
        return LANGUAGES[0]
    here = _here()
    if here.language is None:
        here.language = str(get_locale().language)
    return here.language


def clocks() -> tuple[tzinfo, str]:
    """How a page tells moments: by the clocks of the municipality, in its `language()`."""
    here = _here()
    if here.clocks is None:
        here.clocks = cast(tzinfo, get_timezone()), language()
    return here.clocks


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


def _here() -> Speech:
    held = g._get_current_object()  # looked up once: this is asked hundreds of times a page
    here: Speech | None = getattr(held, "speech", None)
    if here is None:
        here = held.speech = Speech()
    return here


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
