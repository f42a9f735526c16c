"""The published versions of the routing rules: which one decides, who published it and why, and what a bad file said."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import queues
from contact_hub.database import Base, Words, now
from contact_hub.routing.rulebook import Mistake, RulebookError, read_rulebook
from contact_hub.routing.rules import Astray, Rulebook
from contact_hub.routing.said import said

EMERGENCY = """\
format: 1
municipality: {name: "Gemeente", timezone: Europe/Brussels, languages: [nl, fr, en, de]}
queues:
  - {id: onthaal, name: {nl: "Onthaal", fr: "Accueil", en: "Reception", de: "Empfang"}, tier: front, clock: 1 working day}
route: []
default: {queue: onthaal, tags: [no-rules]}
"""
# Why the hub publishes an edition by itself, as it is stored; pages say it in their own language.
FILE_CHANGED = "the rules file changed"
NONE_USABLE = "the first rules file could not be used"


class Edition(Base):
    """One published version of the rules; never changed afterwards."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(default=now)


class RulesFile(Base):
    """What the rules file said when it was last read; with mistakes in it, the edition before keeps deciding."""

    __tablename__ = "rules_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Words())
    mistakes: Mapped[list[dict[str, Any]]]


class NoEdition(Exception):
    """The database holds no rules yet."""


@dataclass(frozen=True)
class Deciding:
    """The rules that decide now, with the edition they come from."""

    edition: int
    rulebook: Rulebook


_read: dict[int, Deciding] = {}  # the newest edition each process has read; an edition never changes


def deciding(session: Session) -> Deciding:
    """The newest edition that can be read: there is always one, so no contact ever waits for rules."""
    newest = session.scalar(select(Edition.id).order_by(Edition.id.desc()).limit(1)) or 0
    if newest not in _read:
        found = _newest_readable(session)
        _read.clear()
        _read[newest] = found
    return _read[newest]


def forget() -> None:
    """Drops what this process has read, as when it is bound to another database."""
    _read.clear()


def publish(session: Session, text: str, *, author: str, reason: str) -> Edition:
    """Makes `text` the edition that decides from here on.

    Raises RulebookError when it has mistakes, and when its rules do not keep its own examples and tests.
    """
    rulebook = read_rulebook(text)
    if astray := rulebook.examples_astray():
        raise RulebookError([_as_mistake(each) for each in astray])
    edition = Edition(text=text, author=author, reason=reason)
    session.add(edition)
    queues.follow_rules(session, rulebook)
    session.flush()
    return edition


def follow(session: Session, path: Path) -> list[Mistake]:
    """Publishes the rules file when it changed; its mistakes, if any, are kept for the supervisor to see."""
    text, mistakes = _text_of(path)
    seen = session.get(RulesFile, 1)
    if seen and seen.text == text and not mistakes and not seen.mistakes:
        return []
    if not mistakes:
        mistakes = _publish_if_new(session, text)
    if mistakes and not session.scalar(select(Edition.id).limit(1)):
        publish(session, EMERGENCY, author="contact-hub", reason=NONE_USABLE)
    session.merge(RulesFile(id=1, checked_at=now(), text=text, mistakes=[each.as_record() for each in mistakes]))
    return mistakes


def mistakes_in_file(session: Session) -> list[dict[str, Any]]:
    """What the supervisor must mend before the rules file counts again; empty when it is the edition that decides."""
    seen = session.get(RulesFile, 1)
    return seen.mistakes if seen else []


def _as_mistake(astray: Astray) -> Mistake:
    what = said("%(rule)s: “%(example)s” %(what)s.", rule=astray.rule, example=astray.example, what=astray.what)
    return Mistake(astray.line, 1, what, said("Change the rules, or the example if it asks for too much."))


def _publish_if_new(session: Session, text: str) -> list[Mistake]:
    current = session.scalars(select(Edition).order_by(Edition.id.desc()).limit(1)).first()
    if current and current.text == text:
        return []
    try:
        publish(session, text, author="routing_rules.yaml", reason=FILE_CHANGED)
    except RulebookError as error:
        return list(error.mistakes)
    return []


def _text_of(path: Path) -> tuple[str, list[Mistake]]:
    try:
        return path.read_text("utf-8"), []
    except (OSError, UnicodeDecodeError) as error:
        reason = said("The rules file %(name)s can't be read: %(error)s.", name=path.name, error=type(error).__name__)
        return "", [Mistake(line=0, column=0, what=reason, mend=said("Put the file back, as UTF-8 text the hub may read."))]


def _newest_readable(session: Session) -> Deciding:
    for edition in session.scalars(select(Edition).order_by(Edition.id.desc())):
        try:
            return Deciding(edition.id, read_rulebook(edition.text))
        except RulebookError:
            continue  # written for another version of the hub: the one before it decides
    raise NoEdition("no edition of the rules was ever published: run `contact-hub init` first")
