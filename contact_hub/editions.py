"""The published versions of the routing rules: which one decides, who published it and why, and that none is rewritten."""

from concurrent.futures import wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import loading
from contact_hub.chain import FIRST, link
from contact_hub.database import Base, now
from contact_hub.loading import FORM
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.rules import Rulebook

LONGEST_AUTHOR = 255
FOLLOWS = timedelta(seconds=1.5)
"""After publishing, a process that is still reading the new edition may decide by the one before for so long."""
GRACE = 0.02
"""Seconds a contact waits for the reading of an edition that was published just now."""
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


@dataclass(frozen=True)
class Deciding:
    """The rules that decide now, with the edition they come from."""

    edition: int
    rulebook: Rulebook


_read: dict[str, Deciding] = {}  # by the hash of the newest edition: what this process decides by
_REMEMBERED = 2
_lately: dict[str, Rulebook] = {}  # by its hash: what was last asked of other editions, such as why a ticket went its way
_LATELY = 4
_hashes: dict[int, str] = {}  # of the editions asked for, by their numbers: these never change


_NEWEST = select(Edition.hash, Edition.published_at).order_by(Edition.id.desc()).limit(1)


def deciding(session: Session) -> Deciding:
    """The newest edition that can be read: there is always one.

    No contact waits for a new edition to be read: for a moment the one before goes on deciding in this process, at most
    FOLLOWS after the new one was published. A session that only reads asks once. Raises NoEdition.
    """
    kept: Deciding | None = session.info.get("deciding")
    if kept is not None:
        return kept
    found = session.execute(_NEWEST).first()
    if found is None:
        raise NoEdition("no edition of the rules was ever published: run `contact-hub init` first")
    known = _read.get(found.hash)
    if known is None:
        before = _decided_before(session) if now() - found.published_at < FOLLOWS else None
        known = _newest_readable(session, before)
        if known is not before:
            remember(found.hash, known)
    if session.info.get("reads"):
        session.info["deciding"] = known
    return known


def remember(name: str, found: Deciding) -> None:
    """Keeps the rules of the edition with this hash for this process; an edition never changes."""
    _read[name] = found
    for old in list(_read)[:-_REMEMBERED]:
        _read.pop(old, None)


def forget() -> None:
    """Drops what this process has read, as when it is bound to another database."""
    _read.clear()
    _lately.clear()
    _hashes.clear()
    loading.forget()


def newest(session: Session) -> Edition | None:
    """The edition published last; it decides, unless this version of the hub can't read it."""
    return session.scalars(select(Edition).order_by(Edition.id.desc()).limit(1)).first()


def rulebook_of(session: Session, number: int) -> Rulebook:
    """The rules of one edition. Raises NoResultFound, and RulebookError when it was written for another version of the hub."""
    if number not in _hashes:
        _hashes[number] = session.execute(select(Edition.hash).filter_by(id=number)).scalar_one()
    name = _hashes[number]
    return _known(name, number) or _kept(name, loading.load(session.get_one(Edition, number).text, _packed(session, number)))


def rules_in(edition: Edition) -> Rulebook:
    """The rules of an edition at hand. Raises RulebookError."""
    return _known(edition.hash, edition.id) or _kept(edition.hash, loading.load(edition.text, None))


def broken_links(session: Session) -> list[int]:
    """The numbers of the editions that are not what they were when they were published; empty when all are."""
    previous, broken = FIRST, []
    for number in session.scalars(select(Edition.id).order_by(Edition.id)).all():
        edition = session.get_one(Edition, number)  # one at a time: a town keeps hundreds, each as long as its rules
        if edition.previous_hash != previous or edition.hash != link_of(edition):
            broken.append(edition.id)
        previous = edition.hash
    return broken


def is_compiled(session: Session, edition: Edition) -> bool:
    """Whether the edition has a form that this version of the hub loads."""
    packed = _packed(session, edition.id)
    return packed is not None and loading.fits(packed)


def link_of(edition: Edition) -> str:
    """The hash an edition must have."""
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


def _known(name: str, number: int) -> Rulebook | None:
    """The rules of the edition with this hash, where this process has read them; another may decide in its place."""
    deciding = _read.get(name)
    return deciding.rulebook if deciding and deciding.edition == number else _lately.get(name)


def _kept(name: str, rulebook: Rulebook) -> Rulebook:
    """The rules themselves, which the next few who ask need not read again."""
    _lately[name] = rulebook
    for old in list(_lately)[:-_LATELY]:
        _lately.pop(old, None)
    return rulebook


def _decided_before(session: Session) -> Deciding | None:
    """What this process decided by until now, if it is an edition indeed: a transaction that failed leaves none."""
    for name, known in reversed(_read.items()):
        if session.scalar(select(exists().where(Edition.id == known.edition, Edition.hash == name))):
            return known
    return None


def _newest_readable(session: Session, before: Deciding | None) -> Deciding:
    """`before` decides on while the newest one is still being read; without it there is nothing but to wait."""
    for edition in session.scalars(select(Edition).order_by(Edition.id.desc())):
        reading = loading.started(edition.hash, edition.text, _packed(session, edition.id))
        if before and wait([reading], GRACE).not_done:
            return before
        try:
            return Deciding(edition.id, reading.result())
        except RulebookError:
            before = None  # written for another version of the hub: the one before it decides
    raise NoEdition("no edition of the rules can be read by this version of the hub")


def _packed(session: Session, number: int) -> bytes | None:
    return session.scalar(select(CompiledEdition.data).filter_by(edition_id=number, form=FORM))
