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


class Segment(Base):
    """A stretch of time in which one queue, and at most one agent, held the ticket.

    `why` is how it began: routed, kept, claimed, assigned, released, handed_over, returned or reopened. A hand-over is to be
    accepted until `accept_by`.
    """

    __tablename__ = "segment"
    __table_args__ = (
        Index(None, "by_id", postgresql_where=text("why = 'handed_over'"), sqlite_where=text("why = 'handed_over'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id"))
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
    accept_by: Mapped[datetime | None] = mapped_column(index=True)


class Cycle(Base):
    """From the opening or reopening of a ticket to its resolution; a reopened ticket keeps its earlier ones."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("ticket_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    first_response_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(32), default="")
    reopened_at: Mapped[datetime | None]


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
