"""The mailbox watcher: keeps every mailbox read, one watcher at a time, through every trouble of server and database."""

import logging
import random
import ssl
import traceback
from collections import Counter
from threading import Event, Thread

import structlog
from imapclient.exceptions import IMAPClientAbortError, LoginError
from sqlalchemy.exc import SQLAlchemyError

from channels.email.credentials import SignInPostponed
from channels.email.mailbox import Folder, FolderClosed, LineTorn
from channels.email.mailbox_address import Address, BadMailboxUrl, parse
from channels.email.oauth import TokenRefused, Tokens, TokenServerAway
from contact_hub import leases, mailboxes, troubles
from contact_hub.database import Session
from contact_hub.memory import give_back_large_blocks, look_for_cycles_rarely
from contact_hub.settings import Settings, SettingsError
from workers.catching_up import CatchingUp, NotGiven
from workers.lease import Lease, LeaseLost
from workers.signing_in import credentials_of, tokens_of
from workers.stopping import told_to_stop

SHORTEST, LONGEST = 1.0, 30.0  # seconds to wait after trouble: doubled each time, with jitter
SIGN_IN_LONGEST = 300.0  # after a refused sign-in: servers lock out who insists

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Watches every mailbox of the settings until SIGTERM or SIGINT; the process is bound to its settings already.

    Raises SettingsError when a mailbox URL can't be used.
    """
    give_back_large_blocks()
    look_for_cycles_rarely()
    logging.getLogger("imapclient").setLevel(logging.WARNING)
    addresses = addresses_of(settings)
    tokens = tokens_of(settings)
    stop = told_to_stop()
    if not addresses:
        log.warning("no mailbox to watch: CONTACT_HUB_MAILBOXES is empty")
    watchers = [Thread(target=Watcher(each, stop, tokens).run, name=each.name) for each in addresses]
    for watcher in watchers:
        watcher.start()
    stop.wait()
    for watcher in watchers:
        watcher.join()


def addresses_of(settings: Settings) -> list[Address]:
    """The mailboxes of the settings. Raises SettingsError when one can't be used or is named twice."""
    try:
        addresses = [parse(url) for url in settings.mailboxes]
    except BadMailboxUrl as error:
        raise SettingsError(f"CONTACT_HUB_MAILBOXES can't be used: {error}.") from error
    names = Counter(each.name for each in addresses)
    if twice := [name for name, count in names.items() if count > 1]:
        raise SettingsError(f"CONTACT_HUB_MAILBOXES names {', '.join(twice)} more than once. Leave one of them.")
    if not settings.oauth and (open_ones := [each.name for each in addresses if each.password is None]):
        raise SettingsError(f"{open_ones[0]} has no password, and CONTACT_HUB_OAUTH_TOKEN_URL is not set. Set one of them.")
    return addresses


class Watcher:
    """Keeps one mailbox read."""

    def __init__(self, address: Address, stop: Event, tokens: Tokens | None = None) -> None:
        self._address = address
        self._credentials = credentials_of(address, tokens)
        self._stop = stop
        self._pause = 0.0

    def run(self) -> None:
        """Until told to stop; whatever goes wrong is noted, and tried again ever more slowly."""
        with Lease(f"{leases.MAILBOX}{self._address.name}"[:255]) as lease:
            while not self._stop.is_set():
                try:
                    if lease.obtain(self._stop):
                        self._watch(lease)
                except LeaseLost:
                    log.warning("another process watches this mailbox now", mailbox=self._address.name)
                except NotGiven:
                    log.info("a new connection for the mails that follow", mailbox=self._address.name)
                except LineTorn:
                    log.info("a new connection, as a line came in two pieces", mailbox=self._address.name)
                except Exception as error:  # noqa: BLE001 - whatever it is, this mailbox must be tried again
                    log.warning("a mailbox is in trouble", mailbox=self._address.name, error=_kind(error), where=_where(error))
                    self._note_trouble(trouble_of(error))
                    self._rest(SIGN_IN_LONGEST if isinstance(error, LoginError | TokenRefused) else LONGEST)

    def _watch(self, lease: Lease) -> None:
        """Catches up and waits for more, on one connection."""
        with (
            Folder(self._address, self._credentials) as folder,
            CatchingUp(folder, stop=self._stop, still_ours=lease.check) as catching_up,
        ):
            log.info("watching a mailbox", mailbox=self._address.name)
            catching_up.put_away_leftovers()
            while not self._stop.is_set():
                lease.check()
                catching_up.take_all()
                self._pause = 0.0
                catching_up.wait()
                if folder.run_out:
                    return  # and come again with a newer token, before the server hangs up

    def _note_trouble(self, trouble: str) -> None:
        try:
            with Session.begin() as session:
                mailboxes.record_of(session, self._address.name).get_into_trouble(trouble)
        except SQLAlchemyError as error:
            log.warning("the trouble of a mailbox could not be noted", mailbox=self._address.name, error=_kind(error))

    def _rest(self, longest: float) -> None:
        self._pause = min(max(SHORTEST, self._pause * 2), longest)
        self._stop.wait(self._pause * random.uniform(0.5, 1))  # noqa: S311 - jitter, not a secret


def trouble_of(error: Exception) -> str:
    """What to show about it: short, and without anything that is secret or personal."""
    if isinstance(error, LoginError):
        return troubles.SIGN_IN_REFUSED
    if isinstance(error, SignInPostponed):
        return troubles.SIGN_IN_POSTPONED
    if isinstance(error, TokenRefused):
        return f"{troubles.TOKEN_REFUSED}: {error.reason}"
    if isinstance(error, TokenServerAway):
        return troubles.TOKEN_SERVER_AWAY
    if isinstance(error, FolderClosed):
        return troubles.FOLDER_CLOSED
    if isinstance(error, ssl.SSLError):
        return troubles.UNSAFE
    if isinstance(error, OSError | IMAPClientAbortError):
        return troubles.UNREACHABLE
    if isinstance(error, SQLAlchemyError):
        return troubles.DATABASE_AWAY
    return f"{troubles.UNEXPECTED}: {_kind(error)}"


def _where(error: Exception) -> str:
    """The line of code that raised it; its message may hold what citizens wrote."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def _kind(error: Exception) -> str:
    return type(error).__name__
