"""What each door was offered and what became of it, and how the mailboxes are doing."""

from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import arrivals
from contact_hub.arrivals import Tally
from contact_hub.database import reading
from contact_hub.days import day_in
from contact_hub.mailboxes import Mailbox, MailboxDay
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_leads

blueprint = Blueprint("counts", __name__)
menu = (Entry("counts.page", _l("Counts"), position=70, leads_only=True),)

DAYS = 14  # of tallies on one page
MAILBOX_DAYS = 60  # days of mailboxes on one page


@blueprint.get("/counts")
@for_leads
def page() -> str:
    """The tallies of the latest days, or of those before a day; and how the mailboxes are doing."""
    before = _day(request.args.get("before", ""))
    with reading() as session:
        days = _days(session, before)
        return render_template(
            "supervisor/counts.html",
            days=days[:DAYS],
            tallies=_tallies(session, days[:DAYS]),
            earlier=days[DAYS - 1] if len(days) > DAYS else None,
            before=before,
            how_many_aside=arrivals.how_many_wait(session),
            mailbox_days=_mailbox_days(session, before),
            mailboxes=list(session.scalars(select(Mailbox).order_by(Mailbox.name))),
        )


@blueprint.app_template_filter()
def calendar_day(day: date) -> str:
    """A day of the calendar, which has no time and no zone."""
    return str(format_date(day, "d MMM y"))


def _days(session: Session, before: date | None) -> list[date]:
    days = select(Tally.day).distinct().order_by(Tally.day.desc()).limit(DAYS + 1)
    return list(session.scalars(days.where(Tally.day < before) if before else days))


def _tallies(session: Session, days: list[date]) -> list[Tally]:
    if not days:
        return []
    within = Tally.day.between(days[-1], days[0])
    return list(session.scalars(select(Tally).where(within).order_by(Tally.day.desc(), Tally.channel)))


def _mailbox_days(session: Session, before: date | None) -> list[MailboxDay]:
    """What of each mailbox was read on its latest days, beside what its server counts."""
    current = (MailboxDay.mailbox == Mailbox.name) & (MailboxDay.uid_validity == Mailbox.uid_validity)
    found = select(MailboxDay).join(Mailbox, current).order_by(MailboxDay.day.desc(), MailboxDay.mailbox)
    return list(session.scalars((found.where(MailboxDay.day < before) if before else found).limit(MAILBOX_DAYS)))


def _day(written: str) -> date | None:
    try:
        return day_in(written)
    except ValueError:
        return None
