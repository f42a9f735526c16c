"""Drafts of the next edition: typed, checked, tried on a message and on the past, and published with a reason."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contact_hub import drafts, editions, publishing, replays
from contact_hub.database import Session, now, reading
from contact_hub.drafts import Draft
from contact_hub.editions import Edition
from contact_hub.next_edition import NoReason, Overtaken
from contact_hub.routing.file.changes import line_by_line
from contact_hub.routing.file.checking_apart import SHORT
from contact_hub.routing.file.merging import merged
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.file.passages import line_of
from contact_hub.visibility import queues_in_sight
from contact_hub.web.addresses import id_in
from contact_hub.web.names import names_in
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.rules.editions import told_published
from contact_hub.web.rules.found import draft_of, edition_of
from contact_hub.web.rules.part import blueprint
from contact_hub.web.trials import checks, rules_of, tried
from contact_hub.web.words import draft_name

Answer = str | Response | tuple[str, int]
LISTED = 5  # tickets that would move, beside the draft
SAMPLE = ("channel", "subject", "text", "postcode")


@blueprint.post("/rules/drafts")
@for_leads
def begin_draft() -> Response:
    """Begins a draft on top of the edition that decides, or with the text of the one that is named; at a rule or a line."""
    named = id_in(request.form.get("edition", ""))
    with Session.begin() as session:
        newest = editions.newest(session) or abort(404)
        text = edition_of(session, named).text if named else None
        draft = drafts.begin(session, newest, by=me().name, name=request.form.get("name", "").strip(), text=text)
    rule = request.form.get("rule") or None
    return redirect(url_for("rules.draft", number=draft.id, rule=rule, line=id_in(request.form.get("line", ""))), 303)


@blueprint.get("/rules/drafts/<int:number>")
@for_leads
def draft(number: int) -> Answer:
    """The draft with its check beside it, at a rule or a line; one that was published leads to its edition."""
    with reading() as session:
        found = draft_of(session, number)
    if found.published_as:
        return redirect(url_for("rules.edition", number=found.published_as))
    return _page(found)


@blueprint.post("/rules/drafts/<int:number>")
@for_leads
def work_on_draft(number: int) -> Answer:
    """Keeps what was typed, and does what the button said: keep, check, try, publish, merge, put on top or put away."""
    found = _kept(number)
    match request.form.get("do", "keep"):
        case "publish":
            return _publish(found)
        case "try":
            return _page(found, sample=_sample())
        case "merge":
            return _merge(found)
        case "on-top":
            return _put_on_top(found)
        case "put-away":
            return _put_away(found)
    return redirect(url_for("rules.draft", number=found.id, checked="yes"), 303)


@blueprint.post("/rules/drafts/check")
@for_leads
def check_draft() -> str:
    """The part of the page that says what is wrong with what stands in the editor now."""
    return render_template("supervisor/check.html", check=checks(_typed()))


@blueprint.post("/rules/drafts/try")
@for_leads
def try_draft() -> str:
    """The part of the page that says where a message would go by what stands in the editor now."""
    return render_template("supervisor/tried.html", tried=_tried(_typed(), _sample()))


@blueprint.post("/rules/drafts/replay")
@for_leads
def replay_draft() -> str:
    """The part of the page that says what the text would have done to past tickets."""
    try:
        rulebook = rules_of(_typed())
    except RulebookError:
        return render_template("supervisor/replayed.html", report=None)
    with reading() as session:
        ready = replays.ready(session, publishing.DAYS, me())
        report = ready.replay.delta(rulebook)
        listed = replays.in_sight(session, me(), report, LISTED)
        queues = queues_in_sight(session, me())
    names = names_in(rulebook)
    return render_template("supervisor/replayed.html", report=report, ready=ready, listed=listed, queues=queues, names=names)


def _publish(draft: Draft) -> Answer:
    try:
        edition = publishing.publish(draft.text, author=me().name, reason=draft.reason, onto=draft.based_on, draft=draft.id)
    except NoReason:
        return _page(draft, wrong=_("Say why: whoever reads this later must understand it.")), 422
    except publishing.Unchanged:
        return _page(draft, wrong=_("These are the rules that decide already.")), 422
    except RulebookError:
        return _page(draft, wrong=_("It cannot be published yet: mend what is listed first.")), 422
    except Overtaken as error:
        return _overtaken(draft, error), 409
    return told_published(edition)


def _overtaken(draft: Draft, error: Overtaken) -> str:
    """Who was faster, what they changed, and the ways on."""
    base = error.base.text if error.base else ""
    both = merged(base, draft.text, error.came.text)
    return render_template(
        "supervisor/overtaken.html",
        draft=draft,
        came=error.came,
        changes=error.changes,
        homeless=error.homeless,
        names=names_in(*error.rulebooks),
        lines=error.diff.splitlines(),
        mine=line_by_line(error.came.text, draft.text, (f"edition {error.came.id}", draft_name(draft))).splitlines(),
        conflicts=both.conflicts,
    )


def _merge(draft: Draft) -> Answer:
    """Puts what was changed here into what decides now; where both changed the same lines, both stand there."""
    with Session.begin() as session:
        found = session.get_one(Draft, draft.id)
        newest = editions.newest(session) or abort(404)
        names = (_("my draft"), _("edition %(number)s", number=newest.id))
        both = merged(session.get_one(Edition, found.based_on).text, found.text, newest.text, names=names)
        drafts.keep(session, found, version=found.version, text=both.text, reason=found.reason, by=me().name)
        drafts.rebase(session, found, newest)
    if both.conflicts:
        flash(_("Both changed the same lines: choose at the lines marked with <<<<<<< and >>>>>>>."))
    else:
        flash(_("Your changes now stand in edition %(number)d. Read them once more, then publish.", number=newest.id))
    return redirect(url_for("rules.draft", number=draft.id), 303)


def _put_on_top(draft: Draft) -> Response:
    with Session.begin() as session:
        newest = editions.newest(session) or abort(404)
        drafts.rebase(session, session.get_one(Draft, draft.id), newest)
    flash(_("Your text stays as it is. Published, it takes the place of edition %(number)d.", number=newest.id))
    return redirect(url_for("rules.draft", number=draft.id), 303)


def _put_away(draft: Draft) -> Response:
    with Session.begin() as session:
        drafts.close(session.get_one(Draft, draft.id))
    flash(_("The draft is put away."))
    return redirect(url_for("rules.page"), 303)


def _page(draft: Draft, *, wrong: str = "", sample: dict[str, str] | None = None) -> str:
    with reading() as session:
        newest = editions.newest(session)
    rule = request.args.get("rule", "")
    is_opened = request.method == "GET" and "checked" not in request.args and len(draft.text) > SHORT
    return render_template(
        "supervisor/draft.html",
        draft=draft,
        newest=newest,
        rule=rule,
        line=line_of(draft.text, rule) if rule else id_in(request.args.get("line", "")) or 0,
        wrong=wrong,
        check=None if is_opened else checks(draft.text),  # a long text is shown at once, and asked for its check thereafter
        sample=sample or dict.fromkeys(SAMPLE, ""),
        tried=_tried(draft.text, sample) if sample else None,
    )


def _kept(number: int) -> Draft:
    """What was typed, kept; where a colleague changed the draft since, as one of its own."""
    with Session.begin() as session:
        found = draft_of(session, number)
        if "text" not in request.form:
            return found
        version, reason = id_in(request.form.get("version", "")) or 0, request.form.get("reason", "")
        kept = drafts.keep(session, found, version=version, text=_typed(), reason=reason, by=me().name)
    if kept.id != number:
        flash(_("A colleague changed this draft in the meantime: yours is kept beside it."))
    return kept


def _typed() -> str:
    """The text as it was typed; browsers end its lines as Windows does."""
    return request.form.get("text", "").replace("\r\n", "\n")


def _sample() -> dict[str, str]:
    return {name: request.form.get(f"sample_{name}", "") for name in SAMPLE}


def _tried(text: str, sample: dict[str, str]) -> dict[str, Any] | None:
    """Where the message would go; None while the text has mistakes."""
    texts = dict.fromkeys(("quoted", "sender", "language", "form", "topic", "automatic"), "")
    others = {"recipient": (), "fields_": {}, "headers": {}, "attachment": (), "person": {}, "received": now()}
    described = {**texts, **others, **sample, "channel": sample["channel"] or "email"}
    try:
        return tried(text, described, None)
    except RulebookError:
        return None
