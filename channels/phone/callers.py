"""Who may be calling: the people that the typed words could mean, as far as the agent may know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, union_all
from sqlalchemy.orm import Session, selectinload

from contact_hub.agents import Agent
from contact_hub.people import Person
from contact_hub.queues import Queue
from contact_hub.search.persons import meant_by
from contact_hub.tickets import Ticket, is_open
from contact_hub.visibility import Sight, queues_in_sight, tickets_in_sight

MOST = 6  # people offered at once
MOST_TICKETS = 5  # open tickets shown of each
SHORTEST = 3  # characters before anybody is looked for


@dataclass(frozen=True)
class Caller:
    """Somebody who may be calling, with the addresses to know them by and their open tickets that the agent sees whole."""

    person: Person
    tickets: Sequence[Ticket]

    @property
    def address(self) -> str:
        """How to reach them: by telephone where a number is known."""
        by_kind: Mapping[str, str] = {each.kind: each.value for each in reversed(self.person.ways)}
        return by_kind.get("phone") or by_kind.get("mail", "")


def found(session: Session, agent: Agent, typed: str) -> list[Caller]:
    """Whom a name, a number, an address or a reference means; those with something open first.

    A person appears by tickets that the agent sees whole, and by no others.
    """
    wanted = typed.strip()
    if len(wanted) < SHORTEST:
        return []
    queues = queues_in_sight(session, agent, Sight.FULL).values()
    seen = tickets_in_sight(agent, queues, Sight.FULL)
    fits = union_all(*(select(way.subquery()) for way in meant_by(session, wanted))).cte("fits")
    still_open = is_open()
    persons = (
        select(Person)
        .join(Ticket, Ticket.person_id == Person.id)
        .where(seen, Person.id.in_(select(fits)))
        .group_by(Person.id)
        .order_by(func.count(Ticket.id).filter(still_open).desc(), Person.id.desc())
        .limit(MOST)
        .options(selectinload(Person.addresses))
    )
    people_found = list(session.scalars(persons))
    return [Caller(each, _open_tickets(session, each, and_(seen, still_open))) for each in people_found]


def _open_tickets(session: Session, person: Person, seen: ColumnElement[bool]) -> list[Ticket]:
    tickets = select(Ticket).join(Queue, Queue.id == Ticket.queue_id).where(Ticket.person_id == person.id, seen)
    return list(session.scalars(tickets.options(selectinload(Ticket.queue)).order_by(Ticket.id.desc()).limit(MOST_TICKETS)))
