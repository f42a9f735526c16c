"""A folder on an IMAP server, as the watcher reads it: what is new, the mails themselves, and what is done with."""

import imaplib
import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event
from types import TracebackType
from typing import Any, Self

from imapclient import SEEN, IMAPClient, SocketTimeout

from channels.email.credentials import Credentials, Password
from channels.email.headers import read_block
from channels.email.identity import message_id_of
from channels.email.mailbox_address import Address

TIMEOUT = SocketTimeout(connect=20, read=60)  # seconds
BATCH = 50  # mails fetched together, at most
BATCH_BYTES = 4 << 20  # and how big they may be together; a bigger mail comes alone, in slices
SLICE = 1 << 20
LISTED = 2000  # mails asked for their size at a time, or named in any other command
LONGEST_LINE = 16 << 20  # bytes; the numbers of a mailbox come in one line, which imaplib cuts off at 1 MB: some 100,000 mails
IDLE_SHORT, IDLE_LONG = 1.0, 30.0  # seconds to rely on IDLE before looking by oneself (RFC 2177 allows 29 minutes)

imaplib._MAXLINE = LONGEST_LINE  # type: ignore[attr-defined]


class FolderClosed(Exception):
    """The folder isn't there, or can't be opened for reading and flagging."""


class LineTorn(Exception):
    """What the server said while we waited came in two pieces, the first of which is lost: only a new connection helps."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the server lists it; `size` in bytes, 0 where the server does not say; `received` aware and UTC.

    `dated` is the same moment in the zone of the server, by whose days it counts.
    """

    uid: int
    size: int
    received: datetime
    dated: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail with its bytes."""

    uid: int
    received: datetime
    raw: bytes = field(repr=False)


class Folder:
    """A signed-in connection to one folder; for one thread at a time.

    Every method may raise OSError or IMAPClientError when the connection is lost.
    """

    def __init__(self, address: Address, credentials: Credentials | None = None, *, readonly: bool = False) -> None:
        """Connects, signs in and opens the folder; with the address's password where no credentials are given.

        Raises LoginError, TokenRefused, TokenServerAway or SignInPostponed when it is not let in, FolderClosed when the
        folder isn't there.
        """
        self.address = address
        self._readonly = readonly
        self._credentials = credentials or Password(address.password or "")
        self._idle_seconds = IDLE_SHORT
        self._client = IMAPClient(address.host, address.port, ssl=address.scheme == "imaps", timeout=TIMEOUT)
        try:
            self._client.normalise_times = False
            self._client._imap.debug = 0  # IMAPClient sets 5, which makes a printable copy of every mail for no log to keep
            if address.scheme == "imap+starttls":
                self._client.starttls()
            self._credentials.sign_in(self._client, address.user)
            self._open()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def run_out(self) -> bool:
        """Whether the server will soon want to see a newer sign-in than that of this connection."""
        return self._credentials.run_out

    def close(self) -> None:
        """Lets go of the connection, without a word: after trouble there may be nobody to say it to."""
        try:
            self._client.shutdown()
        except OSError:
            return

    def newer_than(self, last_uid: int, since: datetime | None) -> tuple[list[Listed], int, int]:
        """The oldest mails beyond `last_uid`, at most LISTED; how many are waiting altogether; the last UID looked at.

        With `since`, mails that came before it are passed by.
        """
        found = self._search(["UID", f"{last_uid + 1}:*"], since)
        waiting = sorted(uid for uid in found if uid > last_uid)
        self._idle_seconds = IDLE_SHORT if waiting else min(self._idle_seconds * 2, IDLE_LONG)
        asked = waiting[:LISTED]
        answers = self._client.fetch(asked, ["RFC822.SIZE", "INTERNALDATE"]) if asked else {}
        listed = [
            Listed(uid, int(facts.get(b"RFC822.SIZE") or 0), _moment(facts), facts[b"INTERNALDATE"])
            for uid, facts in sorted(answers.items())
            if since is None or _moment(facts) >= since
        ]
        return listed, len(waiting), asked[-1] if asked else last_uid

    def fetch(self, listed: Sequence[Listed]) -> list[Fetched]:
        """These mails, oldest first; without those the server does not give, as those that vanished. Sets no flag.

        Where the server refuses them all, or a single one asked for alone, the error is raised: it may be the server.
        """
        if len(listed) == 1 and listed[0].size > BATCH_BYTES:
            return self._fetch_in_slices(listed[0])
        try:
            answers = self._client.fetch([each.uid for each in listed], ["BODY.PEEK[]"])
        except self._client.Error as error:
            if isinstance(error, self._client.AbortError) or len(listed) == 1:
                raise
            return self._fetch_one_by_one(listed, error)
        raw = {uid: facts.get(b"BODY[]") for uid, facts in answers.items()}
        return [Fetched(each.uid, each.received, found) for each in listed if (found := raw.get(each.uid)) is not None]

    def message_ids(self, uids: Sequence[int]) -> dict[int, str]:
        """What these mails call themselves, as far as the server gives them; empty for one without a Message-ID."""
        answers = self._client.fetch(list(uids), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]) if uids else {}
        fields = {
            uid: b"".join(part for name, part in facts.items() if name.startswith(b"BODY[") and part)
            for uid, facts in answers.items()
        }
        return {uid: message_id_of(read_block(field, 0, len(field))[0]) for uid, field in fields.items()}

    def still_there(self, uids: Sequence[int]) -> list[int]:
        """Which of these the server lists."""
        return sorted(set(uids) & set(self._search(["UID", ",".join(map(str, uids))], None)))

    def how_many_of(self, day: date, *, from_uid: int, until: int) -> int:
        """How many mails of one day, as the server dates them, stand in the folder within these UIDs."""
        if from_uid > until:
            return 0
        return len(self._search(["UID", f"{from_uid}:{until}", "ON", f"{day:%d-%b-%Y}"], None))

    def put_away(self, uids: Sequence[int]) -> None:
        """Flags as seen what was taken in, or moves it where the address says so."""
        for some in _asked_together(uids):
            if self.address.move_to:
                self._move(some)
            else:
                self._client.add_flags(some, [SEEN], silent=True)

    def left_behind(self, begins_uid: int, last_uid: int, since: datetime | None) -> list[int]:
        """What was read beyond `begins_uid` and up to `last_uid` but, after a crash, never put away."""
        if last_uid <= begins_uid:
            return []
        still_here = ["UNDELETED"] if self.address.move_to else ["UNSEEN"]
        found = sorted(uid for uid in self._search([*still_here, "UID", f"{begins_uid + 1}:{last_uid}"], since))
        if since is None:
            return found
        answers = [self._client.fetch(some, ["INTERNALDATE"]) for some in _asked_together(found)]
        return sorted(uid for some in answers for uid, facts in some.items() if _moment(facts) >= since)

    def wait(self, stop: Event) -> None:
        """Returns when something may have come, when it is time to look again, or soon after `stop` is set."""
        if self._client.has_capability("IDLE"):
            self._idle(stop)
        else:
            stop.wait(self.address.poll)
            self._client.noop()

    def _open(self) -> None:
        try:
            answer = self._client.select_folder(self.address.folder, readonly=self._readonly)
        except self._client.Error as error:
            if isinstance(error, self._client.AbortError):
                raise
            raise FolderClosed from error
        if not self._readonly and answer.get(b"READ-ONLY") is not None and b"READ-WRITE" not in answer:
            raise FolderClosed
        self.uid_validity = int(answer[b"UIDVALIDITY"])
        self.newest_uid = int(answer.get(b"UIDNEXT", 1)) - 1

    def _search(self, criteria: list[str], since: datetime | None) -> list[int]:
        """SINCE knows days only, in whatever zone: a day too many is asked for."""
        if since is not None:
            criteria = [*criteria, "SINCE", f"{since - timedelta(days=1):%d-%b-%Y}"]
        return list(self._client.search(criteria))

    def _fetch_one_by_one(self, listed: Sequence[Listed], refusal: Exception) -> list[Fetched]:
        """What the server gives when asked for each mail alone: one that it can't give must not hold up the others."""
        given: list[Fetched] = []
        for each in listed:
            try:
                given += self.fetch([each])
            except self._client.AbortError:
                raise
            except self._client.Error:
                continue  # it is still listed, which the caller sees
        if not given:
            raise refusal
        return given

    def _fetch_in_slices(self, listed: Listed) -> list[Fetched]:
        """One buffer holds the mail; the size the server gave may be wrong, so its end is where nothing more comes."""
        buffer = io.BytesIO()
        while True:
            start = buffer.tell()
            answers = self._client.fetch([listed.uid], [f"BODY.PEEK[]<{start}.{SLICE}>"])
            part = answers.get(listed.uid, {}).get(f"BODY[]<{start}>".encode())
            if part is None:
                return []
            buffer.write(part)
            if len(part) < SLICE:
                return [Fetched(listed.uid, listed.received, buffer.getvalue())]

    def _move(self, uids: list[int]) -> None:
        """By MOVE where the server has it; else by a copy, and never expunging what others marked as deleted."""
        if not self._client.folder_exists(self.address.move_to):
            self._client.create_folder(self.address.move_to)
        if self._client.has_capability("MOVE"):
            self._client.move(uids, self.address.move_to)
            return
        self._client.copy(uids, self.address.move_to)
        self._client.delete_messages(uids, silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)

    def _idle(self, stop: Event) -> None:
        """Ever longer while nothing comes, for what is said in one breath with the "+" IMAPClient does not hear."""
        self._client.idle()
        until = time.monotonic() + self._idle_seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            asked = time.monotonic()
            said = self._heard(min(left, 1))
            if any(len(each) > 1 and each[1] in (b"EXISTS", b"EXPUNGE") for each in said):
                break
            if not said and time.monotonic() - asked < min(left, 1) / 2:
                break  # woken by nothing: the line is dead, and idle_done will say so
        self._client.idle_done()

    def _heard(self, seconds: float) -> list[Any]:
        """IMAPClient takes half a line for the end of the connection, as it never waits for the other half."""
        try:
            return list(self._client.idle_check(timeout=seconds))
        except self._client.AbortError as error:
            raise LineTorn from error


def batches(listed: Sequence[Listed]) -> Iterator[list[Listed]]:
    """What to fetch together: at most BATCH mails and BATCH_BYTES; a bigger mail alone."""
    batch: list[Listed] = []
    size = 0
    for mail in listed:
        if batch and (len(batch) == BATCH or size + mail.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch


def _asked_together(uids: Sequence[int]) -> Iterator[list[int]]:
    """No more than the line of a command may hold: servers refuse long ones."""
    return (list(uids[start : start + LISTED]) for start in range(0, len(uids), LISTED))


def _moment(facts: dict[bytes, Any]) -> datetime:
    moment: datetime = facts[b"INTERNALDATE"]
    return moment.astimezone(UTC)
