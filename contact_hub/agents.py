"""The people who work in the hub: their account, their role, and the queues they are members of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from argon2 import PasswordHasher
from sqlalchemy import ForeignKey, Row, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from contact_hub.database import Base, now
from contact_hub.oidc import ROLES as ROLES

_hasher = PasswordHasher()


class Membership(Base):
    """Who works on which queue."""

    __tablename__ = "membership"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id"), primary_key=True, index=True)


class Agent(Base):
    """Somebody who works in the hub; `role` is one of ROLES."""

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8), default="nl")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    memberships: Mapped[list[Membership]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def queue_ids(self) -> frozenset[str]:
        """The queues this person is a member of."""
        return frozenset(each.queue_id for each in self.memberships)

    @property
    def leads(self) -> bool:
        """Whether the figures and the rules are this person's work."""
        return self.role in {"supervisor", "administrator"}


@dataclass(frozen=True)
class Colleague:
    """Somebody who can sign in, as far as others choose among them: their name, and what tells which tickets they see."""

    id: int
    name: str
    role: str
    queue_ids: frozenset[str]


_AT_WORK = (
    select(Agent.id, Agent.name, Agent.role, Membership.queue_id)
    .outerjoin(Membership)
    .where(Agent.active)
    .order_by(Agent.name, Agent.id)
)


def at_work(session: Session) -> list[Colleague]:
    """Everybody who can sign in, by name."""
    each = groupby(session.execute(_AT_WORK), key=itemgetter(0, 1, 2))
    return [
        Colleague(id, name, role, frozenset(queue for *_, queue in theirs if queue is not None))
        for (id, name, role), theirs in each
    ]


def names_at_work(session: Session) -> Sequence[Row[int, str]]:
    """The `id` and `name` of everybody who can sign in, by name."""
    return session.execute(select(Agent.id, Agent.name).where(Agent.active).order_by(Agent.name, Agent.id)).all()


def enrol(session: Session, *, email: str, name: str, password: str, role: str, queues: tuple[str, ...] = ()) -> Agent:
    """Gives somebody an account and their queues. Raises ValueError for an unknown role."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role; choose one of {', '.join(ROLES)}")
    agent = Agent(email=email.lower(), name=name, password_hash=_hasher.hash(password), role=role)
    agent.memberships = [Membership(queue_id=queue) for queue in queues]
    session.add(agent)
    return agent
