"""Hand-overs that nobody accepts in time go back to the first line, where people see them: nothing lies between two desks."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from contact_hub.database import now
from contact_hub.history import Segment
from contact_hub.holding import NOT_ACCEPTED
from contact_hub.pauses import at_work
from contact_hub.tickets import Ticket, is_open

AT_ONCE = 100  # tickets in one transaction


def is_any_overdue(session: Session) -> bool:
    """Whether there is anything to send back; asked first, so that nobody who writes waits for a look."""
    return session.scalar(select(Ticket.id).where(_is_overdue()).limit(1)) is not None


def return_overdue(session: Session) -> int:
    """Sends back what was handed over and touched by nobody until the moment it had to be accepted; how many it were."""
    overdue = select(Ticket).where(_is_overdue()).order_by(Ticket.id).limit(AT_ONCE)
    tickets = session.scalars(overdue.with_for_update(skip_locked=True)).all()
    for ticket in tickets:
        ticket.send_back(by=None, because=NOT_ACCEPTED)
    return len(tickets)


def _is_overdue() -> ColumnElement[bool]:
    late = select(Segment.ticket_id).where(
        Segment.why == "handed_over", Segment.ended_at.is_(None), Segment.accepted_at.is_(None), Segment.accept_by < now()
    )
    return and_(Ticket.id.in_(late), is_open(), Ticket.owner_id.is_(None), at_work())
