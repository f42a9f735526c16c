"""A slip: what somebody did to a ticket by mistake just now is undone, and leaves no trace but in its history.

What a verb changes is kept as it was before. The figures are counted from segments, cycles, pauses and the ticket itself: all
of these stand again as if the verb had never been. It is no slip any more after UNDO, or once anything else happened.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from contact_hub import live
from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.refused import Refused

if TYPE_CHECKING:
    from contact_hub.tickets import Ticket

UNDO = timedelta(minutes=10)
OF_TICKET = (
    "queue_id",
    "owner_id",
    "status",
    "unread",
    "screened",
    "undelivered",
    "rank",
    "topic_id",
    "tags",
    "due_at",
    "waiting_since",
    "snoozed_until",
    "outcome",
    "resolved_at",
)
PARTS: Mapping[str, tuple[str, ...]] = {
    "segments": ("agent_id", "ended_at", "accepted_at", "accepted_by_id"),
    "cycles": ("due_at", "topic_id", "first_line", "first_response_at", "resolved_at", "outcome", "reopened_at"),
    "pauses": ("ended_at",),
}
"""What a verb may change of the rows of a ticket's past; which rows there are, it may change too."""

Standing = dict[str, Any]
P = ParamSpec("P")


class Slip(Base):
    """The last verb of a ticket that can be undone: the event that tells of it, and how the ticket stood before."""

    __tablename__ = "slip"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    event: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    before: Mapped[dict[str, Any]]


def may_be_undone(verb: "Callable[Concatenate[Ticket, P], None]") -> "Callable[Concatenate[Ticket, P], None]":
    """A verb whose ticket is kept as it stood before."""

    @wraps(verb)
    def done(ticket: "Ticket", /, *args: P.args, **kwargs: P.kwargs) -> None:
        before, told = standing(ticket), ticket.last_event
        verb(ticket, *args, **kwargs)
        if ticket.last_event > told:
            ticket.session.merge(Slip(ticket_id=ticket.id, event=ticket.last_event, at=now(), before=before))

    return done


def slip_of(ticket: "Ticket", by: Agent) -> Slip | None:
    """What this person did last and can undo; None where time went over it, or anything happened since."""
    slip = ticket.session.get(Slip, ticket.id)
    if slip is None or slip.event != ticket.last_event or now() >= slip.at + UNDO:
        return None
    told = select(Event.by_id).where(Event.ticket_id == ticket.id, Event.number == slip.event)
    return slip if ticket.session.scalar(told) == by.id else None


def undo(ticket: "Ticket", *, by: Agent) -> None:
    """Undoes what this person did last. Raises Refused."""
    slip = slip_of(ticket, by)
    if slip is None:
        raise Refused("nothing_to_undo")
    take_back(ticket, slip.before, by=by)


def take_back(ticket: "Ticket", before: Standing, *, by: Agent) -> None:
    """Puts the ticket back as it stood; the history tells that it was, and what was undone."""
    undone = ticket.last_event
    forget_note(ticket, undone)
    stand_again(ticket, before)
    ticket.record("undone", by=by, event=undone)


def forget_note(ticket: "Ticket", event: int | None = None) -> None:
    """The note that went with a resolution is gone: with the one this event tells of, or with the last."""
    session = ticket.session
    told = select(Event.data).where(Event.ticket_id == ticket.id, Event.kind == "resolved").order_by(Event.number.desc())
    data = session.scalar(told.where(Event.number == event) if event else told.limit(1)) or {}
    message = session.get(Message, data["note"]) if "note" in data else None
    if message is not None:
        session.delete(message)
        session.flush()


def standing(ticket: "Ticket") -> Standing:
    """How the ticket stands, as `stand_again` takes it; as JSON, of ids, codes and moments alone."""
    ticket.session.flush()
    parts = {part: [_kept(row, ("id", *columns)) for row in getattr(ticket, part)] for part, columns in PARTS.items()}
    return {"ticket": _kept(ticket, OF_TICKET), **parts}


def stand_again(ticket: "Ticket", before: Standing) -> None:
    """Makes it stand as it did."""
    session = ticket.session
    session.flush()
    if ticket.queue_id != before["ticket"]["queue_id"]:
        live.note(session, ticket.news("left"))
        ticket.queue = session.get_one(Queue, before["ticket"]["queue_id"])
    _set(ticket, before["ticket"])
    for part in PARTS:
        were = {row["id"]: row for row in before[part]}
        for row in list(getattr(ticket, part)):
            if row.id in were:
                _set(row, were[row.id])
            else:
                session.delete(row)
    session.flush()
    session.expire(ticket, [*PARTS, "owner"])


def _kept(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        is_moment = isinstance(value, str) and name.endswith(MOMENTS)
        setattr(row, name, datetime.fromisoformat(value) if is_moment else value)


MOMENTS = ("_at", "_since", "_until")
"""How the columns end that hold one."""
