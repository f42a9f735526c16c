"""What each key does: buttons, the help behind ? and the palette take it from here alone."""

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from contact_hub.forms import LANGUAGES
from contact_hub.web.languages import language
from contact_hub.web.preferences import chosen

MOVES = {
    "j k": _l("through the list"),
    "Enter": _l("open the line"),
    "s": _l("tick the line"),
    "Shift J K": _l("tick along the list"),
    "o": _l("to what can be done with the ticked tickets"),
    "v": _l("log a visit"),
    "Ctrl K": _l("goes anywhere"),
    "Ctrl Enter": _l("sends what you are writing"),
    "Esc": _l("close"),
    "?": _l("shows the keys"),
}
"""Keys that move or show something; no button stands for them."""

ANYWHERE = {
    "next": ("x", _l("take the next one")),
    "log": ("l", _l("log a call")),
    "search": ("/", _l("search")),
    "narrowing": ("Shift+F", _l("narrow the list down")),
    "next-page": ("Shift+N", _l("next page")),
}
ON_A_TICKET = {
    "claim": ("c", _l("take")),
    "release": ("u", _l("give back")),
    "answers": ("r", _l("answer")),
    "template": ("t", _l("choose a template")),
    "advice": ("d", _l("answer a colleague")),
    "notes": ("n", _l("note")),
    "consultations": ("q", _l("ask a colleague")),
    "hand-overs": ("h", _l("hand over")),
    "returns": ("b", _l("send back")),
    "assignment": ("a", _l("give to a colleague")),
    "waits": ("w", _l("wait for the citizen")),
    "snoozes": ("z", _l("put off")),
    "undo": ("f", _l("undo what you did last")),
    "resumption": ("g", _l("go on with it")),
    "marks": ("m", _l("topic, priority, tags, due date")),
    "resolution": ("e", _l("resolve")),
    "reopening": ("e", _l("reopen")),
    "splits": ("p", _l("split")),
    "together": ("y", _l("merge or link")),
    "queue": ("i", _l("to the queue")),
    "take-back": ("Shift+T", _l("take the answer back")),
    "try-again": ("Shift+R", _l("send it again")),
    "found-wrong": ("Shift+W", _l("this was wrong")),
    "person": ("Shift+P", _l("put the person right")),
}
BY_NAME = {"found-right", "same-person", "not-same-person", "other-person", "joining", "keeping-apart", "parting", "citizen"}
BY_NAME |= {"unlinking", "contact-reasons", "not-this", "saving"}
"""What the palette alone finds: too seldom done for a key."""
_VERBS = {**ANYWHERE, **ON_A_TICKET, **dict.fromkeys(BY_NAME, ("", ""))}
_PAGES = {"phone.blank": "log", "search.page": "search"}  # places of the navigation that have a key


def offer(app: Flask) -> None:
    """Makes the keys known to the templates."""
    app.jinja_env.globals.update(key_of=key_of, key_to=key_to, keys_to_show=keys_to_show)


def key_of(verb: str) -> Markup:
    """What the button of a verb says about its key: nothing where somebody put keys of one letter off."""
    return _said_of(verb, "" if chosen("shortcuts") == "off" else _VERBS[verb][0], language())


@lru_cache(maxsize=len(_VERBS) * len(LANGUAGES) * 2)
def _said_of(verb: str, letter: str, _language: str) -> Markup:
    if not letter:
        return Markup(' data-verb="{}"').format(verb)
    return Markup(' data-verb="{}" aria-keyshortcuts="{}" title="{}"').format(verb, letter, _("Key: %(key)s", key=letter))


def key_to(endpoint: str) -> Markup:
    """The same of a place in the navigation, where it has a key."""
    return key_of(_PAGES[endpoint]) if endpoint in _PAGES else Markup("")


def keys_to_show() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Each key with what it does: anywhere, and on a ticket; what one key does by turns stands together."""
    return _in_words(language())


@lru_cache(maxsize=len(LANGUAGES))
def _in_words(_language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    moves = {letter: str(words) for letter, words in MOVES.items()}
    return {**moves, **_by_letter(ANYWHERE)}, _by_letter(ON_A_TICKET)


def _by_letter(verbs: Mapping[str, tuple[str, object]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for letter, words in verbs.values():
        found.setdefault(letter, []).append(str(words))
    return {letter: " / ".join(words) for letter, words in found.items()}
