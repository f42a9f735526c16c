"""The published versions of the routing rules: which one decides, who published it and why, and that none is rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import queues
from contact_hub.chain import FIRST, link
from contact_hub.database import Base, now
from contact_hub.routing.changes import Changes, changes, line_by_line, rules_that_need
from contact_hub.routing.checking import Checked, checked
from contact_hub.routing.mistakes import RulebookError
from contact_hub.routing.rulebook import read_rulebook
from contact_hub.routing.rules import Rulebook
from contact_hub.texts import storable

LONGEST_AUTHOR = 255
EMERGENCY = """\
format: 1
municipality: {name: "Gemeente", timezone: Europe/Brussels, languages: [nl, fr, en, de]}
queues:
  - {id: onthaal, name: {nl: "Onthaal", fr: "Accueil", en: "Reception", de: "Empfang"}, tier: front, clock: 1 working day}
route: []
default: {queue: onthaal, tags: [no-rules]}
"""


class Edition(Base):
    """One published version of the rules, bound to the one before by its hash; the database refuses to change it.

    `diff` and `changes` are against the edition before, `tested` counts what its check went through, `replay` is what a
    replay had said.
    """

    __tablename__ = "edition"
    __table_args__ = (Index("uq_edition_previous_hash", "previous_hash", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(LONGEST_AUTHOR))
    reason: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(default=now)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    diff: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tested: Mapped[dict[str, Any]] = mapped_column(default=dict)
    replay: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CompiledEdition(Base):
    """An edition in the form that loads quickly, as one version of the hub writes it; may be thrown away at any time."""

    __tablename__ = "edition_compiled"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class NoEdition(Exception):
    """The database holds no rules yet."""


class NoReason(ValueError):
    """Whoever publishes must say why."""


@dataclass(eq=False)
class Overtaken(Exception):
    """Another edition came in since the one the text was based on; says which, and what it changed."""

    text: str
    base: Edition | None
    came: Edition

    def __str__(self) -> str:
        return f"edition {self.came.id} by {self.came.author} came in before this one"

    @property
    def diff(self) -> str:
        """What the editions in between changed, line by line."""
        return _diff(self.base, self.came.text, self.came.id)

    @cached_property
    def changes(self) -> Changes:
        """What the editions in between changed, rule by rule."""
        return changes(read_rulebook(self.base.text), read_rulebook(self.came.text)) if self.base else Changes()

    @cached_property
    def homeless(self) -> tuple[str, ...]:
        """The rules of the refused text that send contacts to a queue which the editions in between took away."""
        return rules_that_need(read_rulebook(self.text), self.changes.queues_removed)


@dataclass(frozen=True)
class Ready:
    """A text that may be published after `before`, with all that took time to find out."""

    checked: Checked
    before: Edition | None
    diff: str
    changes: Changes


@dataclass(frozen=True)
class Deciding:
    """The rules that decide now, with the edition they come from."""

    edition: int
    rulebook: Rulebook


_read: dict[str, Deciding] = {}  # by the hash of an edition: what this process has read of it


def deciding(session: Session) -> Deciding:
    """The newest edition that can be read: there is always one, so no contact ever waits for rules."""
    newest = session.scalar(select(Edition.hash).order_by(Edition.id.desc()).limit(1)) or ""
    if newest not in _read:
        found = _newest_readable(session)
        _read.clear()
        _read[newest] = found
    return _read[newest]


def forget() -> None:
    """Drops what this process has read, as when it is bound to another database."""
    _read.clear()


def publish(session: Session, text: str, *, author: str, reason: str, onto: int | None = None) -> Edition:
    """Makes `text` the edition that decides from here on.

    Raises RulebookError when it has mistakes or its rules do not keep its own examples and tests, Overtaken when another
    edition came in since `onto`, and NoReason. It holds the transaction while it checks; `ready` and `put_in_force` don't.
    """
    while True:
        before = newest(session)
        if onto is not None and before is not None and before.id != onto:
            raise _overtaken(session, text, session.get(Edition, onto), before)
        try:
            return put_in_force(session, ready(text, before), author=author, reason=reason)
        except Overtaken:
            if onto is not None:
                raise


def ready(text: str, before: Edition | None) -> Ready:
    """All of publishing that takes time, to be done before a transaction opens. Raises RulebookError."""
    found = checked(text, now())
    if found.rulebook is None or found.in_the_way:
        raise RulebookError(found.in_the_way)
    told = changes(_rulebook_before(before), found.rulebook) if before else Changes()
    return Ready(found, before, _diff(before, text, before.id + 1 if before else 1), told)


def put_in_force(
    session: Session, good: Ready, *, author: str, reason: str, replay: Mapping[str, Any] = MappingProxyType({})
) -> Edition:
    """The part of publishing that belongs in a transaction.

    Raises NoReason, and Overtaken when an edition came in since `good` was made ready: the database lets only one follow
    each other, whoever is first.
    """
    if not reason.strip():
        raise NoReason("say why this edition is published")
    edition = _following(good, author=storable(author)[:LONGEST_AUTHOR], reason=storable(reason.strip()), replay={**replay})
    try:
        with session.begin_nested():
            session.add(edition)
    except IntegrityError as error:
        came = newest(session)
        if came is None or (good.before and came.id == good.before.id):
            raise
        raise _overtaken(session, good.checked.text, good.before, came) from error
    assert good.checked.rulebook is not None  # it is ready
    queues.follow_rules(session, good.checked.rulebook)
    return edition


def newest(session: Session) -> Edition | None:
    """The edition published last; it decides, unless this version of the hub can't read it."""
    return session.scalars(select(Edition).order_by(Edition.id.desc()).limit(1)).first()


def rulebook_of(session: Session, number: int) -> Rulebook:
    """The rules of one edition. Raises NoResultFound, and RulebookError when it was written for another version of the hub."""
    edition = session.get_one(Edition, number)
    known = next((each for each in _read.values() if each.edition == number), None)
    return known.rulebook if known and edition.hash in _read else read_rulebook(edition.text)


def broken_links(session: Session) -> list[int]:
    """The numbers of the editions that are not what they were when they were published; empty when all are."""
    previous, broken = FIRST, []
    for edition in session.scalars(select(Edition).order_by(Edition.id).execution_options(yield_per=20)):
        if edition.previous_hash != previous or edition.hash != _link_of(edition):
            broken.append(edition.id)
        previous = edition.hash
    return broken


def _following(good: Ready, *, author: str, reason: str, replay: dict[str, Any]) -> Edition:
    edition = Edition(
        id=good.before.id + 1 if good.before else 1,
        text=good.checked.text,
        author=author,
        reason=reason,
        published_at=now(),
        previous_hash=good.before.hash if good.before else FIRST,
        diff=good.diff,
        changes=good.changes.as_record(),
        tested={**good.checked.counts()},
        replay=replay,
    )
    edition.hash = _link_of(edition)
    return edition


def _link_of(edition: Edition) -> str:
    return link(
        edition.previous_hash,
        number=edition.id,
        text=edition.text,
        author=edition.author,
        reason=edition.reason,
        published_at=edition.published_at,
        tested=edition.tested,
        replay=edition.replay,
    )


def _overtaken(session: Session, text: str, base: Edition | None, came: Edition) -> Overtaken:
    """What it names outlives the transaction, which ends by it."""
    for each in {base, came}:
        if each is not None and each in session:
            session.expunge(each)
    return Overtaken(text, base, came)


def _diff(before: Edition | None, text: str, number: int) -> str:
    names = (f"edition {before.id}" if before else "nothing", f"edition {number}")
    return line_by_line(before.text if before else "", text, names)


def _rulebook_before(before: Edition) -> Rulebook:
    """The rules of the edition before; none of them where it was written for another version of the hub."""
    if before.hash in _read and _read[before.hash].edition == before.id:
        return _read[before.hash].rulebook
    try:
        return read_rulebook(before.text)
    except RulebookError:
        return read_rulebook(EMERGENCY)


def _newest_readable(session: Session) -> Deciding:
    for edition in session.scalars(select(Edition).order_by(Edition.id.desc())):
        try:
            return Deciding(edition.id, read_rulebook(edition.text))
        except RulebookError:
            continue  # written for another version of the hub: the one before it decides
    raise NoEdition("no edition of the rules was ever published: run `contact-hub init` first")
