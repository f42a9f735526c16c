"""The second factor: codes of an app by the clock (TOTP, RFC 6238), and ten codes on paper for the day it is lost."""

import base64
import hashlib
import secrets
import time
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import ForeignKey, String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.tickets import Refused

STEP = 30  # seconds for which an app shows a code
RECOVERY_CODES = 10


class SecondFactor(Base):
    """Somebody's secret, encrypted; it counts from `confirmed_at`. `last_step` is that of the last code: each works once."""

    __tablename__ = "second_factor"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper that was not used yet."""

    __tablename__ = "recovery_code"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


def is_on(session: Session, agent_id: int) -> bool:
    """Whether this person is asked for a code."""
    found = session.get(SecondFactor, agent_id)
    return found is not None and found.confirmed_at is not None


def propose(session: Session, agent: Agent, secret_key: str) -> str:
    """A new secret, to be confirmed by a first code; gives the address (otpauth:) that an app reads. Raises Refused."""
    if is_on(session, agent.id):
        raise Refused("factor_is_on")
    secret = pyotp.random_base32()
    encrypted = _cipher(secret_key).encrypt(secret.encode()).decode()
    session.merge(SecondFactor(agent_id=agent.id, secret=encrypted, last_step=0, confirmed_at=None))
    return str(pyotp.TOTP(secret).provisioning_uri(name=agent.email, issuer_name="Contact Hub"))


def confirm(session: Session, agent: Agent, code: str, secret_key: str) -> list[str]:
    """The app shows the right code: from now on it is asked for. Gives the codes to write down. Raises Refused."""
    found = session.get(SecondFactor, agent.id, with_for_update=True)
    if found is None or found.confirmed_at is not None or not _is_right(found, code, secret_key):
        raise Refused("code_wrong")
    found.confirmed_at = now()
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent.id))
    session.add_all(RecoveryCode(agent_id=agent.id, code_hash=_hash(each)) for each in codes)
    return codes


def accepts(session: Session, agent_id: int, code: str, secret_key: str) -> bool:
    """Whether this code lets the person in: the app's of now, or one on paper; either works once."""
    found = session.get(SecondFactor, agent_id, with_for_update=True)
    if found is None or found.confirmed_at is None:
        return False
    if _is_right(found, code, secret_key):
        return True
    paper = session.get(RecoveryCode, (agent_id, _hash(code)))
    if paper is None:
        return False
    session.delete(paper)
    return True


def switch_off(session: Session, agent_id: int) -> None:
    """Nobody asks this person for a code any more."""
    for table in (RecoveryCode, SecondFactor):
        session.execute(delete(table).where(table.agent_id == agent_id))


def _is_right(found: SecondFactor, code: str, secret_key: str) -> bool:
    """Also the code before and after, as clocks differ; never one of a step that was used."""
    try:
        secret = _cipher(secret_key).decrypt(found.secret.encode()).decode()
    except InvalidToken:
        return False
    at = int(time.time()) // STEP
    for step in (at - 1, at, at + 1):
        if step > found.last_step and secrets.compare_digest(pyotp.TOTP(secret).at(step * STEP), code.strip().replace(" ", "")):
            found.last_step = step
            return True
    return False


def _cipher(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor\0" + secret_key.encode()).digest()))


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
