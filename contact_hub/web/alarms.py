"""What a supervisor must know on any page: unusable rules, counts that don't close, form mails and mailboxes in trouble."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from contact_hub import arrivals, mailbox_alarms, rules_file
from contact_hub.arrivals import FormMailTally, Tally
from contact_hub.database import now, reading
from contact_hub.mailbox_alarms import MailboxAlarm
from contact_hub.rules_file import RulesFile
from contact_hub.web.people_at_work import who
from contact_hub.web.security import settings_of
from contact_hub.web.watched import watched

blueprint = Blueprint("alarms", __name__)
LATELY = timedelta(days=7)

WORDS = {
    mailbox_alarms.SIGN_IN: _l("The hub is not let in: %(detail)s"),
    mailbox_alarms.UNREACHED: _l("It can't be read: %(detail)s"),
    mailbox_alarms.UNWATCHED: _l("Nobody has looked into it for ten minutes: is the watcher running?"),
    mailbox_alarms.SILENT: _l("Silent for longer than usual: by now about %(detail)s mails would have come"),
    mailbox_alarms.LAGGING: _l("Mail comes in faster than it is read: %(detail)s wait"),
    mailbox_alarms.MISSING: _l("The server counts %(detail)s more than were read"),
}


@dataclass(frozen=True)
class Alarms:
    """How many mistakes the rules file has, and on which days something is missing; nothing where all is well.

    `waiting` is the draft in which a change of the file waits, 0 where none does. `astray` says in how many mails of the last
    week a template of form mails did not find its labels, by template. `secret` is the last day of the secret by which the
    hub signs in at its mailboxes, once that is near.
    """

    mistakes: int = 0
    days: tuple[date, ...] = ()
    waiting: int = 0
    astray: Mapping[str, int] = field(default_factory=dict)
    mailboxes: tuple[MailboxAlarm, ...] = ()
    secret: date | None = None


# Mostly there is nothing: one question for all, made once, and a second one only for what is there.
_THERE = select(
    select(RulesFile.mistakes).scalar_subquery().label("mistakes"),
    exists().where(Tally.missing != 0).label("days"),
    exists().where(rules_file.waits_in_draft()).label("waiting"),
    exists().where(FormMailTally.day >= bindparam("since"), FormMailTally.misfit > 0).label("astray"),
)


@blueprint.app_context_processor
def give_to_templates() -> dict[str, Any]:
    """Lets every page ask for `alarms()`."""
    return {"alarms": alarms, "MAILBOX_ALARMS": WORDS}


def alarms() -> Alarms:
    """What is wrong now, for those whose work it is; agents are not bothered with it."""
    agent = who()
    if agent is None or not agent.leads:
        return Alarms()
    with reading() as session:
        since = (now() - LATELY).date()
        there = session.execute(_THERE, {"since": since}).one()
        waiting = rules_file.waiting_draft(session) if there.waiting else None
        return Alarms(
            mistakes=len(there.mistakes or ()),
            days=_days(session) if there.days else (),
            waiting=waiting.id if waiting else 0,
            astray=arrivals.misfits(session, since) if there.astray else {},
            mailboxes=tuple(mailbox_alarms.alarms(session, now(), watched(settings_of(current_app)))),
            secret=_secret(),
        )


def _days(session: Session) -> tuple[date, ...]:
    return tuple(session.scalars(select(Tally.day).where(Tally.missing != 0).distinct().order_by(Tally.day)))


def _secret() -> date | None:
    oauth = settings_of(current_app).oauth
    return oauth.secret_expires if oauth and mailbox_alarms.secret_runs_out(oauth.secret_expires, now()) else None
