"""One at a time: a lease in the database lets one process do what two must not do together."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base, insert_into, now

SCHEDULE = "schedule"
MAILBOX = "mailbox "  # and its name


class Lease(Base):
    """Who holds what until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]


def held_until(session: Session, name: str) -> datetime | None:
    """Until when somebody holds it, by the clock it was taken by."""
    return session.scalar(select(Lease.until).filter_by(name=name))


def hold(session: Session, name: str, holder: str, lasting: timedelta, *, given_up: datetime | None = None) -> bool:
    """Takes or renews the lease; False while somebody else holds it.

    `given_up` is an end that nobody has put off for so long that its holder is gone, whatever the clock says by now.
    """
    moment = now()
    first = insert_into(session, Lease).values(name=name, holder=holder, until=moment + lasting).on_conflict_do_nothing()
    if session.execute(first.returning(Lease.name)).first():
        return True
    free = or_(Lease.holder == holder, Lease.until < moment, Lease.until == given_up)
    renewed = update(Lease).where(Lease.name == name, free).values(holder=holder, until=moment + lasting)
    return bool(session.execute(renewed.returning(Lease.name)).first())


def release(session: Session, name: str, holder: str) -> None:
    """Gives the lease back early; does nothing where somebody else holds it."""
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
