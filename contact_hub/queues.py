"""The work lists of the teams and what their tickets are about, as the current edition of the rules names them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base
from contact_hub.routing.rules import Rulebook


class Queue(Base):
    """A team's work list; one that left the rules is retired, never deleted: its tickets still have a home."""

    __tablename__ = "queue"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    names: Mapped[dict[str, Any]]
    tier: Mapped[str] = mapped_column(String(8))
    visibility: Mapped[str] = mapped_column(String(16))
    contact: Mapped[str] = mapped_column(String(255), default="")
    deputy: Mapped[str] = mapped_column(String(255), default="")
    retired: Mapped[bool] = mapped_column(default=False)

    @property
    def is_confidential(self) -> bool:
        """Whether its tickets are for its members alone."""
        return self.visibility == "confidential"

    @property
    def is_open(self) -> bool:
        """Whether everybody may know what it works on."""
        return self.visibility == "default"

    def name(self, language: str) -> str:
        """What people call it, in their language where it has a name in that one."""
        return in_language(self.names, language) or self.id


class Topic(Base):
    """What a question is about; `first_line` says whether the front office can solve it."""

    __tablename__ = "topic"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    names: Mapped[dict[str, Any]]
    queue_id: Mapped[str] = mapped_column(String(64))
    first_line: Mapped[bool]

    def name(self, language: str) -> str:
        """What people call it, in their language where it has a name in that one."""
        return in_language(self.names, language) or self.id


_ALL = select(Queue).order_by(Queue.retired, Queue.position, Queue.id)


def all_queues(session: Session) -> list[Queue]:
    """Every queue in the order of the rules file, retired ones last; a session that only reads asks for them once."""
    kept: list[Queue] | None = session.info.get("queues")
    found = kept or list(session.scalars(_ALL))
    if session.info.get("reads"):
        session.info["queues"] = found
    return list(found)


def queues_in_use(session: Session) -> list[Queue]:
    """The queues that the rules name, in their order."""
    return [queue for queue in all_queues(session) if not queue.retired]


def in_language(names: Mapping[str, str], language: str) -> str:
    """The name in `language`, else the first one given."""
    return names.get(language) or next(iter(names.values()), "")


def follow_rules(session: Session, rulebook: Rulebook) -> None:
    """Makes the queues and topics those of `rulebook`; what it no longer names is retired."""
    known = {queue.id: queue for queue in session.scalars(select(Queue))}
    for position, each in enumerate(rulebook.queues.values()):
        queue = known.pop(each.id, None) or Queue(id=each.id)
        queue.position, queue.names, queue.tier = position, dict(each.names), each.tier
        queue.visibility, queue.contact, queue.deputy, queue.retired = each.visibility, each.contact, each.deputy, False
        session.add(queue)
    for gone in known.values():
        gone.retired = True
    for topic in rulebook.topics.values():
        session.merge(Topic(id=topic.id, names=dict(topic.names), queue_id=topic.queue, first_line=topic.first_line))
    session.flush()
