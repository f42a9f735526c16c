"""How a ticket can end from where it stands: each outcome says what must have happened, and the figures rely on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Select, and_, bindparam, exists, func, select

from contact_hub.calls import CallBack
from contact_hub.conditions import written_out
from contact_hub.history import FIRST_LINE, OUTCOMES, Cycle, Event, Pause
from contact_hub.messages import Message

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket

SPOKEN = ("phone", "counter", "chat")
"""The doors at which a citizen waits for the answer."""


@dataclass(frozen=True)
class Past:
    """What happened to a ticket that says how it can end.

    `advised`: a colleague answered what was asked in this cycle. `spoken`: its citizen was there or on the line. `called`: a
    call back was promised, or a later call is logged with it. `asked`: the citizen was written to or waited for.
    """

    back_office: bool = False
    advised: bool = False
    spoken: bool = False
    called: bool = False
    asked: bool = False
    by_phone: bool = False


Need = tuple[Callable[[Past], bool], str]
_FRONT: Need = (lambda past: not past.back_office, "not_first_line")
NEEDS: Mapping[str, Sequence[Need]] = {
    **{code: [_FRONT] for code in FIRST_LINE},
    "resolved_after_consult": [_FRONT, (lambda past: past.advised, "nobody_advised")],
    "warm_transfer_solved": [_FRONT, (lambda past: past.spoken, "nobody_waited")],
    "resolved_back_office": [(lambda past: past.back_office, "no_back_office")],
    "callback_done": [(lambda past: past.called, "nobody_called_back")],
    "information_missing": [(lambda past: past.asked or past.spoken, "citizen_not_asked")],
    "wrong_number": [(lambda past: past.by_phone, "not_by_phone")],
}
"""What must have happened for an outcome, each with the code of its refusal."""


def refusal(past: Past, outcome: str) -> str:
    """The code of why it can't have ended so; empty where it can."""
    if outcome not in OUTCOMES:
        return "unknown_outcome"
    return next((code for is_met, code in NEEDS.get(outcome, ()) if not is_met(past)), "")


def possible(past: Past) -> list[str]:
    """The outcomes that are left, in their order."""
    return [code for code in OUTCOMES if not refusal(past, code)]


def at_once(channel: str) -> list[str]:
    """How a question can end that was asked a moment ago at this door."""
    return possible(Past(spoken=channel in SPOKEN, by_phone=channel == "phone"))


def past_of(ticket: "Ticket") -> Past:
    """What happened to this ticket so far."""
    session = ticket.session
    session.flush()
    found = session.execute(_HAPPENED, {"of_ticket": ticket.id}).one()
    return Past(
        back_office=ticket.was_in_back_office,
        advised=bool(found.advised),
        spoken=bool(found.spoken),
        called=bool(found.promised) or found.calls > (ticket.channel == "phone"),
        asked=bool(found.answered or found.waited),
        by_phone=found.calls > 0,
    )


def _asking() -> Select[Any]:
    """The one question for all of it."""
    of_ticket = bindparam("of_ticket", type_=Integer)
    said = and_(Message.ticket_id == of_ticket, Message.kind == "said")
    began = select(Cycle.opened_at).where(Cycle.ticket_id == of_ticket).order_by(Cycle.number.desc()).limit(1).scalar_subquery()
    return select(
        exists().where(Event.ticket_id == of_ticket, Event.kind == "advised", Event.at >= began).label("advised"),
        exists().where(said, Message.channel.in_(written_out(SPOKEN))).label("spoken"),
        exists().where(CallBack.ticket_id == of_ticket).label("promised"),
        exists().where(Message.ticket_id == of_ticket, Message.kind == "answer").label("answered"),
        exists().where(Pause.ticket_id == of_ticket).label("waited"),
        select(func.count()).where(said, Message.channel == "phone").scalar_subquery().label("calls"),
    )


_HAPPENED = _asking()  # made once: every page of a ticket asks it
