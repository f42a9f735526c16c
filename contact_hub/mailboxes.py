"""How far each mailbox was read: its progress by (UIDVALIDITY, UID), what came on which day, and how it is doing."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy import JSON, BigInteger, Date, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base, now


class Mailbox(Base):
    """One folder the watcher reads. `name` holds no secret: user@host/folder.

    Every mail with a UID up to `last_uid` under `uid_validity` was taken in, was known, or was set aside, but for those
    that came before `begins_at`: they are not ours. While the server keeps its numbers, `begins_uid` tells that better than
    any clock: the last mail before our time, -1 where a moment was named. Fetching failed at `stuck_uid`; `stuck_times` says
    how often when that mail was asked for alone. Since `behind_since` mail waits without a break, `behind_then` when it began.
    """

    __tablename__ = "mailbox"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    uid_validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    begins_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    newest_at: Mapped[datetime | None]
    begins_uid: Mapped[int] = mapped_column(BigInteger, default=-1)
    behind: Mapped[int] = mapped_column(default=0)
    behind_since: Mapped[datetime | None]
    behind_then: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    trouble_since: Mapped[datetime | None]
    stuck_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    stuck_times: Mapped[int] = mapped_column(default=0)

    def get_stuck(self, uid: int, *, alone: bool) -> None:
        """Remembers that fetching failed at the mail `uid`, or somewhere among the mails up to it."""
        before = self.stuck_times if self.stuck_uid == uid else 0
        self.stuck_uid, self.stuck_times = uid, before + 1 if alone else 0

    def get_into_trouble(self, trouble: str) -> None:
        """Remembers what is wrong, and since when anything is."""
        self.trouble, self.trouble_since = trouble, self.trouble_since or now()

    def get_on(self, *, until: int, behind: int, newest: datetime | None) -> None:
        """Every mail up to the UID `until` is done with, `behind` more wait; there is no trouble any more."""
        self.last_uid, self.seen_at = until, now()
        self.trouble, self.trouble_since = "", None
        self.newest_at = max(filter(None, (newest, self.newest_at)), default=None)
        if behind and self.behind_since is None:
            self.behind_since, self.behind_then = now(), behind
        if not behind:
            self.behind_since, self.behind_then = None, 0
        self.behind = behind


class MailboxDay(Base):
    """What of a mailbox came on one day, as its own server dates its mail, and was read; by the hour (UTC).

    `on_server` is how many of them the server itself counted in the folder, at `counted_at`; it may be fewer than were read,
    where some were moved or deleted since, and never more.
    """

    __tablename__ = "mailbox_day"

    mailbox: Mapped[str] = mapped_column(String(255), primary_key=True)
    uid_validity: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    read: Mapped[int] = mapped_column(default=0)
    hours: Mapped[list[int]] = mapped_column(JSON)
    on_server: Mapped[int | None]
    counted_at: Mapped[datetime | None]

    @property
    def missing(self) -> int:
        """How many the server has that were never read: must be 0."""
        return max(0, (self.on_server or 0) - self.read)

    def compare(self, on_server: int) -> None:
        """Sets what the server counts beside what was read."""
        self.on_server, self.counted_at = on_server, now()


def count_days(session: Session, mailbox: Mailbox, arrived: Iterable[datetime]) -> None:
    """Counts mails that were read, by the moments at which they came, in the zone of their server."""
    days: dict[date, MailboxDay] = {}
    for moment in arrived:
        day = days.get(moment.date()) or day_of(session, mailbox, moment.date())
        hours = [*day.hours]
        hours[moment.astimezone(UTC).hour] += 1
        day.read, day.hours = day.read + 1, hours
        days[moment.date()] = day


def day_of(session: Session, mailbox: Mailbox, day: date) -> MailboxDay:
    """The counts of one day; zeros where nothing was counted yet."""
    found = session.get(MailboxDay, (mailbox.name, mailbox.uid_validity, day))
    if found is None:
        found = MailboxDay(mailbox=mailbox.name, uid_validity=mailbox.uid_validity, day=day, read=0, hours=[0] * 24)
        session.add(found)
    return found


def latest_days(session: Session, name: str, uid_validity: int, count: int) -> list[date]:
    """The latest days on which something of this mailbox was read, newest first."""
    of_mailbox = select(MailboxDay.day).filter_by(mailbox=name, uid_validity=uid_validity)
    return list(session.scalars(of_mailbox.order_by(MailboxDay.day.desc()).limit(count)))


def record_of(session: Session, name: str) -> Mailbox:
    """What is known of this mailbox; of one never seen before, that nothing was read yet."""
    mailbox = session.get(Mailbox, name)
    if mailbox is None:
        mailbox = Mailbox(
            name=name,
            uid_validity=0,
            last_uid=0,
            begins_uid=-1,
            behind=0,
            behind_then=0,
            trouble="",
            stuck_uid=0,
            stuck_times=0,
        )
        session.add(mailbox)
    return mailbox
