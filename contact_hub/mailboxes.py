"""How far each mailbox was read: its progress by (UIDVALIDITY, UID), and how it is doing."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base


class Mailbox(Base):
    """One folder the watcher reads. `name` holds no secret: user@host/folder.

    Every mail with a UID up to `last_uid` under `uid_validity` was taken in, was known, or was set aside, but for those
    that came before `begins_at`: they are not ours. Fetching failed at `stuck_uid`; `stuck_times` says how often when that
    mail was asked for alone.
    """

    __tablename__ = "mailbox"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    uid_validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    begins_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    newest_at: Mapped[datetime | None]
    behind: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    stuck_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    stuck_times: Mapped[int] = mapped_column(default=0)

    def get_stuck(self, uid: int, *, alone: bool) -> None:
        """Remembers that fetching failed at the mail `uid`, or somewhere among the mails up to it."""
        before = self.stuck_times if self.stuck_uid == uid else 0
        self.stuck_uid, self.stuck_times = uid, before + 1 if alone else 0


def record_of(session: Session, name: str) -> Mailbox:
    """What is known of this mailbox; of one never seen before, that nothing was read yet."""
    mailbox = session.get(Mailbox, name)
    if mailbox is None:
        mailbox = Mailbox(name=name, uid_validity=0, last_uid=0, behind=0, trouble="", stuck_uid=0, stuck_times=0)
        session.add(mailbox)
    return mailbox
