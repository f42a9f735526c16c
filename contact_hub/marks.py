"""What a ticket is marked with and people may mend: its topic, its priority, its tags and when it is due."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import object_session

from contact_hub.agents import Agent
from contact_hub.queues import Topic
from contact_hub.slips import may_be_undone
from contact_hub.tickets import PRIORITIES, Refused, Ticket

MOST_TAGS = 20
LONGEST_TAG = 60


@dataclass(frozen=True)
class Marks:
    """`topic` is an id or empty; `due` is UTC, None where nothing is due."""

    topic: str
    priority: str
    tags: tuple[str, ...]
    due: datetime | None


def marks_of(ticket: Ticket) -> Marks:
    """What the ticket is marked with now."""
    return Marks(ticket.topic_id, ticket.priority, tuple(ticket.tags), ticket.due_at)


@may_be_undone
def mark_anew(ticket: Ticket, marks: Marks, *, by: Agent, because: str) -> None:
    """Marks it otherwise, with the reason; what it was marked with before stays in its history. Raises Refused."""
    before, after = asdict(marks_of(ticket)), asdict(marks)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        raise Refused("nothing_changed")
    if not because.strip():
        raise Refused("why_marked")
    session = object_session(ticket)
    assert session is not None  # a ticket changes only within a transaction
    if marks.priority not in PRIORITIES or (marks.topic and session.get(Topic, marks.topic) is None):
        raise Refused("mark_unknown")
    if len(marks.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in marks.tags):
        raise Refused("too_many_tags", most=f"{MOST_TAGS}", longest=f"{LONGEST_TAG}")
    ticket.rank, ticket.tags = PRIORITIES.index(marks.priority), list(marks.tags)
    if "topic" in changed:
        ticket.is_about(session.get(Topic, marks.topic) if marks.topic else None)
    if "due" in changed:
        ticket.is_due(marks.due)
    said = {name: {"from": _plain(before[name]), "to": _plain(after[name])} for name in changed}
    ticket.record("marked", by=by, because=because.strip(), changed=said)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
