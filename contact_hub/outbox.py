"""Mail on its way out: written in the transaction that decided it, sent afterwards, once."""

import secrets
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import ColumnElement, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from contact_hub import live
from contact_hub.database import Base, Words, now
from contact_hub.messages import Message

CLAIM = timedelta(minutes=5)  # how long a sender may be silent before another takes over what it had claimed
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
DOUBLINGS = 10  # more than it takes to wait longest
GIVE_UP = timedelta(days=3)
AN_HOUR = timedelta(hours=1)

sender = "onthaal@lindervelde.example"


class Outgoing(Base):
    """One mail to send: waiting, sending, sent, or failed with its reason."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "recipient", "written_at"))

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(Words(255))
    subject: Mapped[str] = mapped_column(Words())
    answers: Mapped[list[str]] = mapped_column(default=list)
    written_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    due_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Words(), default="")
    sent_at: Mapped[datetime | None]
    message: Mapped[Message] = relationship()

    def mark_sent(self) -> None:
        """The mail server took it."""
        self.state, self.sent_at, self.reason = "sent", now(), ""

    def mark_refused(self, reason: str, *, for_good: bool) -> None:
        """The mail server did not take it: tried again ever more slowly, until it is too old or refused for good."""
        self.reason = reason
        if for_good or now() - self.written_at > GIVE_UP:
            self.state = "failed"
        else:
            self.state = "waiting"
            self.due_at = now() + min(FIRST_WAIT * 2 ** min(self.attempts - 1, DOUBLINGS), LONGEST_WAIT)


def sends_from(address: str) -> None:
    """Says under whose name this process writes, as `Name <address>`."""
    global sender
    sender = address


def write(session: Session, message: Message, *, reference: str, recipient: str, subject: str, answers: list[str]) -> Outgoing:
    """Puts a message of a ticket on its way to `recipient`; `answers` are the message ids it answers, nearest first.

    It leaves when the transaction is committed. A mail that answers it finds the ticket by its Message-ID.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message.message_id = f"{reference}.{secrets.token_hex(8)}@{domain}"
    mail = Outgoing(message=message, recipient=recipient, subject=subject, answers=answers)
    session.add(mail)
    live.wake_after(session, "send_outbox")
    return mail


def due_by(moment: datetime) -> ColumnElement[bool]:
    """The mails that should be on their way at this moment: those that wait, and those whose sender fell silent."""
    return Outgoing.state.in_(("waiting", "sending")) & (Outgoing.due_at <= moment)


def claim_next(session: Session) -> Outgoing | None:
    """Takes the next mail that is due for this sender alone; commit before sending.

    A mail whose sender died in the middle of sending is taken again, with the same Message-ID.
    """
    moment = now()
    free = select(Outgoing).where(due_by(moment)).order_by(Outgoing.due_at).limit(1).with_for_update(skip_locked=True)
    mail = session.scalars(free).first()
    if mail:
        mail.state, mail.due_at, mail.attempts = "sending", moment + CLAIM, mail.attempts + 1
    return mail


def lately_written_to(session: Session, recipients: set[str]) -> dict[str, int]:
    """How many mails went to each address in the last hour."""
    if not recipients:
        return {}
    rows = session.execute(
        select(Outgoing.recipient, func.count())
        .where(Outgoing.recipient.in_(sorted(recipients)), Outgoing.written_at > now() - AN_HOUR)
        .group_by(Outgoing.recipient)
    )
    return dict(rows.all())
