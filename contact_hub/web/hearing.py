"""Who may hear what at the moment it is told: somebody's rights may have changed since their desk connected."""

import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contact_hub import agent_sessions, tickets
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.live import News
from contact_hub.queues import Queue, all_queues
from contact_hub.visibility import Sight, sight, sight_of

FRESH = 1.0  # seconds for which rights are known; at once where it is said that they changed
CHANGED = ("signed_out", "rights")  # news of somebody's rights, which tells of no ticket

Said = dict[str, Any]


@dataclass(frozen=True)
class Rights:
    """Who is at which desk, and how the queues are seen, as read at a moment of `time.monotonic`."""

    agents: Mapping[str, Agent]
    queues: Mapping[str, Queue]
    read_at: float


@dataclass
class Hearing:
    """The desks of one web process: by connection the token of the session in which it was opened."""

    desks: dict[str, str] = field(default_factory=dict)
    _known: Rights | None = None

    def opened(self, sid: str, token: str) -> None:
        """A desk connected: its rights are read when it is first told something."""
        self.desks[sid] = token
        self._known = None

    def told(self, event: str, said: Said, present: Collection[str]) -> tuple[list[tuple[Said, set[str]]], set[str]]:
        """Of these connections who is told how much of it; and those whose session is over, to be cut."""
        if any(each.get("kind") in CHANGED for each in said.get("news", ())):
            self._known = None
        rights = self.rights()
        gone = {sid for sid in present if sid not in rights.agents}
        alike: dict[str, tuple[Said, set[str]]] = {}
        for sid in set(present) - gone:
            theirs = _theirs(event, said, rights.agents[sid], rights.queues)
            if theirs is not None:
                alike.setdefault(json.dumps(theirs, sort_keys=True), (theirs, set()))[1].add(sid)
        return list(alike.values()), gone

    def rights(self) -> Rights:
        """Who is at the desks now and what they see, as it was known at most FRESH ago."""
        if self._known is None or time.monotonic() - self._known.read_at > FRESH:
            self._known = _read(dict(self.desks))
        return self._known


def _read(desks: Mapping[str, str]) -> Rights:
    """The agents of the desks whose sessions go on."""
    moment = time.monotonic()
    with reading() as session:
        by_token = agent_sessions.agents_of(session, set(desks.values()))
        queues = {queue.id: queue for queue in all_queues(session)}
    return Rights({sid: by_token[token] for sid, token in desks.items() if token in by_token}, queues, moment)


def _theirs(event: str, said: Said, agent: Agent, queues: Mapping[str, Queue]) -> Said | None:
    """What this agent may hear of it; None where that is nothing."""
    if event == "presence":
        return said if not said["people"] or _reads(agent, said["ticket"]) else None
    if not said["news"]:
        return said
    heard = list(_heard(agent, said["news"], queues))
    return {**said, "news": heard} if heard else None


def _heard(agent: Agent, news: Iterable[News], queues: Mapping[str, Queue]) -> Iterator[News]:
    for each in news:
        confidential = each.get("confidential", False)
        of_queue = (queues[name] for name in each["queues"] if name in queues)
        is_theirs = any(sight(agent, queue, confidential=confidential) == Sight.FULL for queue in of_queue)
        is_to_them = each["kind"] in CHANGED and agent.id in each.get("agents", ())
        if is_theirs or is_to_them or _reads(agent, each.get("ticket", "")):
            yield each


def _reads(agent: Agent, reference: str) -> bool:
    with reading() as session:
        ticket = tickets.find(session, reference) if reference else None
        return ticket is not None and sight_of(agent, ticket) == Sight.FULL
