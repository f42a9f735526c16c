"""What one person has in sight at the desk: the queues, and which of their tickets are listed, named or read."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket
from contact_hub.visibility import (
    Sight,
    queues_in_sight,
    sights,
    tickets_asked_about,
    tickets_in_sight,
    tickets_of_persons,
    tickets_read,
)

DESKS = 256  # whose conditions and statements are ready to be asked for again


@dataclass(frozen=True, eq=False)
class Desk:
    """The queues one person sees: the own ones, those seen whole, and those of which only the state is seen.

    `asked` are the ids of the tickets, wherever they stand, that they see whole because they were asked about them. Two desks
    are equal where they are one person's, who sees the same.
    """

    agent: Agent
    queues: Mapping[str, Queue]
    asked: frozenset[int] = frozenset()

    @classmethod
    def of(cls, session: Session, agent: Agent) -> "Desk":
        """What this person has in sight."""
        return cls(agent, queues_in_sight(session, agent), tickets_asked_about(session, agent))

    def __eq__(self, other: object) -> bool:
        """Whether every condition is the same."""
        return isinstance(other, Desk) and self._seen == other._seen

    def __hash__(self) -> int:
        """Of what decides what is seen."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self._seen)

    @cached_property
    def _seen(self) -> Hashable:
        """All that a condition for a query is made of."""
        return self.agent.id, self.agent.queue_ids, self._sights, self.asked

    @cached_property
    def _sights(self) -> tuple[tuple[str, str, Sight, Sight], ...]:
        return sights(self.agent, self.queues.values())

    @cached_property
    def own(self) -> list[Queue]:
        """The queues the person is a member of."""
        return [queue for queue in self.queues.values() if queue.id in self.agent.queue_ids]

    @cached_property
    def others(self) -> list[Queue]:
        """The other queues seen whole."""
        return [queue for queue in self.queues.values() if queue.id not in self.agent.queue_ids and self.sees(queue)]

    @cached_property
    def partial(self) -> list[Queue]:
        """The queues of which only the state is seen."""
        return [queue for queue in self.queues.values() if not self.sees(queue)]

    @cached_property
    def _seen_whole(self) -> frozenset[tuple[str, bool]]:
        """The queues of which the person sees the tickets whole, each with whether those that are confidential."""
        return frozenset(
            (queue_id, closed)
            for queue_id, _, *seen in self._sights
            for closed, how_much in zip((False, True), seen, strict=True)
            if how_much == Sight.FULL
        )

    def sees(self, queue: Queue) -> bool:
        """Whether the person sees the tickets of this queue whole, but for confidential ones."""
        return (queue.id, False) in self._seen_whole

    def reads(self, ticket: Ticket) -> bool:
        """Whether the person sees this ticket whole."""
        return ticket.id in self.asked or (ticket.queue_id, ticket.confidential) in self._seen_whole

    def narrows(self, queue_id: str) -> bool:
        """Whether a list may be narrowed: not that of a queue of which only the state is seen, for that would tell more."""
        return queue_id not in self.queues or self.sees(self.queues[queue_id])

    @property
    def whole(self) -> ColumnElement[bool]:
        """The tickets seen whole because of the queue they stand in; the same object at each desk where the same is seen."""
        return _whole(self)

    @cached_property
    def read(self) -> ColumnElement[bool]:
        """The tickets seen whole, be it because of their queue or because the person was asked about them."""
        return tickets_read(self.agent, self.queues.values(), self.asked)

    @property
    def of_persons(self) -> ColumnElement[bool]:
        """The tickets named beside their person: those seen whole, and of restricted queues that they exist; as `whole`."""
        return _of_persons(self)


@lru_cache(maxsize=DESKS)
def _whole(desk: Desk) -> ColumnElement[bool]:
    return tickets_in_sight(desk.agent, desk.queues.values(), Sight.FULL)


@lru_cache(maxsize=DESKS)
def _of_persons(desk: Desk) -> ColumnElement[bool]:
    return tickets_of_persons(desk.agent, desk.queues.values(), desk.asked)
