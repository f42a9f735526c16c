"""The rules file on the server's disk: followed while it leads, and kept as a draft once the desk has gone its own way."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, String, and_, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from contact_hub import drafts, editions, next_edition
from contact_hub.database import Base, Words, now
from contact_hub.drafts import Draft
from contact_hub.editions import EMERGENCY, Edition
from contact_hub.forms import answers_by_form
from contact_hub.next_edition import Ready
from contact_hub.routing.file.checking import checked
from contact_hub.routing.file.marked import LARGEST
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.said import said

# Why the hub publishes an edition by itself, as it is stored; pages say it in their own language.
FILE_CHANGED = "the rules file changed"
NONE_USABLE = "the first rules file could not be used"
AUTHOR = "routing_rules.yaml"
_MOST_BYTES = 4 * (LARGEST + 1)  # with as many, it has more characters than any file of rules may have


class RulesFile(Base):
    """What the rules file said when it was last read, and which of its texts was the last one without mistakes.

    With mistakes in it, the edition before keeps deciding.
    """

    __tablename__ = "rules_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Words())
    mistakes: Mapped[list[dict[str, Any]]]
    good_sha256: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True)
class Found:
    """What stands in the file now: mistakes, or a text made ready to be published."""

    text: str
    mistakes: list[Mistake]
    ready: Ready | None = None


def follow(session: Session, path: Path) -> list[Mistake]:
    """Does what a change of the rules file asks for; its mistakes, if any, are kept for the supervisor to see."""
    return take(session, look(session, path))


def look(session: Session, path: Path) -> Found | None:
    """Reads and checks the file, when it is not as it was. Takes time: `session` may be one that only reads."""
    text, mistakes = _text_of(path)
    seen = session.get(RulesFile, 1)
    if seen and seen.text == text and not mistakes and not seen.mistakes:
        return None
    try:
        found = None if mistakes else checked(text, now(), answers_by_form())
        return Found(text, mistakes, next_edition.ready(found, editions.newest(session)) if found else None)
    except RulebookError as error:
        return Found(text, list(error.mistakes))


def take(session: Session, found: Found | None) -> list[Mistake]:
    """Publishes what was found, or keeps it as a draft; gives its mistakes. Raises Overtaken: look again."""
    if found is None:
        return []
    seen = session.get(RulesFile, 1)
    current = editions.newest(session)
    good = seen.good_sha256 if seen else ""
    if found.ready:
        if _leads(good, current):
            _publish(session, found.ready)
        elif current and current.text != found.text:
            _keep_as_draft(session, current, found.text)
        good = _sha256(found.text)
    elif current is None:
        next_edition.publish(session, EMERGENCY, author="contact-hub", reason=NONE_USABLE)
    records = [each.as_record() for each in found.mistakes]
    kept = found.text if len(found.text) <= LARGEST else ""  # what is larger is no file of rules
    session.merge(RulesFile(id=1, checked_at=now(), text=kept, mistakes=records, good_sha256=good))
    return found.mistakes


def mistakes_in_file(session: Session) -> list[dict[str, Any]]:
    """What the supervisor must mend before the rules file counts again; empty when it has no mistakes."""
    return session.scalar(select(RulesFile.mistakes)) or []


def waiting_draft(session: Session) -> Draft | None:
    """The draft in which a change of the file waits for a supervisor, while nobody has published it or put it away."""
    waiting = select(Draft).where(waits_in_draft()).order_by(Draft.id.desc())
    return session.scalars(waiting.options(defer(Draft.text)).limit(1)).first()


def waits_in_draft() -> ColumnElement[bool]:
    """The drafts in which a change of the file waits, as a condition for a query."""
    return and_(Draft.closed_at.is_(None), Draft.author == AUTHOR)


def _leads(good_sha256: str, current: Edition | None) -> bool:
    """Whether a change of the file is published: as long as what decides is what last stood in the file."""
    return current is None or current.text == EMERGENCY or good_sha256 == _sha256(current.text)


def _publish(session: Session, good: Ready) -> None:
    if good.before is None or good.before.text != good.checked.text:
        next_edition.put_in_force(session, good, author=AUTHOR, reason=FILE_CHANGED)


def _keep_as_draft(session: Session, current: Edition, text: str) -> None:
    """A change of the file that nobody has worked on yet makes room for the next one."""
    waiting = waiting_draft(session)
    if waiting and waiting.changed_by == AUTHOR:
        drafts.close(waiting)
    last = session.scalars(select(Edition).where(Edition.author == AUTHOR).order_by(Edition.id.desc()).limit(1)).first()
    drafts.begin(session, last or current, by=AUTHOR, name=AUTHOR, text=text)


def _text_of(path: Path) -> tuple[str, list[Mistake]]:
    """What stands in the file, as far as it can be one of rules, or why it can't be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
        return content.decode("utf-8", "replace" if len(content) == _MOST_BYTES else "strict"), []
    except (OSError, UnicodeDecodeError) as error:
        reason = said("The rules file %(name)s can't be read: %(error)s.", name=path.name, error=type(error).__name__)
        return "", [Mistake(line=0, column=0, what=reason, mend=said("Put the file back, as UTF-8 text the hub may read."))]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
