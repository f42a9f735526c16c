"""What came in at each door: the contacts taken, what was set aside, and the tallies that must close."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from contact_hub.contact import FormMail
from contact_hub.database import Base, Words, insert_into, now
from contact_hub.people import Person


class TakenContact(Base):
    """A contact as it was taken in: its words stand in its messages, its original among the blobs.

    Never changed but for what people find out later: whose it is (`person`) and why the citizen got in touch (`reason`, one
    of `avoidable.REASONS`, or empty). `heard` is what it meant for its ticket: opened, news, thanks, delay, machine,
    or ours, where we called back; `leg_of_id` the contact of the same call or chat that came first.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(Words(255))
    received_at: Mapped[datetime]
    taken_at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    subject: Mapped[str] = mapped_column(Words(), default="")
    sender: Mapped[str] = mapped_column(Words(255), default="")
    sender_name: Mapped[str] = mapped_column(Words(255), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    automatic: Mapped[str] = mapped_column(String(16), default="")
    heard: Mapped[str] = mapped_column(String(8), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(16), default="", server_default="")
    leg_of_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    facts: Mapped[dict[str, Any]]
    trust: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    raw_sha256: Mapped[str] = mapped_column(String(64))
    raw_type: Mapped[str] = mapped_column(String(64))
    person: Mapped[Person | None] = relationship()
    leg_of: Mapped["TakenContact | None"] = relationship(remote_side=id)


class SetAside(Base):
    """What could not be taken in, with the reason; kept until somebody mends the cause and it is taken in after all.

    Or until a supervisor settles it, by hand: `settled_by` is whose name, `settled_because` why. `tried_at` is the last try.
    """

    __tablename__ = "set_aside"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(Words(255))
    received_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    raw_sha256: Mapped[str] = mapped_column(String(64))
    raw_type: Mapped[str] = mapped_column(String(64))
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(Words(255), default="")
    settled_because: Mapped[str] = mapped_column(Words(), default="")

    def settle(self, *, by: str = "", because: str = "") -> None:
        """Nothing is left to do about it."""
        self.settled_at, self.settled_by, self.settled_because = now(), by, because

    def put_back(self) -> None:
        """It waits again."""
        self.settled_at, self.settled_by, self.settled_because = None, "", ""


class Tally(Base):
    """How many things one door offered on one day, and what became of them; it closes when the four agree."""

    __tablename__ = "tally"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    offered: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)

    @hybrid_property
    def missing(self) -> int:
        """Offered but neither taken, known nor set aside: must be 0."""
        return self.offered - self.taken - self.known - self.set_aside


class FormMailTally(Base):
    """How many mails of an older web form a template read on one day, and in how many it did not find its labels."""

    __tablename__ = "form_mail_tally"

    template: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    read: Mapped[int] = mapped_column(default=0)
    misfit: Mapped[int] = mapped_column(default=0)


def count(session: Session, channel: str, day: date, counts: Counter[str]) -> None:
    """Adds to the day's tally of a door; the keys of `counts` are its columns."""
    figures = {name: counts[name] for name in ("offered", "taken", "known", "set_aside")}
    row = insert_into(session, Tally).values(channel=channel, day=day, **figures)
    added = {name: getattr(Tally, name) + row.excluded[name] for name in figures}
    session.execute(row.on_conflict_do_update(index_elements=["channel", "day"], set_=added))


def count_form_mails(session: Session, day: date, mails: Iterable[FormMail]) -> None:
    """Adds to the day's tally of each template that knew one of these mails."""
    counts = Counter((mail.template, bool(mail.missing)) for mail in mails if mail.template)
    for template in sorted({template for template, _ in counts}):
        figures = {"read": counts[template, False], "misfit": counts[template, True]}
        row = insert_into(session, FormMailTally).values(template=template, day=day, **figures)
        added = {name: getattr(FormMailTally, name) + row.excluded[name] for name in figures}
        session.execute(row.on_conflict_do_update(index_elements=["template", "day"], set_=added))


def misfits(session: Session, since: date) -> dict[str, int]:
    """In how many form mails from this day on a template did not find its labels, by template."""
    counted = select(FormMailTally.template, func.sum(FormMailTally.misfit)).where(FormMailTally.day >= since)
    found = counted.group_by(FormMailTally.template).having(func.sum(FormMailTally.misfit) > 0)
    return dict(session.execute(found.order_by(FormMailTally.template)).all())


def how_many_wait(session: Session) -> int:
    """How much was set aside that nobody settled yet."""
    return session.scalar(select(func.count()).select_from(SetAside).where(SetAside.settled_at.is_(None))) or 0
