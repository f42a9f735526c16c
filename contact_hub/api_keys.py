"""Keys for the API: a system that brings one acts as the person who made it, with their rights of that moment."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, Words, now
from contact_hub.tickets import Refused

BEGINS = "hub_"  # so that a key that got about is known for one
SHOWN = 10  # first characters by which its owner knows it again
LONGEST_NAME = 60
MOST = 20  # keys in use of one person
NOTED_EVERY = timedelta(minutes=1)  # how exactly it is known when a key was used last


class ApiKey(Base):
    """A key by its hash: nobody can read it here. `begins` is the part of it that may be shown."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    name: Mapped[str] = mapped_column(Words(LONGEST_NAME))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    begins: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def make(session: Session, agent: Agent, name: str) -> str:
    """A new key, told this once. Raises Refused without a name, or where there are too many."""
    if not name.strip():
        raise Refused("key_unnamed")
    in_use = select(func.count()).where(ApiKey.agent_id == agent.id, ApiKey.revoked_at.is_(None))
    if (session.scalar(in_use) or 0) >= MOST:
        raise Refused("key_too_many", most=f"{MOST}")
    key = BEGINS + secrets.token_urlsafe(32)
    session.add(ApiKey(agent_id=agent.id, name=name.strip(), key_hash=_hash(key), begins=key[:SHOWN]))
    return key


def found(session: Session, key: str) -> ApiKey | None:
    """The key, unless it was revoked."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None)))


def is_noted(kept: ApiKey) -> bool:
    """Whether it is known well enough when it was used last."""
    return kept.used_at is not None and kept.used_at + NOTED_EVERY > now()


def of_agent(session: Session, agent_id: int) -> list[ApiKey]:
    """Somebody's keys in use, the newest first."""
    mine = select(ApiKey).where(ApiKey.agent_id == agent_id, ApiKey.revoked_at.is_(None))
    return list(session.scalars(mine.order_by(ApiKey.id.desc())))


def revoke(session: Session, number: int, agent_id: int) -> None:
    """From now on it opens nothing; somebody else's is not touched. Raises Refused."""
    kept = session.get(ApiKey, number)
    if kept is None or kept.agent_id != agent_id:
        raise Refused("key_missing")
    kept.revoked_at = kept.revoked_at or now()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
