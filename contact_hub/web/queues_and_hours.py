"""The administrators' pages for queues and calendars: looked at, and changed in a draft of the rules, their one source."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session as SessionType
from werkzeug.wrappers import Response

from contact_hub import drafts, editions
from contact_hub.agents import Agent
from contact_hub.database import Session, now, reading
from contact_hub.drafts import Draft
from contact_hub.editions import Edition
from contact_hub.queues import in_language
from contact_hub.routing.calendars import DAYS_END, WEEKDAYS, Calendar
from contact_hub.routing.file.amending_desk import line_of_calendar, with_calendar, with_queue, written_span
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.file.typed import Wrong, calendar_typed, queue_typed
from contact_hub.routing.rules import Queue, Rulebook
from contact_hub.web.addresses import id_in
from contact_hub.web.languages import NAMES, language
from contact_hub.web.names import names_in
from contact_hub.web.people_at_work import for_administrators, me
from contact_hub.web.rules.found import draft_of
from contact_hub.web.rules.words import TIERS
from contact_hub.web.words import draft_name, said_words

blueprint = Blueprint("queues_and_hours", __name__)
Answer = str | Response | tuple[str, int]
DAYS = 14  # whose opening hours are shown
SEEN_BY = {
    "default": _l("the contact centre"),
    "restricted": _l("members; others its state"),
    "confidential": _l("members alone"),
}
NOTHING: Mapping[str, str] = {}
T = TypeVar("T", Queue, Calendar)


@dataclass(frozen=True)
class Source:
    """What the pages show and change: a draft, or the edition that decides where there is none; `broken` can't be read."""

    rulebook: Rulebook
    text: str
    draft: Draft | None = None
    broken: Draft | None = None


@blueprint.get("/admin/queues")
@for_administrators
def page() -> str:
    """The queues and calendars, who works in them, and when they are open."""
    with reading() as session:
        source = _source(session)
        members: dict[str, list[Agent]] = {}
        for agent in session.scalars(select(Agent).where(Agent.active).order_by(Agent.name)):
            for queue_id in agent.queue_ids:
                members.setdefault(queue_id, []).append(agent)
        return render_template(
            "admin/queues.html",
            source=source,
            drafts=drafts.in_work(session),
            queues=source.rulebook.queues,
            members=members,
            names=names_in(source.rulebook),
            hours=_hours(source.rulebook),
            tiers=TIERS,
            seen_by=SEEN_BY,
        )


@blueprint.get("/admin/queues/new", defaults={"queue_id": ""})
@blueprint.get("/admin/queues/<queue_id>")
@for_administrators
def queue(queue_id: str) -> str:
    """A queue to be changed, or a form for a new one."""
    with reading() as session:
        return _queue_form(_source(session), queue_id)


@blueprint.post("/admin/queues/new", defaults={"queue_id": ""})
@blueprint.post("/admin/queues/<queue_id>")
@for_administrators
def change_queue(queue_id: str) -> Answer:
    """Changes it in the draft, or adds it there; the draft shows what that comes to, and is published with a reason."""

    def change(source: Source) -> tuple[str, str, Wrong]:
        book = source.rulebook
        found, wrong = queue_typed(
            request.form, id=queue_id, taken=(*book.queues, "new"), languages=_languages(book), calendars=book.calendars
        )
        same = wrong or book.queues.get(found.id) == found
        name = in_language(found.names, language()) or found.id
        return name, source.text if same else with_queue(source.text, book, found), wrong

    return _changed(queue_id, change, _queue_stands, _queue_form)


@blueprint.get("/admin/calendars/new", defaults={"calendar_id": ""})
@blueprint.get("/admin/calendars/<calendar_id>")
@for_administrators
def calendar(calendar_id: str) -> str:
    """A calendar to be changed, or a form for a new one."""
    with reading() as session:
        return _calendar_form(_source(session), calendar_id)


@blueprint.post("/admin/calendars/new", defaults={"calendar_id": ""})
@blueprint.post("/admin/calendars/<calendar_id>")
@for_administrators
def change_calendar(calendar_id: str) -> Answer:
    """Changes it in the draft, or adds it there."""

    def change(source: Source) -> tuple[str, str, Wrong]:
        book = source.rulebook
        found, wrong = calendar_typed(request.form, id=calendar_id, taken=(*book.calendars, "new"), languages=_languages(book))
        same = wrong or (found.id in book.calendars and _calendar_fields(book.calendars[found.id]) == _calendar_fields(found))
        name = in_language(found.names, language()) or found.id
        return name, source.text if same else with_calendar(source.text, book, found), wrong

    return _changed(calendar_id, change, _calendar_stands, _calendar_form)


def _changed(
    id: str, change: Callable[[Source], tuple[str, str, Wrong]], stands: Callable[[Source, str], str], form: Callable[..., str]
) -> Answer:
    """Keeps the changed text as the draft's and leads to what it changes; or the form again, wrong at its fields.

    Once again too where it does not stand any more as when the form was opened: nobody undoes unseen what a colleague did.
    """
    with reading() as session:
        source = _source(session)

    def again(wrong: Mapping[str, str], status: int = 422) -> Answer:
        return form(source, id, request.form, wrong), status

    standing = stands(source, id)
    if request.form.get("stood", standing) != standing:
        said = _("It was changed since you opened this form. Look at what stands there now; kept once more, yours replaces it.")
        return again({"form": said}, 409)
    try:
        name, text, wrong = change(source)
    except RulebookError as error:
        said = " ".join(f"{said_words(each.what)} {said_words(each.mend)}" for each in error.mistakes[:3])
        return again({"form": said})
    if wrong:
        return again({field: " ".join(map(said_words, words)) for field, words in wrong.items()})
    if text == source.text:
        return again({"form": _("Nothing is different: it stands so already.")})
    with Session.begin() as session:
        draft = _kept(session, source, text)
    flash(_("“%(name)s” stands so in the draft “%(draft)s”, which decides nothing yet.", name=name, draft=draft_name(draft)))
    if request.form.get("do") == "more":
        return redirect(url_for("queues_and_hours.page", draft=draft.id), 303)
    return redirect(url_for("rules.before_after", number=draft.id), 303)


def _kept(session: SessionType, source: Source, text: str) -> Draft:
    """The draft with the text, a new one where there was none; beside it, where a colleague changed it meanwhile."""
    if source.draft is None:
        edition = editions.newest(session) or abort(404)
        return drafts.begin(session, edition, by=me().name, text=text)
    draft = session.get_one(Draft, source.draft.id)
    return drafts.keep(session, draft, version=source.draft.version, text=text, reason=draft.reason, by=me().name)


def _source(session: SessionType) -> Source:
    """The draft that is asked for, else one's own newest, else what decides: `draft=0` asks for that.

    Of a draft that was published or put away meanwhile it is what decides: what somebody typed into its form is not lost.
    """
    deciding = editions.deciding(session)
    text = session.get_one(Edition, deciding.edition).text
    decides = Source(deciding.rulebook, text)
    draft: Draft | None
    asked = id_in(request.values.get("draft", ""))
    if asked:
        draft = draft_of(session, asked)
        draft = None if draft.closed_at else draft
    elif request.values.get("draft"):
        return decides
    else:
        mine = next((each for each in drafts.in_work(session) if each.author == me().name), None)
        draft = mine and session.get_one(Draft, mine.id)
    if draft is None:
        return decides
    try:
        return Source(read_rulebook(draft.text), draft.text, draft)
    except RulebookError:
        return Source(decides.rulebook, text, broken=draft)


def _queue_form(source: Source, id: str, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] = NOTHING) -> str:
    """Of the queue as it is, or as it is `typed` with what is `wrong` there; empty where it has no id yet."""
    found = _known(source.rulebook.queues, id, typed)
    return render_template(
        "admin/queue.html",
        source=source,
        queue=found,
        stood=_queue_stands(source, id),
        typed=(_queue_fields(found) if found else {}) if typed is None else typed,
        wrong=wrong,
        line=found.line if found else 0,
        languages=_names_of_languages(source.rulebook),
        calendars=names_in(source.rulebook).calendars,
        tiers=TIERS,
        seen_by=SEEN_BY,
    )


def _calendar_form(source: Source, id: str, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] = NOTHING) -> str:
    """The same of a calendar."""
    found = _known(source.rulebook.calendars, id, typed)
    names = get_locale().days["stand-alone"]["wide"]
    return render_template(
        "admin/calendar.html",
        source=source,
        calendar=found,
        stood=_calendar_stands(source, id),
        typed=(_calendar_fields(found) if found else {}) if typed is None else typed,
        wrong=wrong,
        line=line_of_calendar(source.text, found.id) if found else 0,
        languages=_names_of_languages(source.rulebook),
        days={day: names[place] for place, day in enumerate(WEEKDAYS)},
    )


def _known(among: Mapping[str, T], id: str, typed: Mapping[str, str] | None) -> T | None:
    """The one of this id; None of a new one, and of one that is gone since somebody `typed` into its form."""
    return among.get(id) or (abort(404) if id and typed is None else None)


def _queue_stands(source: Source, id: str) -> str:
    return _standing(_queue_fields, source.rulebook.queues.get(id))


def _calendar_stands(source: Source, id: str) -> str:
    return _standing(_calendar_fields, source.rulebook.calendars.get(id))


def _standing(fields: Callable[[T], dict[str, str]], found: T | None) -> str:
    """A mark of how it stands, for a form to bring back; empty of what is new."""
    return hashlib.sha256(repr(sorted(fields(found).items())).encode()).hexdigest()[:16] if found else ""


def _queue_fields(queue: Queue) -> dict[str, str]:
    """The queue as the fields of its form hold it."""
    clock = {"amount": str(queue.clock.amount), "unit": queue.clock.unit} if queue.clock else {}
    said = {name: getattr(queue, name) for name in ("tier", "visibility", "contact", "deputy", "calendar")}
    return {**_name_fields(queue), **said, **clock}


def _calendar_fields(calendar: Calendar) -> dict[str, str]:
    """The calendar as the fields of its form hold it."""
    hours = {day: ", ".join(map(written_span, calendar.opening_hours.get(place, ()))) for place, day in enumerate(WEEKDAYS)}
    closed = "\n".join(map(str, sorted(calendar.closed)))
    return {**_name_fields(calendar), **hours, "closed": closed, "holidays": "yes" if calendar.belgian_holidays else ""}


def _name_fields(found: Queue | Calendar) -> dict[str, str]:
    return {f"name-{language}": name for language, name in found.names.items()}


def _names_of_languages(rulebook: Rulebook) -> dict[str, str]:
    return {code: NAMES.get(code, code) for code in _languages(rulebook)}


def _languages(rulebook: Rulebook) -> tuple[str, ...]:
    """Those of the municipality, and all others in which some queue or calendar has a name."""
    named: list[Queue | Calendar] = [*rulebook.queues.values(), *rulebook.calendars.values()]
    others = (language for each in named for language in each.names)
    return tuple(dict.fromkeys((*rulebook.municipality.languages, *others)))


def _hours(rulebook: Rulebook) -> dict[str, list[tuple[str, list[str]]]]:
    """The opening hours of the days to come, by calendar."""
    today = now().astimezone(rulebook.municipality.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    return {
        name: [(format_date(day, "EEE d MMM"), [_written(*span) for span in calendar.hours_on(day)]) for day in days]
        for name, calendar in rulebook.calendars.items()
    }


def _written(begin: time, end: time) -> str:
    """Opening hours as people write them; the very end of a day is 24:00."""
    return f"{begin:%H:%M} – {'24:00' if end == DAYS_END else f'{end:%H:%M}'}"
