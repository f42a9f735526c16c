"""What could not be taken in: why, its original, another try, and what a supervisor settled by hand."""

import structlog
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.email.reading import MAIL
from channels.email.second_try import try_again
from contact_hub import arrivals, live
from contact_hub.arrivals import SetAside
from contact_hub.database import Session as Writing
from contact_hub.database import reading
from contact_hub.web.addresses import id_in
from contact_hub.web.files import streamed
from contact_hub.web.people_at_work import for_leads, me

blueprint = Blueprint("set_aside", __name__)

PAGE = 50  # things on one page
LONGEST_REASON = 1000  # characters
ENDINGS = {MAIL: ".eml", "application/json": ".json", "text/plain": ".txt"}

log = structlog.get_logger()


@blueprint.get("/set-aside")
@for_leads
def page() -> str:
    """What waits, or what was settled with `?settled`; newest first, page by page."""
    settled, before = "settled" in request.args, id_in(request.args.get("before", ""))
    with reading() as session:
        found = _listed(session, settled=settled, before=before)
        waiting = arrivals.how_many_wait(session)
        return render_template(
            "supervisor/set_aside.html",
            found=found[:PAGE],
            settled=settled,
            waiting=waiting,
            before=before,
            next=found[PAGE - 1].id if len(found) > PAGE else None,
            MAIL=MAIL,
        )


@blueprint.post("/set-aside/again")
@for_leads
def again() -> ResponseReturnValue:
    """Has a worker try every set-aside mail again."""
    live.announcer.wake("try_set_aside")
    flash(_("The mails that were set aside are being tried again. What can be read leaves this list."))
    return redirect(url_for("set_aside.page"))


@blueprint.post("/set-aside/<int:number>/again")
@for_leads
def try_one(number: int) -> ResponseReturnValue:
    """Tries one mail again, and says what came of it."""
    with reading() as session:
        aside = _waiting(session, number)
    if aside.raw_type != MAIL:
        abort(404)
    if try_again(number):
        flash(_("It could be read this time, and is taken in."))
    else:
        flash(_("It still can't be read. It stays here, with the reason of this try."))
    return redirect(url_for("set_aside.page"))


@blueprint.post("/set-aside/<int:number>/settle")
@for_leads
def settle(number: int) -> ResponseReturnValue:
    """Notes that nothing is left to do, by whom and why."""
    because = request.form.get("because", "").strip()[:LONGEST_REASON]
    if not because:
        flash(_("Say why nothing is left to do about it."))
        return redirect(url_for("set_aside.page"))
    with Writing.begin() as session:
        _waiting(session, number).settle(by=me().name, because=because)
    log.info("what was set aside is settled by hand", set_aside=number, agent=me().id)
    flash(_("Settled. It stands under “Settled”, with its original."))
    return redirect(url_for("set_aside.page"))


@blueprint.post("/set-aside/<int:number>/back")
@for_leads
def back(number: int) -> ResponseReturnValue:
    """Lets it wait again."""
    with Writing.begin() as session:
        aside = session.get(SetAside, number)
        if aside is None or not aside.settled_by:
            abort(404)
        aside.put_back()
    return redirect(url_for("set_aside.page"))


@blueprint.get("/set-aside/<int:number>/original")
@for_leads
def original(number: int) -> Response:
    """The original, byte for byte; never shown in the browser, which might run it.

    For supervisors alone: it holds what a citizen wrote, of which administrators see nothing. The log keeps who took it.
    """
    if me().role != "supervisor":
        abort(403)
    with reading() as session:
        aside = session.get(SetAside, number)
    if aside is None:
        abort(404)
    log.info("the original of what was set aside is downloaded", set_aside=number, agent=me().id)
    answer = Response(streamed(aside.raw_sha256), mimetype="application/octet-stream")
    ending = ENDINGS.get(aside.raw_type, ".bin")
    answer.headers["Content-Disposition"] = f'attachment; filename="set-aside-{aside.id}{ending}"'
    return answer


def _listed(session: Session, *, settled: bool, before: int | None) -> list[SetAside]:
    state = SetAside.settled_at.is_not(None) if settled else SetAside.settled_at.is_(None)
    found = select(SetAside).where(state).order_by(SetAside.id.desc()).limit(PAGE + 1)
    return list(session.scalars(found.where(SetAside.id < before) if before else found))


def _waiting(session: Session, number: int) -> SetAside:
    """The thing with this number, while it waits; answers 404 otherwise."""
    aside = session.get(SetAside, number)
    if aside is None or aside.settled_at:
        abort(404)
    return aside
