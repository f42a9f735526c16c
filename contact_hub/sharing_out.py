"""Who works on what: a ticket given to a colleague, and the next one for whoever has time."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent, Colleague
from contact_hub.pauses import at_work
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, by_queue, queues_in_sight, tickets_in_sight


def assign(ticket: Ticket, to: Agent | None, *, by: Agent) -> None:
    """Makes it the work of a colleague who may see it whole. Raises Refused."""
    if to is None or not to.active:
        raise Refused("colleague_missing")
    if not _sees(to, ticket):
        raise Refused("not_in_their_sight", colleague=to.name)
    ticket.assign(to, by=by)


def colleagues(ticket: Ticket, everyone: Iterable[Colleague]) -> list[Colleague]:
    """Whom it may be given to: members of its queue first, then everybody else who sees it whole."""
    found = [each for each in everyone if each.id != ticket.owner_id and _sees(each, ticket)]
    return sorted(found, key=lambda each: ticket.queue_id not in each.queue_ids)


def _sees(agent: Agent | Colleague, ticket: Ticket) -> bool:
    """By their queues and role; who was only asked about it does not get it."""
    return by_queue(agent, ticket) == Sight.FULL


def take_next(session: Session, agent: Agent) -> Ticket | None:
    """The most urgent ticket nobody has yet, made the work of this person; None where nothing is left.

    From their own queues; who is a member of none takes from all they see whole. Never the same to two who ask at once: on
    PostgreSQL a row that another one holds is passed over, on SQLite one asks after the other.
    """
    queues = queues_in_sight(session, agent, Sight.FULL)
    own = {name: queue for name, queue in queues.items() if name in agent.queue_ids}
    free = select(Ticket).where(
        tickets_in_sight(agent, (own or queues).values(), Sight.FULL),
        Ticket.status.in_(("new", "open")),
        Ticket.owner_id.is_(None),
        Ticket.screened.is_(False),
        at_work(),
    )
    free = free.order_by(Ticket.rank, Ticket.due_at.is_(None), Ticket.due_at, Ticket.id).limit(1)
    ticket = session.scalar(free.with_for_update(skip_locked=True))
    if ticket is not None:
        ticket.claim(agent)
    return ticket
