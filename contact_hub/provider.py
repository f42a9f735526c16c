"""Accounts at the municipality's own sign-in (OpenID Connect): who somebody is here, and what their claims make them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import agent_sessions
from contact_hub.agents import ROLES, Agent, Membership
from contact_hub.database import Base
from contact_hub.oidc import Provider
from contact_hub.queues import Queue
from contact_hub.tickets import Refused


class ExternalIdentity(Base):
    """Whose account at a provider belongs to whom here; the provider never changes a subject."""

    __tablename__ = "external_identity"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)


def welcome(session: Session, provider: Provider, claims: Mapping[str, Any]) -> Agent:
    """Who these claims are about, with the role and queues they say; made where nobody is known yet. Raises Refused.

    Somebody is known by the subject; the first time also by an address that the provider verified.
    """
    said = _values(claims.get(provider.claim))
    known, role = _known(session, provider, claims), _role_in(provider, claims)
    if not role:
        raise Refused("no_role")
    agent = known or _new(session, claims, role)
    if not agent.active:
        raise Refused("account_closed")
    if agent.role != role:
        agent_sessions.end_all(session, agent.id)
    agent.role, agent.name = role, str(claims.get("name") or agent.name)[:255]
    if provider.queues:
        _place(session, agent, {provider.queues[each] for each in said if each in provider.queues})
    session.flush()
    session.merge(ExternalIdentity(issuer=provider.issuer, subject=str(claims["sub"]), agent_id=agent.id))
    return agent


def shut_out(session: Session, provider: Provider, claims: Mapping[str, Any]) -> None:
    """Whose claims give no role any more is signed out everywhere, and loses the queues that claims gave."""
    kept = session.get(ExternalIdentity, (provider.issuer, str(claims["sub"])))
    if kept is None or _role_in(provider, claims):
        return
    agent_sessions.end_all(session, kept.agent_id)
    if provider.queues:
        session.get_one(Agent, kept.agent_id).memberships = []


def knows(session: Session, agent: Agent) -> bool:
    """Whether this person comes in by a provider."""
    return session.scalar(select(ExternalIdentity.agent_id).where(ExternalIdentity.agent_id == agent.id).limit(1)) is not None


def _role_in(provider: Provider, claims: Mapping[str, Any]) -> str:
    """The most that these claims give."""
    given = {provider.roles.get(each) for each in _values(claims.get(provider.claim))}
    return next((role for role in reversed(ROLES) if role in given), "")


def _known(session: Session, provider: Provider, claims: Mapping[str, Any]) -> Agent | None:
    kept = session.get(ExternalIdentity, (provider.issuer, str(claims["sub"])))
    if kept is not None:
        return session.get_one(Agent, kept.agent_id)
    if claims.get("email_verified") is not True:
        return None
    agent = session.scalar(select(Agent).where(func.lower(Agent.email) == str(claims.get("email", "")).lower()))
    if agent is not None and session.scalar(_account_of(agent, provider)) is not None:
        raise Refused("account_of_another")  # an address that somebody had before is not them
    return agent


def _account_of(agent: Agent, provider: Provider) -> Select[str]:
    theirs = select(ExternalIdentity.subject)
    return theirs.where(ExternalIdentity.issuer == provider.issuer, ExternalIdentity.agent_id == agent.id).limit(1)


def _new(session: Session, claims: Mapping[str, Any], role: str) -> Agent:
    """An account without a password: it is used by the provider alone. Without a verified address there is none."""
    email = str(claims.get("email", "")).lower()
    if not email or claims.get("email_verified") is not True:
        raise Refused("no_role")
    agent = Agent(email=email[:255], name=str(claims.get("name") or email)[:255], password_hash="", role=role, active=True)
    session.add(agent)
    return agent


def _place(session: Session, agent: Agent, wanted: set[str]) -> None:
    known = set(session.scalars(select(Queue.id).where(Queue.id.in_(wanted))))
    agent.memberships = [each for each in agent.memberships if each.queue_id in known]
    agent.memberships += [Membership(queue_id=queue) for queue in sorted(known - agent.queue_ids)]


def _values(claim: object) -> list[str]:
    return [str(each) for each in claim] if isinstance(claim, list) else [str(claim)] if claim else []
