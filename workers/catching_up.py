"""The way from a folder to the intake: fetch ahead, read, commit together with the progress, and only then put away."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from threading import Event, Lock
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

import structlog
from sqlalchemy.orm import Session as SessionType

from channels.email.mailbox import BATCH_BYTES, Fetched, Folder, Listed, batches
from channels.email.mailbox_address import FROM_NOW
from channels.email.reading import CHANNEL, MAIL, UnreadableMail, read_mail
from contact_hub import intake, mailboxes, troubles
from contact_hub.blobs import digest
from contact_hub.contact import Contact
from contact_hub.database import Session, now, reading
from contact_hub.intake import Unreadable
from contact_hub.mailboxes import Mailbox

COUNTED = 600.0  # seconds between two looks at what the server itself counts
COUNTED_DAYS = 3  # that many of the latest days are compared
TRIES = 5  # failures at one mail, asked for alone, after which it is set aside
_ROOM = Lock()  # for one big mail at a time, whatever the number of mailboxes

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger()


class NotGiven(Exception):
    """The server would not give a mail however often it was asked: it is set aside, and on a new connection the next flows."""


class CatchingUp:
    """Takes in what is new in a folder; all talk with its server happens on one thread of its own.

    `still_ours` is asked before every commit and raises when this process must leave the mailbox to another.
    """

    def __init__(self, folder: Folder, *, stop: Event, still_ours: Callable[[], None]) -> None:
        self._folder = folder
        self._name = folder.address.name
        self._stop = stop
        self._still_ours = still_ours
        self._talk = ThreadPoolExecutor(1, thread_name_prefix=f"imap {self._name}")
        self._putting_away: Future[None] | None = None
        self._waiting = 0
        with Session.begin() as session:
            mailbox = _begin(session, folder)
        self._last_uid, self._stuck_uid = mailbox.last_uid, mailbox.stuck_uid
        self._begins_uid = max(mailbox.begins_uid, 0)
        self._begins_at = mailbox.begins_at if mailbox.begins_uid < 0 else None
        self._counted_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._talk.shutdown(cancel_futures=True)

    def put_away_leftovers(self) -> None:
        """Does for what an earlier watcher took in what it no longer could do before it died.

        Servers know whole seconds: of the mails of the first one nobody can say whether they are ours, so they stay.
        """
        surely_ours = self._begins_at and self._begins_at + timedelta(seconds=1)
        left = self._ask(self._folder.left_behind, self._begins_uid, self._last_uid, surely_ours)
        if left:
            log.info("putting away what was taken in before", mailbox=self._name, mails=len(left))
            self._ask(self._folder.put_away, left)

    def take_all(self) -> None:
        """Takes in everything that waits, oldest first; notes that the mailbox was seen.

        Raises NotGiven when a mail had to be set aside as the server fails whenever it is asked for it.
        """
        found = 1
        while found and not self._stop.is_set():
            listed, found, until = self._ask(self._folder.newer_than, self._last_uid, self._begins_at)
            self._waiting = found
            self._take(listed)
            if not self._stop.is_set():
                self._pass_by(until)
        self._finish_putting_away()
        self._compare()

    def wait(self) -> None:
        """Until something may have come."""
        self._ask(self._folder.wait, self._stop)

    def _compare(self) -> None:
        """Asks the server now and then how many mails of these days it counts, to set that beside what was read."""
        if self._stop.is_set() or time.monotonic() < self._counted_at + COUNTED:
            return
        self._counted_at = time.monotonic()
        with reading() as session:
            days = mailboxes.latest_days(session, self._name, self._folder.uid_validity, COUNTED_DAYS)
        whole = [day for day in days if self._begins_at is None or day > (self._begins_at + timedelta(days=1)).date()]
        within = {"from_uid": self._begins_uid + 1, "until": self._last_uid}
        numbers = {day: self._ask(self._folder.how_many_of, day, **within) for day in whole}
        with Session.begin() as session:
            mailbox = session.get_one(Mailbox, self._name)
            for day, number in numbers.items():
                mailboxes.day_of(session, mailbox, day).compare(number)

    def _take(self, listed: list[Listed]) -> None:
        for group, mails in self._fetched(self._groups(listed)):
            self._still_ours()
            self._commit(group, mails, self._withheld(group, mails))
            self._finish_putting_away()
            self._putting_away = self._talk.submit(self._folder.put_away, [mail.uid for mail in mails])
            mails.clear()
            if self._stop.is_set():
                return

    def _groups(self, listed: list[Listed]) -> list[list[Listed]]:
        """What to fetch together; up to where fetching failed before, each mail alone, to find the one that is to blame."""
        suspect = [[each] for each in listed if each.uid <= self._stuck_uid]
        return [*suspect, *batches(listed[len(suspect) :])]

    def _fetched(self, groups: list[list[Listed]]) -> Iterator[tuple[list[Listed], list[Fetched]]]:
        """Each group with its mails; the next one is fetched meanwhile, unless that would fill the memory or blur a blame."""
        ahead: Future[list[Fetched]] | None = None
        for group, following in pairwise([*groups, []]):
            with _ROOM if _is_big(group) else nullcontext():
                coming = ahead or self._talk.submit(self._folder.fetch, group)
                try:
                    mails = coming.result()
                except Exception as error:
                    self._get_stuck(group, error)
                    raise
                del coming
                ahead = None
                if following and following[-1].uid > self._stuck_uid and not _is_big(group) and not _is_big(following):
                    ahead = self._talk.submit(self._folder.fetch, following)
                yield group, mails

    def _get_stuck(self, group: list[Listed], error: Exception) -> None:
        """Remembers at which mail the server failed; gives that mail up, and raises NotGiven, when it was asked for often."""
        self._finish_putting_away()  # raises where the line was lost before, which says nothing about these mails
        self._still_ours()
        with Session.begin() as session:
            mailbox = session.get_one(Mailbox, self._name)
            mailbox.get_stuck(group[-1].uid, alone=len(group) == 1)
        if mailbox.stuck_times >= TRIES:
            log.warning("a mail is given up: fetching it fails", mailbox=self._name, error=type(error).__name__)
            self._commit(group, [], [self._not_given(group[0])])
            raise NotGiven from error

    def _withheld(self, group: list[Listed], mails: list[Fetched]) -> list[Unreadable]:
        """What the server lists and does not give, to set aside; what is no longer listed was withdrawn, and is nobody's."""
        missing = {each.uid: each for each in group if each.uid not in {mail.uid for mail in mails}}
        if not missing:
            return []
        listed = self._ask(self._folder.still_there, list(missing))
        log.warning(
            "mails were listed and not given", mailbox=self._name, withdrawn=len(missing) - len(listed), kept=len(listed)
        )
        return [self._not_given(missing[uid]) for uid in listed]

    def _not_given(self, mail: Listed) -> Unreadable:
        reason = f"{troubles.NOT_GIVEN}: {mail.uid}"
        return Unreadable(CHANNEL, place_of(self._folder, mail.uid), mail.received, reason, b"", MAIL)

    def _commit(self, group: list[Listed], mails: list[Fetched], withheld: list[Unreadable]) -> None:
        """Takes in what could be read, sets aside what could not, and moves the progress, all in one transaction."""
        read = [read_fetched(mail, to=self._folder.address.to) for mail in mails]
        newest = max((mail.received for mail in mails), default=None)
        given, kept = {mail.uid for mail in mails}, {each.external_id for each in withheld}
        arrived = [each.dated for each in group if each.uid in given or self._not_given(each).external_id in kept]
        until = group[-1].uid
        self._waiting = max(0, self._waiting - len(group))
        intake.receive(
            [each for each in read if isinstance(each, Contact)],
            [each for each in read if isinstance(each, Unreadable)] + withheld,
            channel=CHANNEL,
            also=partial(self._note_progress, until=until, newest=newest, arrived=arrived),
        )
        self._last_uid = until

    def _pass_by(self, until: int) -> None:
        """Nothing up to `until` is left to take: it was taken, vanished, or came before our time."""
        with Session.begin() as session:
            self._note_progress(session, until=until, newest=None, arrived=())
        self._last_uid = until

    def _note_progress(self, session: SessionType, *, until: int, newest: datetime | None, arrived: Iterable[datetime]) -> None:
        mailbox = session.get_one(Mailbox, self._name)
        mailbox.get_on(until=until, behind=self._waiting, newest=newest)
        mailboxes.count_days(session, mailbox, arrived)

    def _finish_putting_away(self) -> None:
        if self._putting_away:
            self._putting_away.result()
            self._putting_away = None

    def _ask(self, what: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        return self._talk.submit(what, *given, **named).result()


def read_fetched(mail: Fetched, *, to: str = "") -> Contact | Unreadable:
    """The mail as a contact that went to `to` too, whatever it says; or, whatever is wrong with it, something to set aside."""
    try:
        contact = read_mail(mail.raw, mail.received)
    except UnreadableMail as error:
        return _unreadable(mail, error.reason)
    except Exception as error:  # noqa: BLE001 - one bad mail must never hold up the next
        log.warning("a mail is set aside", error=type(error).__name__)
        return _unreadable(mail, f"{troubles.READING_FAILED}: {type(error).__name__}")
    return replace(contact, recipients=(*contact.recipients, to)) if to and to not in contact.recipients else contact


def place_of(folder: Folder, uid: int) -> str:
    """What names a mail of which nothing else is known."""
    return digest(f"{folder.address.name} {folder.uid_validity} {uid}".encode())


def _begin(session: SessionType, folder: Folder) -> Mailbox:
    """How far this folder was read, and from which moment on it is ours."""
    mailbox = mailboxes.record_of(session, folder.address.name)
    if not mailbox.uid_validity:
        since = folder.address.since
        mailbox.begins_at = now().replace(microsecond=0) if since == FROM_NOW else None
        mailbox.begins_at = since if isinstance(since, datetime) else mailbox.begins_at
        mailbox.begins_uid = folder.newest_uid if since == FROM_NOW else -1
        mailbox.last_uid = max(mailbox.begins_uid, 0)
    elif mailbox.uid_validity != folder.uid_validity:
        log.warning("the server gave every mail a new number: what is known stays known", mailbox=mailbox.name)
        mailbox.last_uid = mailbox.stuck_uid = mailbox.stuck_times = 0
        mailbox.begins_uid = -1
    mailbox.uid_validity = folder.uid_validity
    return mailbox


def _unreadable(mail: Fetched, reason: str) -> Unreadable:
    return Unreadable(CHANNEL, digest(mail.raw), mail.received, reason, mail.raw, MAIL)


def _is_big(group: Sequence[Listed]) -> bool:
    return sum(each.size for each in group) > BATCH_BYTES
