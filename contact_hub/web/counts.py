"""What each door was offered and what became of it, what was set aside, and how the mailboxes are doing."""

from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contact_hub import live
from contact_hub.arrivals import SetAside, Tally
from contact_hub.database import reading
from contact_hub.mailboxes import Mailbox
from contact_hub.web.addresses import id_in
from contact_hub.web.files import streamed
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_leads, me

blueprint = Blueprint("counts", __name__)
menu = (Entry("counts.page", _l("Counts"), position=70, leads_only=True),)

DAYS = 14  # of tallies on one page
ASIDE = 50  # set-aside things on one page
ENDINGS = {"message/rfc822": ".eml", "application/json": ".json", "text/plain": ".txt"}


@blueprint.get("/counts")
@for_leads
def page() -> str:
    """The tallies of the latest days, or of those before a day; and what was set aside, newest first."""
    before, aside_before = _day(request.args.get("before", "")), id_in(request.args.get("aside", ""))
    with reading() as session:
        days = _days(session, before)
        set_aside = _set_aside(session, aside_before)
        return render_template(
            "supervisor/counts.html",
            days=days[:DAYS],
            tallies=_tallies(session, days[:DAYS]),
            earlier=days[DAYS - 1] if len(days) > DAYS else None,
            before=before,
            set_aside=set_aside[:ASIDE],
            how_many_aside=session.scalar(select(func.count()).select_from(SetAside).where(SetAside.settled_at.is_(None))),
            more_aside=set_aside[ASIDE - 1].id if len(set_aside) > ASIDE else None,
            mailboxes=list(session.scalars(select(Mailbox).order_by(Mailbox.name))),
        )


@blueprint.post("/counts/set-aside/again")
@for_leads
def again() -> ResponseReturnValue:
    """Has a worker try every set-aside mail again."""
    live.announcer.wake("try_set_aside")
    flash(_("The mails that were set aside are being tried again. What can be read leaves this list."))
    return redirect(url_for("counts.page", _anchor="set-aside"))


@blueprint.app_template_filter()
def calendar_day(day: date) -> str:
    """A day of the calendar, which has no time and no zone."""
    return str(format_date(day, "d MMM y"))


@blueprint.get("/counts/set-aside/<int:number>")
@for_leads
def original(number: int) -> Response:
    """The original of what was set aside, byte for byte; never shown in the browser, which might run it.

    For supervisors alone: it holds what a citizen wrote, of which administrators see nothing.
    """
    if me().role != "supervisor":
        abort(403)
    with reading() as session:
        aside = session.get(SetAside, number) if number < 2**31 else None
    if aside is None:
        abort(404)
    answer = Response(streamed(aside.raw_sha256), mimetype="application/octet-stream")
    ending = ENDINGS.get(aside.raw_type, ".bin")
    answer.headers["Content-Disposition"] = f'attachment; filename="set-aside-{aside.id}{ending}"'
    return answer


def _days(session: Session, before: date | None) -> list[date]:
    days = select(Tally.day).distinct().order_by(Tally.day.desc()).limit(DAYS + 1)
    return list(session.scalars(days.where(Tally.day < before) if before else days))


def _tallies(session: Session, days: list[date]) -> list[Tally]:
    if not days:
        return []
    within = Tally.day.between(days[-1], days[0])
    return list(session.scalars(select(Tally).where(within).order_by(Tally.day.desc(), Tally.channel)))


def _set_aside(session: Session, before: int | None) -> list[SetAside]:
    waiting = select(SetAside).where(SetAside.settled_at.is_(None)).order_by(SetAside.id.desc()).limit(ASIDE + 1)
    return list(session.scalars(waiting.where(SetAside.id < before) if before else waiting))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
