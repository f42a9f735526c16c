"""What workers do when woken. Each job finds its work in the database and may run twice, or not at all: a sweep follows."""

import secrets
import signal
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from functools import partial
from typing import Any

import redis
import structlog
from rq import SimpleWorker
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from channels.email.sending import BadMailServerUrl, MailServer, Refused, ServerAway, compose
from contact_hub import blobs, bulk, live, outbox, passwords, settings, troubles
from contact_hub.agents import Agent
from contact_hub.contact import Attachment
from contact_hub.database import Session, now, reading
from contact_hub.letters.sign_in import link_letter
from contact_hub.mail_accounts import Account
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.passwords import SignInLink
from contact_hub.settings import Settings, SettingsError
from contact_hub.tickets import Ticket
from workers import second_tries
from workers.signing_in import tokens_of

ROUND = 60.0  # seconds after which a job makes room for others; RQ would break it off after 180, amid a mail
REST = 5.0  # seconds for which a server that is away is not asked again, so that waiting for it holds up nobody

_rests_until: dict[str, float] = {}  # by account
log = structlog.get_logger()


def send_outbox() -> None:
    """Sends every mail that is due: each account one after another over one connection, no account waiting for another."""
    accounts = settings.read().mail_accounts
    try:
        if not accounts[0].url:
            _say_why_nothing_leaves()
            return
        with ThreadPoolExecutor(len(accounts)) as senders:
            list(senders.map(partial(_send_what_is_due, accounts), accounts))
    except SQLAlchemyError as error:  # RQ would write it down with all it says, and it may say addresses
        log.warning("the outbox waits for the next sweep", error=type(error).__name__)


def try_set_aside() -> None:
    """Tries again every mail that was set aside."""
    try:
        second_tries.try_every_mail()
    except SQLAlchemyError as error:
        log.warning("what was set aside waits for another try", error=type(error).__name__)


def send_links() -> None:
    """Sends whoever asked for it a link to choose a password. The mail alone holds what lets somebody in."""
    here = settings.read()
    if not here.smtp_url:
        return
    try:
        with reading() as session:
            waiting = passwords.to_send(session)
        account = here.mail_accounts[0]
        for number in waiting:
            with MailServer(account.url, tokens_of(here)) as server:
                _send_link(number, server, account, here)
    except (SQLAlchemyError, ServerAway) as error:
        log.warning("links to choose a password wait for the next sweep", error=type(error).__name__)


def _send_link(number: int, server: MailServer, account: Account, here: Settings) -> None:
    with Session.begin() as session:
        link = session.get_one(SignInLink, number, with_for_update=True)
        if link.sent_at is not None:
            return
        agent = session.get_one(Agent, link.agent_id)
        address = f"{here.public_url}/sign-in/password/{passwords.token_of(link, here.secret_key)}"
        letter = link_letter(agent.language, name=agent.name, link=address, purpose=link.purpose)
        mail = compose(
            sender=account.sender,
            recipient=agent.email,
            subject=letter.subject,
            text=letter.text,
            message_id=f"link.{secrets.token_hex(12)}@{account.domain}",
            answers=[],
            kind="notice",
            at=now(),
            language=letter.language,
        )
        try:
            server.send(mail)
        except Refused as refused:
            log.warning("a link to choose a password was refused", agent=agent.id, reason=type(refused).__name__)
        link.sent_at = now()


def do_bulk() -> None:
    """Goes on with what is to be done with several tickets, and was not ended."""
    try:
        with reading() as session:
            waiting = bulk.unfinished(session)
        for number in waiting:
            bulk.proceed(number)
    except SQLAlchemyError as error:
        log.warning("what is done with several tickets waits for the next sweep", error=type(error).__name__)


def work(settings: Settings) -> None:
    """Does jobs until SIGTERM or SIGINT; while the news server is gone, asks for it every second or two.

    Raises SettingsError when the mail server of the settings can't be used.
    """
    _check_mail_servers(settings)
    while True:
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, _leave)
        connection = redis.Redis.from_url(settings.redis_url)
        try:
            worker = _Worker([live.QUEUE], connection=connection, worker_ttl=_Worker.TTL)
            worker.work(logging_level="WARNING")
            if worker.told_to_stop:
                return
        except redis.RedisError as error:
            log.warning("the news server is gone", error=type(error).__name__)
        finally:
            connection.close()
        time.sleep(1)


class _Worker(SimpleWorker):
    """One that does not fork, as jobs are short, and that never waits long for a news server that was gone."""

    TTL = 30
    max_connection_wait_time = 2.0
    told_to_stop = False

    def handle_warm_shutdown_request(self) -> None:
        """Remembers why the work ended."""
        self.told_to_stop = True


def _check_mail_servers(settings: Settings) -> None:
    try:
        for account in settings.mail_accounts:
            if account.url:
                MailServer(account.url)
    except BadMailServerUrl as error:
        raise SettingsError(f"CONTACT_HUB_SMTP_URL can't be used: {error}.") from error


def _leave(number: int, frame: Any) -> None:
    raise SystemExit(0)


def _send_what_is_due(accounts: Sequence[Account], account: Account) -> None:
    if time.monotonic() < _rests_until.get(account.name, 0.0):
        return
    until = time.monotonic() + ROUND
    others = {each.name for each in accounts} - {account.name}
    with MailServer(account.url, tokens_of(settings.read())) as server:
        while time.monotonic() < until:
            claimed = _claim(account, others)
            if claimed is None:
                return
            if not _deliver(claimed, server):
                _rests_until[account.name] = time.monotonic() + REST
                return


def _claim(account: Account, others: Collection[str]) -> int | None:
    """Makes the next mail that is due ours, so that nobody else sends it."""
    with Session.begin() as session:
        mail = outbox.claim_next(session, account, others=others)
        return mail.message_id if mail else None


def _deliver(message_id: int, server: MailServer) -> bool:
    """Sends one mail and keeps what became of it; False when there is no server to send the next one either."""
    try:
        server.send(_composed(message_id))
    except Refused as refused:
        why, for_good = refused.reason, refused.for_good
        _conclude(message_id, lambda mail: mail.mark_refused(why, for_good=for_good))
    except ServerAway as away:
        why = away.reason
        _conclude(message_id, lambda mail: mail.mark_refused(why, for_good=False))
        return False
    except Exception as error:  # noqa: BLE001 - one bad mail must never hold up the next
        why = f"{troubles.WRITING_FAILED}: {type(error).__name__}"
        log.warning("a mail could not be sent", message=message_id, error=type(error).__name__)
        _conclude(message_id, lambda mail: mail.mark_refused(why, for_good=False))
    else:
        _conclude(message_id, Outgoing.mark_sent)
    return True


def _composed(message_id: int) -> EmailMessage:
    with reading() as session:
        mail = session.get_one(Outgoing, message_id)
        message = mail.message
        return compose(
            sender=mail.sender or outbox.accounts[0].sender,
            reply_to=mail.reply_to,
            recipient=mail.recipient,
            subject=mail.subject,
            text=message.text,
            quoted=message.quoted,
            language=mail.language,
            message_id=message.message_id or "",
            answers=mail.answers,
            kind=message.kind,
            at=message.at or now(),
            attachments=[
                Attachment(each.name, each.content_type, b"".join(blobs.load(session, each.sha256)))
                for each in message.attachments
            ],
        )


def _conclude(message_id: int, what_happened: Callable[[Outgoing], None]) -> None:
    """Keeps what became of a mail, and shows it on the desks."""
    with live.change() as session:
        mail = session.get_one(Outgoing, message_id, with_for_update=True)  # it may be coming back at this moment
        what_happened(mail)
        ticket = session.get_one(Ticket, session.get_one(Message, message_id).ticket_id)
        live.note(session, ticket.news("delivery"))
        if mail.state != "sent":
            log.warning("a mail did not leave", message=message_id, state=mail.state, attempts=mail.attempts)


def _say_why_nothing_leaves() -> None:
    with Session.begin() as session:
        waiting = (Outgoing.state == "waiting") & (Outgoing.reason != troubles.NO_SERVER)
        session.execute(update(Outgoing).where(waiting).values(reason=troubles.NO_SERVER))
