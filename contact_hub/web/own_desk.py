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
    few_tickets_read,
    queues_in_sight,
    sights,
    tickets_asked_about,
    tickets_in_sight,
    tickets_of_persons,
    tickets_read,
)

DESKS = 256  # whose conditions and statements are ready to be asked for again


@dataclass(frozen=True, eq=False)
class OwnSight:
    """The queues one person sees: the own ones, those seen whole, and those of which only the state is seen.

    Two are equal where they are one person's, who sees the same.
    """

    agent: Agent
    queues: Mapping[str, Queue]

    @classmethod
    def by_queues(cls, session: Session, agent: Agent) -> "OwnSight":
        """What this person has in sight."""
        return OwnSight(agent, queues_in_sight(session, agent))

    def __eq__(self, other: object) -> bool:
        """Whether every condition is the same."""
        return isinstance(other, OwnSight) and self._seen == other._seen

    def __hash__(self) -> int:
        """Of what decides what is seen."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self._seen)

    @cached_property
    def _seen(self) -> Hashable:
        """All that a condition for a query is made of."""
        return self.agent.id, self.agent.queue_ids, self._sights

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

    def narrows(self, queue_id: str) -> bool:
        """Whether a list may be narrowed: not that of a queue of which only the state is seen, for that would tell more."""
        return queue_id not in self.queues or self.sees(self.queues[queue_id])

    @property
    def whole(self) -> ColumnElement[bool]:
        """The tickets seen whole because of the queue they stand in; the same object at each desk where the same is seen."""
        return _whole(self)

    @property
    def of_few(self) -> ColumnElement[bool]:
        """The tickets seen whole where few are looked at: also those that the person was asked about; as `whole`."""
        return _of_few(self)

    @property
    def of_persons(self) -> ColumnElement[bool]:
        """The tickets named beside their person: those seen whole, and of restricted queues that they exist; as `whole`."""
        return _of_persons(self)


@dataclass(frozen=True, eq=False)
class Desk(OwnSight):
    """The same, and in `asked` the ids of the tickets, wherever they stand, seen whole by who was asked about them."""

    asked: frozenset[int] = frozenset()

    @classmethod
    def of(cls, session: Session, agent: Agent) -> "Desk":
        """What this person has in sight."""
        return cls(agent, queues_in_sight(session, agent), tickets_asked_about(session, agent))

    @cached_property
    def _seen(self) -> Hashable:
        return self.agent.id, self.agent.queue_ids, self._sights, self.asked

    def reads(self, ticket: Ticket) -> bool:
        """Whether the person sees this ticket whole."""
        return ticket.id in self.asked or (ticket.queue_id, ticket.confidential) in self._seen_whole

    @cached_property
    def read(self) -> ColumnElement[bool]:
        """The tickets seen whole, be it because of their queue or because the person was asked about them."""
        return tickets_read(self.agent, self.queues.values(), self.asked)


@lru_cache(maxsize=DESKS)
def _whole(sight: OwnSight) -> ColumnElement[bool]:
    return tickets_in_sight(sight.agent, sight.queues.values(), Sight.FULL)


@lru_cache(maxsize=DESKS)
def _of_few(sight: OwnSight) -> ColumnElement[bool]:
    return few_tickets_read(sight.agent, sight.queues.values())


@lru_cache(maxsize=DESKS)
def _of_persons(sight: OwnSight) -> ColumnElement[bool]:
    return tickets_of_persons(sight.agent, sight.queues.values())
