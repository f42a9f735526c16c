"""What narrows a search down: `queue:roads`, `from:roos` or `before:2026-11-24`, taken out of what was typed.

`taken_apart` gives the words that are left, the conditions besides, and by code what could not be understood.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, func, literal_column, not_, or_, select, union_all
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session

from contact_hub import days
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.conditions import one_of
from contact_hub.database import now
from contact_hub.messages import Message, StoredAttachment
from contact_hub.outbox import Outgoing
from contact_hub.pauses import put_off_still
from contact_hub.people import Person
from contact_hub.queues import Queue, Topic
from contact_hub.search.entries import beginning, is_on_sqlite
from contact_hub.search.lookup import tagged
from contact_hub.search.persons import begins_with, called, reached_at
from contact_hub.stems import folded
from contact_hub.tickets import PRIORITIES, Ticket, is_open

STATES = ("open", "new", "waiting", "snoozed", "resolved", "unread", "mine", "unassigned", "overdue", "confidential")
FILES = ("attachment",)
FEW = 2_000  # messages to or from one address, up to which their tickets are named one by one
SAME = {"language": "lang"}  # what older links say
_OPERATOR = re.compile(r'(?P<no>-?)(?<![\w:/])(?P<name>[A-Za-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"/][^\s"]*)|(?=\s|$))')


@dataclass(frozen=True)
class Mistake:
    """What could not be understood: a code, and what belongs to it, as of a sentence with places."""

    code: str
    places: Mapping[str, str]


class Wrong(Exception):
    """An operator can't have this value."""

    def __init__(self, code: str, **places: str) -> None:
        super().__init__(code)
        self.mistake = Mistake(code, places)


@dataclass(frozen=True)
class Known:
    """What operators can be answered from: the database, who asks, what there is in their sight, and the town's zone.

    Topics and colleagues are asked for where an operator needs them: most searches do without.
    """

    session: Session
    agent: Agent
    queues: Mapping[str, Queue]
    doors: tuple[str, ...]
    languages: tuple[str, ...]
    zone: ZoneInfo

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        """All there are, by id."""
        return {topic.id: topic for topic in self.session.scalars(select(Topic))}

    @cached_property
    def owners(self) -> Sequence[Agent]:
        """Who works in a queue in sight, by name."""
        everybody = self.session.scalars(select(Agent).order_by(Agent.name))
        return [each for each in everybody if each.queue_ids & self.queues.keys()]


@dataclass
class Asked:
    """The words that are left, what must hold besides, and what could not be understood."""

    words: str = ""
    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def taken_apart(typed: str, known: Known) -> Asked:
    """What was typed, taken apart. A mistake in a value finds nothing; what is no operator is looked for as words."""
    asked = Asked()
    asked.words = _OPERATOR.sub(partial(_understood, asked, known), typed).strip()
    return asked


def _understood(asked: Asked, known: Known, found: re.Match[str]) -> str:
    name = SAME.get(found["name"].lower(), found["name"].lower())
    value = found["quoted"] if found["quoted"] is not None else found["plain"] or ""
    if name not in MEANS:
        if value:
            asked.mistakes.append(Mistake("operator_unknown", {"name": name}))
        return found[0].replace(":", " ")
    try:
        condition = MEANS[name](_given(name, value), known)
    except Wrong as wrong:
        asked.mistakes.append(wrong.mistake)
        condition = false()
    asked.conditions.append(not_(condition) if found["no"] else condition)
    return " "


def _given(name: str, value: str) -> str:
    if not value.strip():
        raise Wrong("value_missing", name=name)
    return value.strip()


def _queue(value: str, known: Known) -> ColumnElement[bool]:
    fitting = _fitting(value, {each.id: each.names for each in known.queues.values()})
    if not fitting:
        raise Wrong("queue_unknown", value=value)
    return Ticket.queue_id.in_(fitting)


def _topic(value: str, known: Known) -> ColumnElement[bool]:
    fitting = _fitting(value, {each.id: each.names for each in known.topics.values()})
    if not fitting:
        raise Wrong("topic_unknown", value=value)
    return Ticket.topic_id.in_(fitting)


def _fitting(value: str, named: Mapping[str, Mapping[str, str]]) -> list[str]:
    wanted = folded(value)
    return [
        each for each, names in named.items() if wanted == each or any(folded(n).startswith(wanted) for n in names.values())
    ]


def _from(value: str, known: Known) -> ColumnElement[bool]:
    if "@" not in value:
        return Ticket.person_id.in_(select(Person.id).where(called(known.session, value)))
    owns = Person.addresses.any(reached_at(known.session, "mail", value.lower()))
    return Ticket.person_id.in_(select(Person.id).where(owns))


def _to(value: str, known: Known) -> ColumnElement[bool]:
    """An address, or the beginning of one, that a mail came to or that an answer was sent to.

    The database does not know how few such there are: they are looked up before it plans the rest.
    """
    small = value.lower()
    came = select(Message.ticket_id).join(TakenContact, TakenContact.id == Message.contact_id)
    went = select(Message.ticket_id).join(Outgoing, Outgoing.message_id == Message.id)
    went = went.where(begins_with(known.session, func.lower(Outgoing.recipient), small))
    reached = union_all(came.where(_came_to(known.session, small)), went)
    few = known.session.scalars(reached.limit(FEW + 1)).all()
    return Ticket.id.in_(reached) if len(few) > FEW else one_of(Ticket.id, set(few))


def _came_to(session: Session, small: str) -> ColumnElement[bool]:
    if is_on_sqlite(session):
        address = func.json_each(TakenContact.facts, "$.recipients").table_valued("value").c.value
        return select(address).where(func.lower(address).startswith(small, autoescape=True)).exists()
    recipients = func.coalesce(TakenContact.facts.op("->>")(literal_column("'recipients'")), literal_column("''"))
    simple = literal_column("'simple'", REGCONFIG)
    return func.to_tsvector(simple, recipients).op("@@")(func.to_tsquery(simple, beginning(small)))


def _owner(value: str, known: Known) -> ColumnElement[bool]:
    wanted = folded(value)
    fitting = [each.id for each in known.owners if f" {folded(each.name)}".find(f" {wanted}") >= 0 or each.email == wanted]
    if not fitting:
        raise Wrong("owner_unknown", value=value)
    return Ticket.owner_id.in_(fitting)


def _is(value: str, known: Known) -> ColumnElement[bool]:
    unsolved, wanted = is_open(), value.lower()
    closed = [each.id for each in known.queues.values() if each.is_confidential]
    means: Mapping[str, ColumnElement[bool]] = {
        "open": unsolved,
        "new": Ticket.status == "new",
        "waiting": Ticket.status == "waiting",
        "snoozed": and_(unsolved, put_off_still()),
        "resolved": Ticket.status == "resolved",
        "unread": and_(unsolved, Ticket.unread),
        "mine": Ticket.owner_id == known.agent.id,
        "unassigned": and_(unsolved, Ticket.owner_id.is_(None)),
        "overdue": and_(unsolved, Ticket.due_at < now()),
        "confidential": or_(Ticket.confidential, Ticket.queue_id.in_(closed)),
    }
    return means[_one_of("is", STATES, wanted)]


def _one_of(name: str, values: Sequence[str], value: str) -> str:
    if value.lower() not in values:
        raise Wrong("value_unknown", name=name, values=", ".join(values))
    return value.lower()


def _tag(value: str, known: Known) -> ColumnElement[bool]:
    return tagged(known.session, value)


def _begin(value: str, known: Known, after: int = 0) -> datetime:
    """When the day that is written begins, or one that comes so many days after it."""
    try:
        day: date = days.day_in(value) + timedelta(days=after)
    except ValueError:
        raise Wrong("day_wrong", value=value) from None
    return datetime.combine(day, time(), known.zone).astimezone(UTC)


def _has(value: str, _known: Known) -> ColumnElement[bool]:
    _one_of("has", FILES, value)
    files = select(Message.id).join(StoredAttachment, StoredAttachment.message_id == Message.id)
    return files.where(Message.ticket_id == Ticket.id).exists()


Meaning = Callable[[str, Known], ColumnElement[bool]]
MEANS: Mapping[str, Meaning] = {
    "queue": _queue,
    "from": _from,
    "to": _to,
    "owner": _owner,
    "is": _is,
    "door": lambda value, known: Ticket.channel == _one_of("door", known.doors, value),
    "topic": _topic,
    "tag": _tag,
    "priority": lambda value, _: Ticket.rank == PRIORITIES.index(_one_of("priority", PRIORITIES, value)),
    "lang": lambda value, known: Ticket.language == _one_of("lang", known.languages, value),
    "on": lambda value, known: and_(Ticket.opened_at >= _begin(value, known), Ticket.opened_at < _begin(value, known, 1)),
    "before": lambda value, known: Ticket.opened_at < _begin(value, known),
    "after": lambda value, known: Ticket.opened_at >= _begin(value, known),
    "has": _has,
}
