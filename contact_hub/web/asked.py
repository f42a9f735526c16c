"""What somebody asks the search for: words, and operators such as `queue:roads`, `from:roos` or `before:2026-11-24`."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Text, and_, cast, false, not_, select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.days import day_in
from contact_hub.messages import Message, StoredAttachment
from contact_hub.pauses import resting
from contact_hub.people import Address, Person
from contact_hub.queues import Queue, Topic
from contact_hub.search import called, folded
from contact_hub.tickets import OPEN, PRIORITIES, Ticket
from contact_hub.web import languages
from contact_hub.web.filters import begin
from contact_hub.web.words import DOORS

OPERATORS: Mapping[str, object] = {
    "queue": _l("in this queue"),
    "from": _l("of this person: a name or an address"),
    "is": _l("how it stands: open, new, waiting, resolved, unread, mine, unassigned, overdue"),
    "door": _l("came in by this door"),
    "topic": _l("about this topic"),
    "tag": _l("has this tag"),
    "priority": _l("has this priority"),
    "language": _l("in this language"),
    "before": _l("came in before this day"),
    "after": _l("came in on this day or later"),
    "has": _l("has a file: has:attachment"),
}
STATES = ("open", "new", "waiting", "resolved", "unread", "mine", "unassigned", "overdue")
_OPERATOR = re.compile(r'(?P<no>-?)\b(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"/][^\s"]*))')


class Wrong(Exception):
    """A value that an operator can't have, in words."""


@dataclass(frozen=True)
class Known:
    """What operators can be answered from: the database, who asks, queues in their sight, topics, and the town's zone."""

    session: Session
    agent: Agent
    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    zone: ZoneInfo


@dataclass
class Asked:
    """The words that are left, what must hold besides, and what could not be understood."""

    words: str = ""
    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def asked_in(typed: str, known: Known) -> Asked:
    """What was typed, taken apart. A mistake in an operator finds nothing, and says what would be right."""
    asked = Asked()

    def understood(found: re.Match[str]) -> str:
        name, value = found["name"], found["quoted"] if found["quoted"] is not None else found["plain"]
        if name not in MEANS:
            asked.mistakes.append(_("There is no “%(name)s:”. It was searched for as words.", name=name))
            return found[0].replace(":", " ")
        try:
            condition = MEANS[name](value, known)
        except Wrong as wrong:
            asked.mistakes.append(str(wrong))
            condition = false()
        asked.conditions.append(not_(condition) if found["no"] else condition)
        return " "

    asked.words = _OPERATOR.sub(understood, typed).strip()
    return asked


def completions(known: Known) -> dict[str, list[tuple[str, str]]]:
    """For each operator the values to choose from, with what they are called."""
    here = languages.language()
    return {
        "queue": [(queue.id, queue.name(here)) for queue in known.queues.values() if not queue.retired],
        "from": [],
        "is": [(state, "") for state in STATES],
        "door": [(door, str(name)) for door, name in DOORS.items()],
        "topic": sorted(((topic.id, topic.name(here)) for topic in known.topics.values()), key=lambda each: each[1].casefold()),
        "tag": [],
        "priority": [(priority, "") for priority in PRIORITIES],
        "language": list(languages.NAMES.items()),
        "before": [],
        "after": [],
        "has": [("attachment", "")],
    }


def _queue(value: str, known: Known) -> ColumnElement[bool]:
    wanted = folded(value)
    fitting = [each.id for each in known.queues.values() if wanted == each.id or _is_called(each.names, wanted)]
    if not fitting:
        raise Wrong(_("No queue in your sight is called “%(value)s”.", value=value))
    return Ticket.queue_id.in_(fitting)


def _topic(value: str, known: Known) -> ColumnElement[bool]:
    wanted = folded(value)
    fitting = [each.id for each in known.topics.values() if wanted == each.id or _is_called(each.names, wanted)]
    if not fitting:
        raise Wrong(_("No topic is called “%(value)s”.", value=value))
    return Ticket.topic_id.in_(fitting)


def _is_called(names: Mapping[str, str], wanted: str) -> bool:
    return any(folded(name).startswith(wanted) for name in names.values())


def _from(value: str, known: Known) -> ColumnElement[bool]:
    small = value.lower()
    if "@" in value:
        owns = Person.addresses.any(and_(Address.kind == "mail", Address.value.startswith(small, autoescape=True)))
        return Ticket.person_id.in_(select(Person.id).where(owns))
    return Ticket.person_id.in_(select(Person.id).where(called(known.session, value)))


def _is(value: str, known: Known) -> ColumnElement[bool]:
    is_open = Ticket.status.in_(OPEN)
    match value.lower():
        case "open":
            return is_open
        case "new" | "resolved":
            return Ticket.status == value.lower()
        case "waiting":
            return and_(is_open, resting())
        case "unread":
            return and_(is_open, Ticket.unread)
        case "mine":
            return Ticket.owner_id == known.agent.id
        case "unassigned":
            return and_(is_open, Ticket.owner_id.is_(None))
        case "overdue":
            return and_(is_open, Ticket.due_at < now())
    raise Wrong(_("“is:” takes one of: %(values)s.", values=", ".join(STATES)))


def _one_of(name: str, values: tuple[str, ...], condition: Callable[[str], ColumnElement[bool]]) -> "Meaning":
    def means(value: str, known: Known) -> ColumnElement[bool]:
        if value.lower() not in values:
            raise Wrong(_("“%(name)s:” takes one of: %(values)s.", name=name, values=", ".join(values)))
        return condition(value.lower())

    return means


def _day(value: str) -> date:
    try:
        return day_in(value)
    except ValueError:
        raise Wrong(_("“%(value)s” is no day. Write it as 2026-11-24.", value=value)) from None


def _has_file(value: str) -> ColumnElement[bool]:
    files = select(Message.id).join(StoredAttachment, StoredAttachment.message_id == Message.id)
    return files.where(Message.ticket_id == Ticket.id).exists()


Meaning = Callable[[str, Known], ColumnElement[bool]]
MEANS: Mapping[str, Meaning] = {
    "queue": _queue,
    "from": _from,
    "is": _is,
    "door": _one_of("door", tuple(DOORS), lambda value: Ticket.channel == value),
    "topic": _topic,
    "tag": lambda value, known: cast(Ticket.tags, Text).contains(json.dumps(value), autoescape=True),
    "priority": _one_of("priority", PRIORITIES, lambda value: Ticket.rank == PRIORITIES.index(value)),
    "language": _one_of("language", tuple(languages.NAMES), lambda value: Ticket.language == value),
    "before": lambda value, known: Ticket.opened_at < begin(_day(value), known.zone),
    "after": lambda value, known: Ticket.opened_at >= begin(_day(value), known.zone),
    "has": _one_of("has", ("attachment",), _has_file),
}
