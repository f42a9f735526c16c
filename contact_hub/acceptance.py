"""Hand-overs that nobody accepts in time go back the way they came, where people see them: nothing lies between two desks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.database import now
from contact_hub.history import Segment
from contact_hub.pauses import at_work
from contact_hub.tickets import NOT_ACCEPTED, Ticket

AT_ONCE = 100  # tickets in one transaction


def return_overdue(session: Session) -> int:
    """Sends back what was handed over and touched by nobody until the moment it had to be accepted; how many it were."""
    late = select(Segment.ticket_id).where(
        Segment.why == "handed_over", Segment.ended_at.is_(None), Segment.accepted_at.is_(None), Segment.accept_by < now()
    )
    waiting = select(Ticket).where(Ticket.id.in_(late), Ticket.status == "new", Ticket.owner_id.is_(None), at_work())
    tickets = session.scalars(waiting.order_by(Ticket.id).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    for ticket in tickets:
        ticket.send_back(by=None, because=NOT_ACCEPTED)
    return len(tickets)
