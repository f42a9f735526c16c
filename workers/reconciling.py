"""Walks a mailbox and proves of each mail that it is in the hub; it marks and moves nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from channels.email.mailbox import Fetched, Folder, Listed, batches
from channels.email.reading import CHANNEL, MAIL
from contact_hub import intake, troubles
from contact_hub.arrivals import SetAside, TakenContact
from contact_hub.blobs import digest
from contact_hub.contact import Contact
from contact_hub.database import Session, reading
from contact_hub.intake import Unreadable
from contact_hub.mailboxes import Mailbox
from contact_hub.messages import Message
from workers.catching_up import place_of, read_fetched

BY_ID, BY_HASH, ASIDE, BEFORE, WAITING, MISSING = "by_id", "by_hash", "set_aside", "before", "waiting", "missing"
TOGETHER = 500  # mails asked about at a time
STATES = (BY_ID, BY_HASH, ASIDE, BEFORE, WAITING, MISSING)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one mail: proved by Message-ID or hash, set aside, before our time, still to be read, or missing."""

    mail: Listed
    state: str
    message_id: str = ""


@dataclass
class Walk:
    """One folder, walked from its oldest mail to its newest; with `strictly` every mail is fetched and proved by its hash.

    Else a Message-ID proves a mail, where the mailbox holds it once and the hub has it.
    """

    folder: Folder
    strictly: bool = False

    def __post_init__(self) -> None:
        """Reads how far the watcher came."""
        with reading() as session:
            self._mailbox = session.get(Mailbox, self.folder.address.name)

    def verdicts(self, listed: Sequence[Listed]) -> Iterator[Verdict]:
        """What is known of these mails, which must be all that are to be looked at; some hundreds at a time."""
        ours = [each for each in listed if not self._is_before(each)]
        yield from (Verdict(mail, BEFORE) for mail in listed if self._is_before(mail))
        names = {} if self.strictly else self._names(ours)
        often = Counter(names.values())
        for some in _pieces(ours):
            single = {mail.uid: name for mail in some if (name := names.get(mail.uid, "")) and often[name] == 1}
            known = _known(set(single.values()))
            unproved = [mail for mail in some if single.get(mail.uid) not in known]
            yield from (Verdict(mail, BY_ID, single[mail.uid]) for mail in some if single.get(mail.uid) in known)
            yield from self._proved_by_hash(unproved)

    def _names(self, mails: Sequence[Listed]) -> dict[int, str]:
        return {
            uid: name for some in _pieces(mails) for uid, name in self.folder.message_ids([each.uid for each in some]).items()
        }

    def take_in(self, mails: Sequence[Listed]) -> frozenset[int]:
        """Takes what is missing in, as the watcher would; gives the UIDs of what is in the hub thereafter."""
        taken: set[int] = set()
        for group in batches(mails):
            fetched = self.folder.fetch(group)
            read = [read_fetched(mail, to=self.folder.address.to) for mail in fetched]
            unreadable = [each for each in read if isinstance(each, Unreadable)]
            intake.receive([each for each in read if isinstance(each, Contact)], unreadable, channel=CHANNEL)
            self._settle(group, fetched)
            taken |= {mail.uid for mail in fetched}
        return frozenset(taken)

    def _settle(self, group: Sequence[Listed], fetched: Sequence[Fetched]) -> None:
        """What once was set aside as the server did not give it is there now."""
        given = {mail.uid for mail in fetched}
        places = [place_of(self.folder, mail.uid) for mail in group if mail.uid in given]
        with Session.begin() as session:
            waiting = select(SetAside).where(SetAside.settled_at.is_(None), SetAside.external_id.in_(places))
            for aside in session.scalars(waiting.where(SetAside.raw_type == MAIL)):
                aside.settle(because=troubles.GIVEN_AT_LAST)

    def _is_before(self, mail: Listed) -> bool:
        """Whether it came before our time."""
        mailbox = self._mailbox
        if mailbox is None:
            return False
        if mailbox.begins_uid >= 0 and mailbox.uid_validity == self.folder.uid_validity:
            return mail.uid <= mailbox.begins_uid
        return mailbox.begins_at is not None and mail.received < mailbox.begins_at

    def _is_waiting(self, mail: Listed) -> bool:
        """Whether the watcher has yet to come to it."""
        mailbox = self._mailbox
        return mailbox is not None and mailbox.uid_validity == self.folder.uid_validity and mail.uid > mailbox.last_uid

    def _proved_by_hash(self, mails: Sequence[Listed]) -> Iterator[Verdict]:
        for group in batches(mails):
            fetched = {mail.uid: mail for mail in self.folder.fetch(group)}
            read = {uid: read_fetched(mail) for uid, mail in fetched.items()}
            taken = _taken({each.external_id for each in read.values()})
            aside = _aside(
                {digest(mail.raw) for mail in fetched.values()} | {place_of(self.folder, each.uid) for each in group}
            )
            for mail in group:
                contact = read.get(mail.uid)
                name = contact.message_id if isinstance(contact, Contact) else ""
                yield Verdict(mail, self._state(mail, contact, fetched.get(mail.uid), taken, aside), name)

    def _state(
        self, mail: Listed, contact: Contact | Unreadable | None, fetched: Fetched | None, taken: set[str], aside: set[str]
    ) -> str:
        if contact and contact.external_id[:255] in taken:
            return BY_HASH
        if (fetched and digest(fetched.raw) in aside) or (not fetched and place_of(self.folder, mail.uid) in aside):
            return ASIDE
        return WAITING if self._is_waiting(mail) else MISSING


def listed_in(folder: Folder, since: date | None) -> list[Listed]:
    """Every mail of the folder that came on that day, as its server dates it, or later."""
    begin = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=1) if since else None
    found: list[Listed] = []
    last, waiting = 0, 1
    while waiting:
        listed, waiting, last = folder.newer_than(last, begin)
        found += [each for each in listed if since is None or each.dated.date() >= since]
    return found


def _pieces(mails: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    return (mails[start : start + TOGETHER] for start in range(0, len(mails), TOGETHER))


def _known(names: set[str]) -> set[str]:
    """The Message-IDs that contacts in the hub have."""
    with reading() as session:
        stored = {name[:255]: name for name in names}
        known = select(Message.message_id).where(Message.message_id.in_(stored), Message.contact_id.is_not(None))
        return {stored[name] for name in session.scalars(known) if name in stored}


def _taken(names: set[str]) -> set[str]:
    with reading() as session:
        known = select(TakenContact.external_id).where(TakenContact.channel == CHANNEL)
        return set(session.scalars(known.where(TakenContact.external_id.in_({name[:255] for name in names}))))


def _aside(names: set[str]) -> set[str]:
    with reading() as session:
        known = select(SetAside.external_id).where(SetAside.channel == CHANNEL, SetAside.external_id.in_(names))
        return set(session.scalars(known))
