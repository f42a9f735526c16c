"""What happened to a ticket, as the figures need it: segments, cycles, events and the decision that routed it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contact_hub.database import Base, Words, now

# Codes never change; the class says how kpis count them: R solved by the front office itself, VOID not counted anywhere.
OUTCOMES: dict[str, str] = {
    "resolved_first_line": "R",
    "resolved_after_consult": "R",
    "warm_transfer_solved": "R",
    "resolved_back_office": "back office",
    "callback_done": "callback",
    "informed_external": "external",
    "information_missing": "unanswered",
    "unreachable": "unanswered",
    "spam": "VOID",
    "test": "VOID",
    "wrong_number": "VOID",
    "duplicate": "VOID",
}
FIRST_LINE = frozenset(code for code, kind in OUTCOMES.items() if kind == "R")
VOID = frozenset(code for code, kind in OUTCOMES.items() if kind == "VOID")
_HANDED_OVER = text("why = 'handed_over'")


class Segment(Base):
    """A stretch of time in which one queue, and at most one agent, held the ticket.

    `why` is how it began: routed, kept, claimed, assigned, released, handed_over, returned or reopened. `tier` is that of the
    queue at that time, whatever the rules say later. A hand-over is to be accepted until `accept_by`; who first took up what
    a queue got, and when, stands with the stretch in which it got it.
    """

    __tablename__ = "segment"
    __table_args__ = (Index(None, "by_id", "id", "ticket_id", postgresql_where=_HANDED_OVER, sqlite_where=_HANDED_OVER),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id"))
    tier: Mapped[str] = mapped_column(String(8), default="", server_default="")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    began_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(128), default="")
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    reason: Mapped[str] = mapped_column(Words(), default="")
    promise: Mapped[str] = mapped_column(Words(), default="")
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    accept_by: Mapped[datetime | None] = mapped_column(index=True)


class Cycle(Base):
    """From the opening or reopening of a ticket to its resolution; a reopened ticket keeps its earlier ones.

    `why` is how it began: opened, citizen (who said something more), by_hand, undelivered (our answer came back) or merged
    (another ticket was taken in: nobody came back). `due_at` is when the first response was due as it was promised at that
    time, without the time spent waiting for the citizen. `topic_id` is what it was about, and `first_line` whether the rules
    then said that the first line can solve that; None where it had no topic.
    """

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("ticket_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[int] = mapped_column(default=1)
    why: Mapped[str] = mapped_column(String(16), default="opened", server_default="opened")
    due_at: Mapped[datetime | None]
    topic_id: Mapped[str] = mapped_column(String(64), default="", server_default="")
    first_line: Mapped[bool | None]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    first_response_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(32), default="")
    reopened_at: Mapped[datetime | None]


class Pause(Base):
    """A time in which a cycle of the ticket waited for its citizen, that no clock of ours counts; it may still run."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    cycle: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class Event(Base):
    """One thing that happened to a ticket; numbered without gaps per ticket, never changed."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("ticket_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class StoredDecision(Base):
    """Why the ticket went where it went: the winning rule of which edition, and the words that made it win."""

    __tablename__ = "decision"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    rule: Mapped[str] = mapped_column(String(128), index=True)
    queue_id: Mapped[str] = mapped_column(String(64))
    record: Mapped[dict[str, Any]]
