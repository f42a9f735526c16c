"""Decisions of the rules that people found wrong: each counts against the rule in its edition, until it is taken back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.tickets import Refused, Ticket


class WrongDecision(Base):
    """That the rule which routed this ticket, or one that labelled it, was wrong to; said once, whoever says it."""

    __tablename__ = "wrong_decision"
    __table_args__ = (Index(None, "rule", "edition_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(128), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[Agent] = relationship()


def say(session: Session, ticket: Ticket, rule: str, *, by: Agent) -> None:
    """This rule was wrong here; without a name the one that routed it. Raises Refused where no such rule decided."""
    decision = ticket.decision
    name = rule or (decision.rule if decision else "")
    if decision is None or name not in {decision.rule, *decision.record.get("labels", ())}:
        raise Refused("rule_not_here")
    if session.get(WrongDecision, (ticket.id, name)) is not None:
        raise Refused("wrong_already")
    session.add(WrongDecision(ticket_id=ticket.id, rule=name, edition_id=decision.edition_id, by_id=by.id))
    ticket.record("found_wrong", by=by, rule=name, edition=decision.edition_id)


def take_back(session: Session, ticket: Ticket, rule: str, *, by: Agent) -> None:
    """It was right after all. Raises Refused where nobody said otherwise."""
    name = rule or (ticket.decision.rule if ticket.decision else "")
    said = session.get(WrongDecision, (ticket.id, name))
    if said is None:
        raise Refused("not_wrong")
    session.delete(said)
    ticket.record("found_right", by=by, rule=name, edition=said.edition_id)


def of_ticket(session: Session, ticket: Ticket) -> dict[str, WrongDecision]:
    """What was found wrong about this ticket, by rule."""
    found = session.scalars(select(WrongDecision).where(WrongDecision.ticket_id == ticket.id))
    return {each.rule: each for each in found}


def counted(session: Session, seen: ColumnElement[bool], *, rule: str = "") -> Mapping[tuple[str, int], int]:
    """How often each rule was found wrong, by rule and edition, the latest edition first; of the tickets that `seen` holds."""
    number = func.count()
    among = select(WrongDecision.rule, WrongDecision.edition_id, number).join(Ticket, Ticket.id == WrongDecision.ticket_id)
    among = among.where(seen, WrongDecision.rule == rule) if rule else among.where(seen)
    by_edition = among.group_by(WrongDecision.rule, WrongDecision.edition_id)
    rows = session.execute(by_edition.order_by(WrongDecision.edition_id.desc(), number.desc(), WrongDecision.rule))
    return {(name, edition): count for name, edition, count in rows}


def tickets_of(session: Session, seen: ColumnElement[bool], rule: str, most: int) -> list[Ticket]:
    """The newest tickets of which this was said of the rule, of those that `seen` holds."""
    said = select(WrongDecision.ticket_id).where(WrongDecision.rule == rule)
    return list(session.scalars(select(Ticket).where(Ticket.id.in_(said), seen).order_by(Ticket.id.desc()).limit(most)))
