"""Where people are signed in: each browser has a session that ends by itself, and that they can end from anywhere."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from contact_hub import live
from contact_hub.agents import Agent
from contact_hub.database import Base, now

IDLE = timedelta(hours=12)  # without a page, after which somebody signs in again
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=1)  # how exactly it is known when a browser was seen last


class AgentSession(Base):
    """A browser in which somebody is signed in. It alone knows its token; `device` is what it calls itself, shortened."""

    __tablename__ = "agent_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    device: Mapped[str] = mapped_column(String(80), default="")
    id_token: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def is_over(self) -> bool:
        """Whether it ended by itself."""
        return self.seen_at + IDLE <= now() or self.began_at + LONGEST <= now()


_BY_TOKEN = (  # made once: every page asks it
    select(AgentSession, Agent)
    .join(Agent, Agent.id == AgentSession.agent_id)
    .options(joinedload(Agent.memberships))
    .where(AgentSession.token_hash == bindparam("hashed"))
)


def begin(session: Session, agent: Agent, device: str, id_token: str = "") -> str:
    """Signs this browser in; gives its token. What ended long ago is forgotten. `id_token` is a provider's, to leave it too."""
    session.execute(delete(AgentSession).where(AgentSession.began_at <= now() - LONGEST))
    token = secrets.token_urlsafe(32)
    session.add(AgentSession(token_hash=_hash(token), agent_id=agent.id, device=device[:80], id_token=id_token))
    return token


def found(session: Session, token: str) -> tuple[AgentSession, Agent] | None:
    """The session of this token, while it lasts, and whose it is, while the account is open; by one query."""
    row = session.execute(_BY_TOKEN, {"hashed": _hash(token)}).unique().one_or_none()
    return None if row is None or row[0].is_over or not row[1].active else (row[0], row[1])


def agents_of(session: Session, tokens: Collection[str]) -> dict[str, Agent]:
    """Who is signed in by these tokens, as far as their sessions last and their accounts are open."""
    by_hash = {_hash(token): token for token in tokens}
    rows = session.execute(
        select(AgentSession, Agent).join(Agent, Agent.id == AgentSession.agent_id).where(AgentSession.token_hash.in_(by_hash))
    )
    return {by_hash[kept.token_hash]: agent for kept, agent in rows if agent.active and not kept.is_over}


def note_seen(session: Session, token: str) -> None:
    """The browser asked for something just now."""
    kept = session.get(AgentSession, _hash(token))
    if kept is not None:
        kept.seen_at = now()


def end(session: Session, token: str) -> None:
    """Signs this browser out; the lines of its open desks are cut at once."""
    kept = session.get(AgentSession, _hash(token))
    if kept is not None:
        live.note(session, {"kind": "signed_out", "queues": [], "agents": [kept.agent_id]})
        session.delete(kept)


def end_all(session: Session, agent_id: int, *, but: str = "") -> None:
    """Signs somebody out everywhere, but in the browser with this token; the lines of open desks are cut at once."""
    mine = delete(AgentSession).where(AgentSession.agent_id == agent_id)
    session.execute(mine.where(AgentSession.token_hash != _hash(but)) if but else mine)
    live.note(session, {"kind": "signed_out", "queues": [], "agents": [agent_id]})


def of_agent(session: Session, agent_id: int) -> list[AgentSession]:
    """Where somebody is signed in, the browser seen last first."""
    mine = select(AgentSession).where(AgentSession.agent_id == agent_id).order_by(AgentSession.seen_at.desc())
    return [each for each in session.scalars(mine) if not each.is_over]


def is_of(kept: AgentSession, token: str) -> bool:
    """Whether it is the session of this token."""
    return secrets.compare_digest(kept.token_hash, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
