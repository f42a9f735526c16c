"""The editions: each with what it changed and what was tested, any two side by side, and the way back to an earlier one."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import editions, publishing
from contact_hub.database import reading
from contact_hub.editions import Edition
from contact_hub.next_edition import NoReason, Overtaken
from contact_hub.routing.explaining import NoSuchRule
from contact_hub.routing.file.changes import changes, line_by_line
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.rules import Rulebook
from contact_hub.web.addresses import id_in
from contact_hub.web.names import Names, names_in
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.rules.found import as_file, edition_of
from contact_hub.web.rules.part import blueprint
from contact_hub.web.words import said_words

Answer = str | Response | tuple[str, int]


@blueprint.get("/rules/editions/<int:number>")
@for_leads
def edition(number: int) -> str:
    """One edition as it was published: its text, what it changed, what was tested."""
    return _edition_page(number)


@blueprint.get("/rules/editions/<int:number>/file")
@for_leads
def file(number: int) -> Response:
    """The edition as a file, byte for byte."""
    with reading() as session:
        return as_file(edition_of(session, number))


@blueprint.get("/rules/diff")
@for_leads
def diff() -> str:
    """What one edition says otherwise than another."""
    with reading() as session:
        newest = editions.newest(session) or abort(404)
        older = edition_of(session, id_in(request.args.get("from", "")) or max(newest.id - 1, 1))
        newer = edition_of(session, id_in(request.args.get("to", "")) or newest.id)
        before, after = _rules_in(session, older), _rules_in(session, newer)
        names = names_in(before, after, editions.deciding(session).rulebook)
    lines = line_by_line(older.text, newer.text, (f"edition {older.id}", f"edition {newer.id}"))
    told = changes(before, after) if before and after else None
    return render_template(
        "supervisor/diff.html", older=older, newer=newer, lines=lines.splitlines(), changes=told, names=names
    )


@blueprint.post("/rules/editions/<int:number>/rollback")
@for_leads
def roll_back(number: int) -> Answer:
    """Publishes an earlier edition again, as a new one."""
    reason, onto = request.form.get("reason", ""), id_in(request.form.get("onto", ""))
    return published(
        lambda: publishing.roll_back(number, author=me().name, reason=reason, onto=onto),
        again=lambda wrong: _edition_page(number, wrong=wrong, reason=reason),
    )


def told_published(edition: Edition) -> Response:
    """Back to the rules, where it says that they decide now."""
    flash(_("Edition %(number)d decides from now on.", number=edition.id))
    return redirect(url_for("rules.page"), 303)


def published(publish: Callable[[], Edition], *, again: Callable[[str], str]) -> Answer:
    """What came of it: the rules page, or the same page with what is in the way."""
    try:
        return told_published(publish())
    except NoReason:
        return again(_("Say why: whoever reads this later must understand it.")), 422
    except publishing.Unchanged:
        return again(_("These are the rules that decide already.")), 422
    except RulebookError as error:
        return again(" ".join(f"{said_words(each.what)} {said_words(each.mend)}" for each in error.mistakes[:5])), 422
    except Overtaken as error:
        came = _("%(author)s published edition %(number)d in the meantime.", author=error.came.author, number=error.came.id)
        look = _("Look at it first, then decide again.")
        return again(f"{came} {look}"), 409
    except (NoResultFound, NoSuchRule):
        abort(404)


def _edition_page(number: int, *, wrong: str = "", reason: str = "") -> str:
    with reading() as session:
        found = edition_of(session, number)
        newest = editions.newest(session)
        names = _names_for(session, found)
    return render_template("supervisor/edition.html", edition=found, newest=newest, names=names, wrong=wrong, reason=reason)


def _rules_in(session: Session, edition: Edition) -> Rulebook | None:
    """The rules of an edition; None where it was written for another version of the hub."""
    try:
        return editions.rulebook_of(session, edition.id)
    except RulebookError:
        return None


def _names_for(session: Session, edition: Edition) -> Names:
    """What is called how now; of what is no more, how it was called in this edition or the one before."""
    deciding = editions.deciding(session).rulebook
    now_called = names_in(deciding)
    if now_called.know(edition.changes):
        return now_called
    before = session.get(Edition, edition.id - 1)
    return names_in(_rules_in(session, before) if before else None, _rules_in(session, edition), deciding)
