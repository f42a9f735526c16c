"""What a draft makes otherwise of queues and calendars, field by field as it is and as it would be; published from here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from flask import abort, redirect, render_template, request, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contact_hub import editions, publishing
from contact_hub.database import reading
from contact_hub.routing.calendars import WEEKDAYS, Calendar
from contact_hub.routing.file.amending_desk import written_span
from contact_hub.routing.file.changes import Changes, changes
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.rules import Queue, Rulebook
from contact_hub.web.addresses import id_in
from contact_hub.web.languages import NAMES
from contact_hub.web.names import Names, names_in
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.rules.editions import published
from contact_hub.web.rules.found import draft_of
from contact_hub.web.rules.page import clock_words
from contact_hub.web.rules.part import blueprint
from contact_hub.web.rules.words import TIERS, VISIBILITIES
from contact_hub.web.trials import rules_of

Answer = str | Response | tuple[str, int]
T = TypeVar("T", Queue, Calendar)


@dataclass(frozen=True)
class Otherwise:
    """A queue or calendar that is new, gone or changed, with what differs: what it is of, how it is, how it would be."""

    name: str
    rows: Sequence[tuple[str, str, str]]
    is_new: bool = False
    is_gone: bool = False


@blueprint.get("/rules/drafts/<int:number>/changes")
@for_leads
def before_after(number: int) -> str:
    """What it changes; a draft that is done with, overtaken or can't be read is looked at in its text."""
    return _page(number)


@blueprint.post("/rules/drafts/<int:number>/changes")
@for_leads
def publish_changes(number: int) -> Answer:
    """Publishes what was looked at, with a reason."""
    reason = request.form.get("reason", "")
    with reading() as session:
        draft = draft_of(session, number)
    if draft.version != id_in(request.form.get("version", "")):
        return _page(number, wrong=_("A colleague changed this draft in the meantime. Look at what it changes now.")), 409
    return published(
        lambda: publishing.publish(draft.text, author=me().name, reason=reason, onto=draft.based_on, draft=number),
        again=lambda wrong: _page(number, wrong=wrong),
    )


def _page(number: int, *, wrong: str = "") -> str:
    with reading() as session:
        draft = draft_of(session, number)
        deciding = editions.deciding(session)
    in_the_text = redirect(url_for("rules.draft", number=number))
    if draft.closed_at or draft.based_on != deciding.edition:
        abort(in_the_text)
    try:
        before, after = deciding.rulebook, rules_of(draft.text)
    except RulebookError:
        abort(in_the_text)
    names = names_in(before, after)
    return render_template(
        "supervisor/before_after.html",
        draft=draft,
        edition=deciding.edition,
        queues=_otherwise(before.queues, after.queues, lambda queue: _of_queue(queue, names), names.queues),
        calendars=_otherwise(before.calendars, after.calendars, _of_calendar, names.calendars),
        others=_others(before, after),
        names=names,
        wrong=wrong,
    )


def _others(before: Rulebook, after: Rulebook) -> Changes:
    """What else the draft changes."""
    found = replace(changes(before, after), queues_added=(), queues_removed=(), queues_changed=())
    return replace(found, calendars_added=(), calendars_removed=(), calendars_changed=())


def _otherwise(
    before: Mapping[str, T], after: Mapping[str, T], fields: Callable[[T], Mapping[str, str]], names: Mapping[str, str]
) -> list[Otherwise]:
    found = []
    for id in dict.fromkeys((*after, *before)):
        old, new = before.get(id), after.get(id)
        was: Mapping[str, str] = fields(old) if old else {}
        becomes: Mapping[str, str] = fields(new) if new else {}
        rows = [(label, was.get(label, ""), becomes.get(label, "")) for label in dict.fromkeys((*becomes, *was))]
        if was != becomes:
            differ = [row for row in rows if row[1] != row[2]]
            found.append(Otherwise(names[id] or id, differ, is_new=not old, is_gone=not new))
    return found


def _of_queue(queue: Queue, names: Names) -> Mapping[str, str]:
    """What its form asks, in words; empty where nothing is said."""
    return {
        **_called(queue),
        _("Works as"): str(TIERS[queue.tier]),
        _("Seen by"): str(VISIBILITIES[queue.visibility]),
        _("Own time"): clock_words(queue.clock) if queue.clock else "",
        _("Calendar"): names.calendars[queue.calendar] if queue.calendar else "",
        _("Contact person"): queue.contact,
        _("Deputy"): queue.deputy,
    }


def _of_calendar(calendar: Calendar) -> Mapping[str, str]:
    days = get_locale().days["stand-alone"]["wide"]
    hours = {
        days[place]: ", ".join(map(written_span, calendar.opening_hours.get(place, ()))) or _("closed")
        for place in range(len(WEEKDAYS))
    }
    closed = ", ".join(format_date(day, "d MMM y") for day in sorted(calendar.closed))
    holidays = _("yes") if calendar.belgian_holidays else _("no")
    return {**_called(calendar), **hours, _("Closed on the public holidays of Belgium"): holidays, _("Closed on"): closed}


def _called(found: Queue | Calendar) -> Mapping[str, str]:
    return {f"{_('Name')} ({NAMES.get(code, code)})": name for code, name in found.names.items()}
