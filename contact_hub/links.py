"""Tickets that somebody linked by hand, because one is not understood without the other."""

from sqlalchemy import ForeignKey, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base
from contact_hub.tickets import Refused, Ticket


class TicketLink(Base):
    """Two linked tickets, the older one first: a link has no direction."""

    __tablename__ = "ticket_link"

    low_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)


def link(session: Session, ticket: Ticket, other: Ticket | None, *, by: Agent) -> None:
    """Links them; both histories say so. Raises Refused."""
    if other is None or other.id == ticket.id:
        raise Refused("other_missing")
    low, high = sorted((ticket.id, other.id))
    if session.get(TicketLink, (low, high)):
        raise Refused("linked_already")
    session.add(TicketLink(low_id=low, high_id=high))
    _tell(ticket, other, "linked", by)


def unlink(session: Session, ticket: Ticket, other: Ticket | None, *, by: Agent) -> None:
    """They have nothing to do with each other after all. Raises Refused."""
    if other is None:
        raise Refused("other_missing")
    low, high = sorted((ticket.id, other.id))
    gone = session.scalars(
        delete(TicketLink).where(TicketLink.low_id == low, TicketLink.high_id == high).returning(TicketLink.low_id)
    )
    if not gone.all():
        raise Refused("other_missing")
    _tell(ticket, other, "unlinked", by)


def linked_by_hand(session: Session, ticket: Ticket) -> list[Ticket]:
    """The tickets linked with this one."""
    links = select(TicketLink.low_id, TicketLink.high_id).where(
        or_(TicketLink.low_id == ticket.id, TicketLink.high_id == ticket.id)
    )
    ids = {each for pair in session.execute(links) for each in pair} - {ticket.id}
    return list(session.scalars(select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id))) if ids else []


def _tell(ticket: Ticket, other: Ticket, kind: str, by: Agent) -> None:
    ticket.record(kind, by=by, to=other.reference)
    other.record(kind, by=by, to=ticket.reference)
