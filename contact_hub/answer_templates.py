"""Texts that answers are made from: fields are filled in from the ticket, what only the agent knows stays a blank."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket

FIELDS = ("name", "reference", "queue", "agent", "municipality")
"""What `{{…}}` can stand for; `{{?street}}` leaves a blank that whoever answers must fill."""
LONGEST = 80  # characters of a name
MOST_TEXT = 10_000  # characters

_FIELD = re.compile(r"\{\{\s*(\??)\s*([^{}]*?)\s*\}\}")
_BLANK = re.compile(r"\[\[([^\[\]]+)\]\]")


class AnswerTemplate(Base):
    """A text by language, for one queue or for all."""

    __tablename__ = "answer_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST))
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id"))
    texts: Mapped[dict[str, Any]]
    retired: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))


def keep(
    session: Session, template: AnswerTemplate, *, name: str, queue: str, texts: Mapping[str, str], by: Agent
) -> AnswerTemplate:
    """Keeps a template as it is written now. Raises Refused, saying which field nobody knows."""
    written = {language: text.replace("\r\n", "\n").strip() for language, text in texts.items() if text.strip()}
    if not name.strip():
        raise Refused("template_unnamed")
    if not written:
        raise Refused("template_empty")
    if queue and session.get(Queue, queue) is None:
        raise Refused("queue_missing")
    for text in written.values():
        _must_be_known(text)
    template.name, template.queue_id, template.texts = name.strip()[:LONGEST], queue or None, written
    template.changed_at, template.by_id = now(), by.id
    session.add(template)
    return template


_OF_QUEUE = select(AnswerTemplate).where(
    or_(AnswerTemplate.queue_id == bindparam("queue"), AnswerTemplate.queue_id.is_(None)), AnswerTemplate.retired.is_(False)
)


def for_ticket(session: Session, ticket: Ticket) -> list[AnswerTemplate]:
    """Those of the ticket's queue first, then those for all, by name."""
    found = session.scalars(_OF_QUEUE, {"queue": ticket.queue_id})
    return sorted(found, key=lambda each: (each.queue_id is None, each.name.casefold()))


def filled(template: AnswerTemplate, language: str, values: Mapping[str, str]) -> str:
    """The text in this language, else in the first it is written in; a field without a value is a blank like one to fill."""
    text = str(template.texts.get(language) or next(iter(template.texts.values())))
    return _FIELD.sub(lambda found: (values.get(found[2], "") if not found[1] else "") or f"[[{found[2]}]]", text)


def blank_in(text: str) -> str:
    """The first blank that nobody filled; empty where there is none."""
    found = _BLANK.search(text)
    return found[1] if found else ""


def _must_be_known(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise Refused("too_long", most=f"{MOST_TEXT}")
    for number, line in enumerate(text.split("\n"), 1):
        for asks, name in _FIELD.findall(line):
            if not asks and name not in FIELDS:
                raise Refused("field_unknown", field=name, line=f"{number}", fields=", ".join(FIELDS))
