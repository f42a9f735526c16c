"""Signing in by password: who it is, and that nobody may guess for long."""

import hashlib
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, now

MOST_WRONG = 5  # passwords for one address within WITHIN; then it is locked
WITHIN = timedelta(minutes=15)

_hasher = PasswordHasher()


class WrongSignIn(Base):
    """A password that was wrong, for an address that may be nobody's: so both are answered alike. The address is not kept."""

    __tablename__ = "wrong_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class LockedOut(Exception):
    """Too many wrong passwords for this address; the right one is not taken either before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def check(session: Session, email: str, password: str) -> Agent | None:
    """The person with this address and password; None for anybody else. Raises LockedOut."""
    must_not_be_locked(session, email)
    agent = session.scalar(select(Agent).where(func.lower(Agent.email) == email.strip().lower()))
    try:
        _hasher.verify(agent.password_hash if agent else _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return agent if agent and agent.active else None


def must_not_be_locked(session: Session, email: str) -> None:
    """Raises LockedOut where too much was tried for this address lately."""
    wrong = select(WrongSignIn.at).where(WrongSignIn.address_hash == _hash(email), WrongSignIn.at > now() - WITHIN)
    lately = session.scalars(wrong.order_by(WrongSignIn.at.desc()).limit(MOST_WRONG)).all()
    if len(lately) == MOST_WRONG:
        raise LockedOut(lately[-1] + WITHIN)


def note_wrong(session: Session, email: str) -> None:
    """Counts a wrong password for this address; what is too old to count goes."""
    session.execute(delete(WrongSignIn).where(WrongSignIn.at <= now() - WITHIN))
    session.add(WrongSignIn(address_hash=_hash(email)))


def forget_wrong(session: Session, email: str) -> None:
    """The person is in: what was mistyped before counts no more."""
    session.execute(delete(WrongSignIn).where(WrongSignIn.address_hash == _hash(email)))


def _hash(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobody() -> str:
    """Checked for unknown names, so that both answers take as long."""
    return _hasher.hash("nobody signs in with this")
