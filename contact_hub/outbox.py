"""Mail on its way out: written in the transaction that decided it, sent afterwards, once."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, String, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from contact_hub import live, mail_accounts, threads
from contact_hub.database import Base, Words, now
from contact_hub.mail_accounts import Account
from contact_hub.messages import Message

CLAIM = timedelta(minutes=5)  # how long a sender may be silent before another takes over what it had claimed
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
DOUBLINGS = 10  # more than it takes to wait longest
GIVE_UP = timedelta(days=3)
AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)
ON_ITS_WAY = ("waiting", "sending")
UNDELIVERED = ("failed", "bounced")

accounts: Sequence[Account] = mail_accounts.read((), "onthaal@lindervelde.example")


class Outgoing(Base):
    """One mail to send: waiting, sending, sent, failed with its reason, or sent and bounced with it.

    `account` names the account it leaves by, and `sender` who writes; `claimed_at` is when it was last handed to the server.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "recipient", "written_at"),
        Index(None, "account", "claimed_at"),
    )

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
    account: Mapped[str] = mapped_column(String(64), default="", server_default="")
    sender: Mapped[str] = mapped_column(Words(), default="", server_default="")
    reply_to: Mapped[str] = mapped_column(Words(), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    claimed_at: Mapped[datetime | None]
    message: Mapped[Message] = relationship()

    def mark_sent(self) -> None:
        """The mail server took it; where it came back already, nobody got it all the same."""
        self.sent_at = now()
        if self.state != "bounced":
            self.state, self.reason = "sent", ""

    def mark_refused(self, reason: str, *, for_good: bool) -> None:
        """The mail server did not take it: tried again ever more slowly, until it is too old or refused for good.

        Where it came back, some server did take it: that is what counts.
        """
        if self.state == "bounced":
            return
        self.reason = reason
        if for_good or now() - self.written_at > GIVE_UP:
            self.state = "failed"
        else:
            self.state = "waiting"
            self.due_at = now() + min(FIRST_WAIT * 2 ** min(self.attempts - 1, DOUBLINGS), LONGEST_WAIT)

    def mark_bounced(self, reason: str) -> None:
        """It was sent, and came back: the citizen never got it."""
        self.state, self.reason = "bounced", reason

    @property
    def can_be_taken_back(self) -> bool:
        """Whether certainly no server has seen it yet."""
        return self.state == "waiting" and self.attempts == 0

    @property
    def can_be_tried_again(self) -> bool:
        """Whether it did not arrive, and nobody tries any more."""
        return self.state in UNDELIVERED

    def try_again(self) -> None:
        """Puts it on its way once more, under the same Message-ID, with as much patience as the first time."""
        self.state, self.reason, self.sent_at = "waiting", "", None
        self.due_at = self.written_at = now()
        self.attempts = 1  # some server may know it: it can't be taken back


def sends_by(known: Sequence[Account]) -> None:
    """Says by which accounts this process writes; the first one where no other is meant."""
    global accounts
    accounts = known


def write(
    session: Session,
    message: Message,
    *,
    reference: str,
    recipient: str,
    subject: str,
    answers: list[str],
    account: Account | None = None,
    language: str = "",
    later: timedelta = timedelta(0),
) -> Outgoing:
    """Puts a message of a ticket on its way to `recipient`; `answers` are the message ids it answers, nearest first.

    It leaves when the transaction is committed, or `later`. A mail that answers it finds the ticket by its Message-ID, and by
    its Reply-To where addresses may have a tag.
    """
    account = account or accounts[0]
    message.message_id = f"{threads.token_for(reference)}.{secrets.token_hex(8)}@{account.domain}"
    mail = Outgoing(
        message=message,
        recipient=recipient,
        subject=subject,
        answers=answers,
        account=account.name,
        sender=account.sender,
        reply_to=_reply_to(account, reference),
        language=language,
        due_at=now() + later,
    )
    session.add(mail)
    live.wake_after(session, "send_outbox")
    return mail


def due_by(moment: datetime) -> ColumnElement[bool]:
    """The mails that should be on their way at this moment: those that wait, and those whose sender fell silent."""
    return Outgoing.state.in_(ON_ITS_WAY) & (Outgoing.due_at <= moment)


def ready_by(moment: datetime) -> ColumnElement[bool]:
    """Those of them that nothing but their account holds up: the mails of a ticket wait for each other."""
    return due_by(moment) & _is_first_of_its_ticket()


def left_lying(session: Session, since: datetime) -> int:
    """How many mails were ready at that moment at an account by which nothing was sent since: nobody sends."""
    claimed = aliased(Outgoing)
    lately = select(claimed.account).where(claimed.claimed_at > since)
    lying = select(func.count()).select_from(Outgoing).where(ready_by(since), Outgoing.account.not_in(lately))
    return session.scalar(lying) or 0


def claim_next(session: Session, account: Account, *, others: Collection[str] = ()) -> Outgoing | None:
    """Takes the next mail that is due by this account for this sender alone; commit before sending. None also at its rate.

    `others` are the names of the other accounts: the first account sends what none of them does. The mails of a ticket keep
    their order. One whose sender died in the middle of sending is taken again, with the same Message-ID.
    """
    moment = now()
    its_own = Outgoing.account.not_in(others) if account == accounts[0] else Outgoing.account == account.name
    if account.rate and _claimed_since(session, its_own, moment - A_MINUTE) >= account.rate:
        return None
    free = select(Outgoing).where(ready_by(moment), its_own)
    free = free.order_by(Outgoing.due_at, Outgoing.message_id).limit(1).with_for_update(skip_locked=True)
    mail = session.scalars(free).first()
    if mail:
        mail.state, mail.due_at, mail.claimed_at, mail.attempts = "sending", moment + CLAIM, moment, mail.attempts + 1
    return mail


def take_back(session: Session, mail: Outgoing) -> None:
    """Takes a mail off its way for good, with its message and its files; it is `held` by now, so that nobody sends it."""
    message = mail.message
    session.delete(mail)
    session.flush()
    for file in message.attachments:
        session.delete(file)
    session.delete(message)
    session.flush()


def held(session: Session, message_id: int) -> Outgoing | None:
    """The mail of this message, held so that nobody sends it before this transaction ends."""
    return session.get(Outgoing, message_id, with_for_update=True, populate_existing=True)


_WRITTEN_TO = (
    select(Outgoing.recipient, func.count())
    .where(Outgoing.recipient.in_(bindparam("recipients", expanding=True)), Outgoing.written_at > bindparam("since"))
    .group_by(Outgoing.recipient)
)


def lately_written_to(session: Session, recipients: set[str]) -> dict[str, int]:
    """How many mails went to each address in the last hour."""
    if not recipients:
        return {}
    return dict(session.execute(_WRITTEN_TO, {"recipients": sorted(recipients), "since": now() - AN_HOUR}).all())


def _reply_to(account: Account, reference: str) -> str:
    address = account.reply_to or account.address
    return threads.reply_address(address, reference) if account.tags else account.reply_to


def _claimed_since(session: Session, its_own: ColumnElement[bool], since: datetime) -> int:
    return session.scalar(select(func.count()).select_from(Outgoing).where(its_own, Outgoing.claimed_at > since)) or 0


def _is_first_of_its_ticket() -> ColumnElement[bool]:
    """No earlier mail of the same ticket waits at the same account."""
    earlier, its_message, message = aliased(Outgoing), aliased(Message), aliased(Message)
    its_ticket = select(message.ticket_id).where(message.id == Outgoing.message_id).correlate(Outgoing).scalar_subquery()
    before = select(earlier.message_id).join(its_message, its_message.id == earlier.message_id)
    before = before.where(its_message.ticket_id == its_ticket, its_message.id < Outgoing.message_id)
    before = before.where(earlier.account == Outgoing.account, earlier.state.in_(ON_ITS_WAY))
    return ~before.correlate(Outgoing).exists()
