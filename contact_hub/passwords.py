"""Choosing a password: by oneself, or by a link that is mailed, lasts an hour and works once."""

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import agent_sessions, live, provider
from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.tickets import Refused

SHORTEST = 12  # characters
LONGEST = 1000
LASTS = {"reset": timedelta(hours=1), "invite": timedelta(days=7)}
MOST_LINKS = 3  # to one person within an hour

_hasher = PasswordHasher()


class SignInLink(Base):
    """A link for somebody to choose a password. Nothing that is kept lets anybody in: the link is signed when it is sent."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    @property
    def is_good(self) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and now() < self.made_at + LASTS[self.purpose]


def choose(session: Session, agent: Agent, password: str, *, but: str = "") -> None:
    """Makes it their password, and ends their sessions but the one with the token `but`. Raises Refused."""
    if len(password) < SHORTEST:
        raise Refused("password_short", least=f"{SHORTEST}")
    if len(password) > LONGEST or password.strip().lower() in {agent.email.lower(), agent.name.lower()}:
        raise Refused("password_guessed")
    agent.password_hash = _hasher.hash(password)
    agent_sessions.end_all(session, agent.id, but=but)
    forget_links(session, agent)


def forget_links(session: Session, agent: Agent) -> None:
    """No link that was sent to them is good any more."""
    links = update(SignInLink).where(SignInLink.agent_id == agent.id, SignInLink.used_at.is_(None))
    session.execute(links.values(used_at=now()))


def ask_for_link(session: Session, email: str) -> None:
    """Sends a link to whoever has this address; nobody learns whether there is anybody, and few come in an hour."""
    agent = session.scalar(select(Agent).where(func.lower(Agent.email) == email.strip().lower(), Agent.active))
    if agent is None or (not agent.password_hash and provider.knows(session, agent)):
        return  # who comes in by the provider alone has no password to forget
    lately = select(func.count()).select_from(SignInLink).where(SignInLink.agent_id == agent.id)
    if (session.scalar(lately.where(SignInLink.made_at > now() - timedelta(hours=1))) or 0) < MOST_LINKS:
        _offer(session, agent, "reset")


def invite(session: Session, agent: Agent) -> None:
    """Sends somebody who has an account a link to choose their first password."""
    _offer(session, agent, "invite")


def token_of(link: SignInLink, secret_key: str) -> str:
    """What stands in the mail."""
    return str(_serializer(secret_key).dumps([link.id, link.agent_id]))


def link_of(session: Session, token: str, secret_key: str, *, to_use: bool = False) -> SignInLink | None:
    """The link of this token, while it can be used and its person may sign in; `to_use` holds it, so that it works once."""
    try:
        number, agent_id = _serializer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        return None
    link = session.get(SignInLink, number, with_for_update=to_use or None)
    if link is None or link.agent_id != agent_id or not link.is_good:
        return None
    agent = session.get(Agent, agent_id)
    return link if agent is not None and agent.active else None


def to_send(session: Session) -> list[int]:
    """The links that nobody sent yet."""
    waiting = select(SignInLink).where(SignInLink.sent_at.is_(None), SignInLink.used_at.is_(None)).order_by(SignInLink.id)
    return [link.id for link in session.scalars(waiting) if link.is_good]


def _offer(session: Session, agent: Agent, purpose: str) -> None:
    session.add(SignInLink(agent_id=agent.id, purpose=purpose))
    live.wake_after(session, "send_links")


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="choose a password")
