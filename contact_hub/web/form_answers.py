"""A form and what a citizen filled in there, as the desk shows them: in the words of the form, in the language of the page."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from contact_hub import forms, submissions
from contact_hub.forms import Field, Form
from contact_hub.web.languages import language
from contact_hub.web.marking import Span, marked
from contact_hub.web.security import settings_of

OF_THE_LOG = {"delivered": _l("Delivered on the spot")}
"""What agents fill in at the counter."""


@dataclass(frozen=True)
class FilledIn:
    """Each answer under what was asked; `tells_all` where all that is marked in the text made of them is marked in one."""

    rows: Sequence[tuple[str, Markup]]
    tells_all: bool


def filled_in(form: str, answers: Mapping[str, object], text: str, spans: Mapping[str, Collection[Span]]) -> FilledIn:
    """The answers to a form, with what decided marked in them; `spans` are places in them and in the `text` they make."""
    rows: list[tuple[str, Markup]] = []
    told: set[Span] = set()
    for name, value in answers.items():
        answer = str(value)
        chosen = field_choice(form, name, answer)
        within = {} if chosen else dict(_within(answer, text, spans.get("message", ())))
        told |= within.keys()
        rows.append(
            (field_label(form, name), escape(chosen) or marked(answer, [*spans.get(f"form.{name}", ()), *within.values()]))
        )
    return FilledIn(rows, set(spans.get("message", ())) <= told)


def _within(answer: str, text: str, spans: Collection[Span]) -> Iterator[tuple[Span, Span]]:
    """Those places of the text that lie within the answer, each with its place there."""
    at = text.find(answer) if answer else -1
    while at >= 0:
        yield from ((span, (span[0] - at, span[1] - at)) for span in spans if at <= span[0] and span[1] <= at + len(answer))
        at = text.find(answer, at + len(answer))


def form_title(form: str) -> str:
    """What the form is called; as rules and systems name it where it is not ours, or not any more."""
    found = _form(form)
    return found.title[language()] if found else form


def field_label(form: str, name: str) -> str:
    """What the form asks; made from the name where the form is not ours or has changed since."""
    if not form and name in OF_THE_LOG:
        return str(OF_THE_LOG[name])
    field = _field(form, name)
    return field.label[language()] if field else name.replace("_", " ").capitalize()


def field_choice(form: str, name: str, value: str) -> str:
    """What was chosen or ticked; empty where the citizen wrote the answer."""
    field = _field(form, name)
    if field and field.type == "consent":
        return str(_("Yes"))
    return submissions.shown(field, value, language()) if field and field.type == "choice" else ""


def _field(form: str, name: str) -> Field | None:
    found = _form(form)
    return next((field for field in found.fields if field.name == name), None) if found else None


def _form(id: str) -> Form | None:
    return forms.published(settings_of(current_app).forms).get(id)
