"""Texts of the rules that nobody depends on yet: kept on the server as they are typed, each based on an edition."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from contact_hub.database import Base, Words, now
from contact_hub.editions import LONGEST_AUTHOR, Edition

LONGEST_NAME = 120


class Draft(Base):
    """A text somebody works on; `version` counts how often it was kept, `closed_at` says it is put away or published.

    `name` is empty where nobody gave it one: it is called by its author then, in the language of whoever reads.
    """

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Words(LONGEST_NAME))
    text: Mapped[str] = mapped_column(Words())
    reason: Mapped[str] = mapped_column(Words(), default="")
    based_on: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(LONGEST_AUTHOR))
    changed_by: Mapped[str] = mapped_column(String(LONGEST_AUTHOR))
    changed_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    published_as: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))


def begin(session: Session, edition: Edition, *, by: str, name: str = "", text: str | None = None) -> Draft:
    """A new draft on top of `edition`, with its text where none is given."""
    draft = Draft(name=name, text=edition.text if text is None else text, based_on=edition.id, author=by, changed_by=by)
    session.add(draft)
    session.flush()
    return draft


def in_work(session: Session) -> list[Draft]:
    """The drafts that are neither published nor put away, last changed first, without their texts."""
    found = select(Draft).where(Draft.closed_at.is_(None)).order_by(Draft.changed_at.desc(), Draft.id.desc())
    return list(session.scalars(found.options(defer(Draft.text))))


def keep(session: Session, draft: Draft, *, version: int, text: str, reason: str, by: str) -> Draft:
    """Keeps what somebody typed, when `version` is still the one they began with; else as a draft of its own.

    So whatever was typed is kept, and nothing that a colleague typed is overwritten.
    """
    kept = session.execute(
        update(Draft)
        .where(Draft.id == draft.id, Draft.version == version, Draft.closed_at.is_(None))
        .values(text=text, reason=reason, version=version + 1, changed_by=by, changed_at=now())
        .returning(Draft.id)
    ).first()
    if kept:
        session.refresh(draft)
        return draft
    apart = Draft(name=draft.name, text=text, reason=reason, based_on=draft.based_on, author=by, changed_by=by)
    session.add(apart)
    session.flush()
    return apart


def rebase(session: Session, draft: Draft, onto: Edition) -> None:
    """From here on the draft is a change of `onto`: whoever does so has seen what that edition changed."""
    draft.based_on = onto.id
    session.flush()


def close(draft: Draft, published: Edition | None = None) -> None:
    """Puts the draft away, as published or as no longer wanted; its text is kept."""
    draft.closed_at = now()
    draft.published_as = published.id if published else None
