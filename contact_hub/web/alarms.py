"""What a supervisor must know on whatever page: a rules file that can't be used, and counts that don't close."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint
from sqlalchemy import select

from contact_hub import rules_file
from contact_hub.arrivals import Tally
from contact_hub.database import reading
from contact_hub.web.people_at_work import who

blueprint = Blueprint("alarms", __name__)


@dataclass(frozen=True)
class Alarms:
    """How many mistakes the rules file has, and on which days something is missing; nothing where all is well.

    `waiting` is the draft in which a change of the file waits, 0 where none does.
    """

    mistakes: int = 0
    days: tuple[date, ...] = ()
    waiting: int = 0


@blueprint.app_context_processor
def give_to_templates() -> dict[str, Any]:
    """Lets every page ask for `alarms()`."""
    return {"alarms": alarms}


def alarms() -> Alarms:
    """What is wrong now, for those whose work it is; agents are not bothered with it."""
    agent = who()
    if agent is None or not agent.leads:
        return Alarms()
    with reading() as session:
        days = session.scalars(select(Tally.day).where(Tally.missing != 0).distinct().order_by(Tally.day))
        waiting = rules_file.waiting_draft(session)
        return Alarms(len(rules_file.mistakes_in_file(session)), tuple(days), waiting.id if waiting else 0)
