"""People and their rights, as administrators keep them: each change is recorded, and nobody locks the door from inside."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import agent_sessions, live, passwords, second_factor, sign_ins
from contact_hub.agents import ROLES, Agent, Membership
from contact_hub.database import Base, now
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket, is_open


class Administration(Base):
    """One thing an administrator changed about somebody. `data` says from what to what."""

    __tablename__ = "administration"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


def add(session: Session, *, email: str, name: str, role: str, queues: Iterable[str], by: Agent) -> Agent:
    """An account for somebody new, who gets a link to choose a password. Raises Refused."""
    agent = Agent(email=_free(session, email), name=_named(name), password_hash="", role=_a_role(role), active=True)
    session.add(agent)
    agent.memberships = _memberships(session, queues)
    session.flush()
    passwords.invite(session, agent)
    given = {"role": {"from": "", "to": role}, "queues": {"from": [], "to": sorted(agent.queue_ids)}}
    _record(session, agent, "added", by, **given)
    return agent


def change(session: Session, agent: Agent, *, email: str, name: str, role: str, queues: Iterable[str], by: Agent) -> None:
    """Changes address, name, role and queues; with another role somebody signs in anew. Raises Refused.

    Nobody changes their own role. Links sent to an address that somebody no longer has let nobody in.
    """
    if agent.id == by.id and role != agent.role:
        raise Refused("own_role")
    before = _kept(agent)
    if email.strip().lower() != agent.email.lower():
        agent.email = _free(session, email)
        passwords.forget_links(session, agent)
    agent.name, agent.role = _named(name), _a_role(role)
    wanted = {each.queue_id for each in _memberships(session, queues)}
    agent.memberships = [each for each in agent.memberships if each.queue_id in wanted]
    agent.memberships += [Membership(queue_id=queue) for queue in sorted(wanted - agent.queue_ids)]
    after = _kept(agent)
    changed = {key: {"from": before[key], "to": after[key]} for key in after if after[key] != before[key]}
    if "role" in changed:
        agent_sessions.end_all(session, agent.id)
    elif "queues" in changed:
        live.note(session, {"kind": "rights", "queues": [], "agents": [agent.id]})
    if changed:
        _record(session, agent, "changed", by, **changed)


def close(session: Session, agent: Agent, *, by: Agent) -> None:
    """Ends an account at once, everywhere; what was in somebody's hands goes back to its queues. Raises Refused."""
    if agent.id == by.id:
        raise Refused("own_account")
    agent.active = False
    agent_sessions.end_all(session, agent.id)
    mine = select(Ticket).where(Ticket.owner_id == agent.id, is_open()).with_for_update()
    held = session.scalars(mine).all()
    for ticket in held:
        ticket.release(by)
    _record(session, agent, "closed", by, tickets=len(held))


def open_again(session: Session, agent: Agent, *, by: Agent) -> None:
    """Lets somebody in again."""
    agent.active = True
    _record(session, agent, "opened", by)


def unlock(session: Session, agent: Agent, *, by: Agent) -> None:
    """Forgets the wrong passwords that locked an address out."""
    sign_ins.forget_wrong(session, agent.email)
    sign_ins.forget_wrong(session, sign_ins.code_of(agent.id))
    _record(session, agent, "unlocked", by)


def send_link(session: Session, agent: Agent, *, by: Agent) -> None:
    """Sends a link to choose a password. Raises Refused for a closed account."""
    if not agent.active:
        raise Refused("person_closed")
    passwords.invite(session, agent)
    _record(session, agent, "link_sent", by)


def switch_factor_off(session: Session, agent: Agent, *, by: Agent) -> None:
    """For who lost their telephone and their codes."""
    second_factor.switch_off(session, agent.id)
    _record(session, agent, "factor_off", by)


def lately(session: Session, most: int = 50) -> list[Administration]:
    """What was changed, newest first."""
    return list(session.scalars(select(Administration).order_by(Administration.id.desc()).limit(most)))


def _kept(agent: Agent) -> dict[str, Any]:
    return {"email": agent.email, "name": agent.name, "role": agent.role, "queues": sorted(agent.queue_ids)}


def _free(session: Session, email: str) -> str:
    """The address, which is one and which nobody has an account with."""
    try:
        address = validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Refused("address_wrong") from None
    if session.scalar(select(Agent.id).where(func.lower(Agent.email) == address)) is not None:
        raise Refused("person_known")
    return address


def _memberships(session: Session, queues: Iterable[str]) -> list[Membership]:
    known = session.scalars(select(Queue.id).where(Queue.id.in_(set(queues)))).all()
    return [Membership(queue_id=queue) for queue in sorted(known)]


def _named(name: str) -> str:
    if not name.strip():
        raise Refused("person_unnamed")
    return name.strip()[:255]


def _a_role(role: str) -> str:
    if role not in ROLES:
        raise Refused("role_unknown")
    return role


def _record(session: Session, agent: Agent, kind: str, by: Agent, **data: Any) -> None:
    session.add(Administration(by_id=by.id, agent_id=agent.id, kind=kind, data=data))
