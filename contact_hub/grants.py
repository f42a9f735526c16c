"""The newest refresh token of each grant: servers hand out another with each use, and the one in the settings grows old."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base, now


class Grant(Base):
    """What the token server gave last; `grant` names what it replaces without telling it."""

    __tablename__ = "oauth_grant"

    grant: Mapped[str] = mapped_column(String(64), primary_key=True)
    refresh_token: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]


def newest(session: Session, grant: str) -> str:
    """The refresh token to use now; empty where the one in the settings was never replaced."""
    found = session.get(Grant, grant)
    return found.refresh_token if found else ""


def keep(session: Session, grant: str, refresh_token: str) -> None:
    """Remembers what the server gave instead of the token before."""
    session.merge(Grant(grant=grant, refresh_token=refresh_token, given_at=now()))
