"""What happened to a ticket since somebody looked: a verb of theirs that does not know of it may be a mistake."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.history import Event
from contact_hub.tickets import Refused, Ticket

MOVED = frozenset({"handed_over", "returned", "resolved", "reopened", "resumed", "joined", "parted", "undone"})
OWNED = frozenset({"claimed", "assigned", "released"})
RESTED = frozenset({"waits", "put_off", "went_on"})
SAID = frozenset({"heard", "answered", "bounced"})
CHANGED = MOVED | OWNED | RESTED | SAID


class WentOn(Refused):
    """Somebody acts on what they saw, and it is not so any more: `events` tell what they don't know."""

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__("went_on")
        self.events = events


def must_be_known(session: Session, ticket: Ticket, seen: int | None, kinds: Collection[str], *, by: Agent) -> None:
    """Raises WentOn where, after the event numbered `seen`, somebody else did one of these things. None: nobody said."""
    if seen is None or seen >= ticket.last_event or not kinds:
        return
    later = select(Event).where(Event.ticket_id == ticket.id, Event.number > seen, Event.kind.in_(sorted(kinds)))
    events = session.scalars(later.where(Event.by_id.is_distinct_from(by.id)).order_by(Event.number)).all()
    if events:
        session.expunge_all()  # they are told after this transaction is given up
        raise WentOn(events)
