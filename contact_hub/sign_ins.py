"""Signing in by password: who it is, and that nobody may guess for long."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.database import Session as Transaction

MOST_WRONG = 5  # passwords for one address within WITHIN; then it is locked
WITHIN = timedelta(minutes=15)

Found = TypeVar("Found")
_hasher = PasswordHasher()


class WrongSignIn(Base):
    """A try to sign in that did not succeed, for an address that may be nobody's: so both are answered alike.

    The address is not kept.
    """

    __tablename__ = "wrong_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class LockedOut(Exception):
    """Too many wrong passwords for this address; the right one is not taken either before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def tried(whose: str, check: Callable[[], Found | None]) -> Found | None:
    """What the check of a password or a code gives; None where it was wrong. Raises LockedOut.

    A try is counted before it is looked at: many at once are no more than as many one after the other.
    """
    number = _counted(whose)
    with Transaction() as session:
        until = _locked_until(session, whose, number)
    if until is not None:
        with Transaction.begin() as session:  # it was not looked at, so it does not count
            session.execute(delete(WrongSignIn).where(WrongSignIn.id == number))
        raise LockedOut(until)
    found = check()
    if found is not None:
        with Transaction.begin() as session:
            forget_wrong(session, whose)
    return found


def check(session: Session, email: str, password: str) -> Agent | None:
    """The person with this address and password; None for anybody else."""
    agent = session.scalar(select(Agent).where(func.lower(Agent.email) == email.strip().lower()))
    try:
        _hasher.verify(agent.password_hash if agent else _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return agent if agent and agent.active else None


def forget_wrong(session: Session, whose: str) -> None:
    """The person is in: what was mistyped before counts no more."""
    session.execute(delete(WrongSignIn).where(WrongSignIn.address_hash == _hash(whose)))


def code_of(agent_id: int) -> str:
    """Under what the tries of somebody's second factor are counted."""
    return f"second factor of {agent_id}"


def _counted(whose: str) -> int:
    """Counts a try; what is too old to count goes."""
    with Transaction.begin() as session:
        session.execute(delete(WrongSignIn).where(WrongSignIn.at <= now() - WITHIN))
        noted = WrongSignIn(address_hash=_hash(whose))
        session.add(noted)
        session.flush()
        return noted.id


def _locked_until(session: Session, whose: str, number: int) -> datetime | None:
    """Until when no more is looked at; None where fewer than MOST_WRONG tries came before this one."""
    before = select(WrongSignIn.at).where(WrongSignIn.address_hash == _hash(whose), WrongSignIn.id < number)
    lately = session.scalars(
        before.where(WrongSignIn.at > now() - WITHIN).order_by(WrongSignIn.id.desc()).limit(MOST_WRONG)
    ).all()
    return lately[-1] + WITHIN if len(lately) == MOST_WRONG else None


def _hash(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobody() -> str:
    """Checked for unknown names, so that both answers take as long."""
    return _hasher.hash("nobody signs in with this")
