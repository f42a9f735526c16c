"""How a ticket can end from where it stands: each outcome says what must have happened, and the figures rely on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from contact_hub.calls import CallBack
from contact_hub.history import FIRST_LINE, OUTCOMES, Event
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
    count = select(Message.kind, Message.channel, func.count()).where(Message.ticket_id == ticket.id)
    said = {(kind, channel): number for kind, channel, number in session.execute(count.group_by(Message.kind, Message.channel))}
    calls = said.get(("said", "phone"), 0)
    promised = exists().where(CallBack.ticket_id == ticket.id)
    advised = exists().where(Event.ticket_id == ticket.id, Event.kind == "advised", Event.at >= ticket.cycle.opened_at)
    has_advice, has_call_back = session.execute(select(advised, promised)).one()
    return Past(
        back_office=ticket.was_in_back_office,
        advised=bool(has_advice),
        spoken=any(kind == "said" and channel in SPOKEN for kind, channel in said),
        called=bool(has_call_back) or calls > (ticket.channel == "phone"),
        asked=any(kind == "answer" for kind, _ in said) or bool(ticket.pauses),
        by_phone=calls > 0,
    )
