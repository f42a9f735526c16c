"""The ticket: one question, owned from the moment it came in until it is solved; its verbs write their own history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, false, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, WriteOnlyMapped, joinedload, mapped_column, object_session, relationship

from contact_hub import calendars, editions, ending, holding, live, talking
from contact_hub.agents import Agent
from contact_hub.conditions import written_out
from contact_hub.contact import Contact
from contact_hub.database import Base, Words, now
from contact_hub.editions import Deciding
from contact_hub.history import Cycle, Event, Pause, Segment, StoredDecision
from contact_hub.messages import Message
from contact_hub.people import Person
from contact_hub.queues import Queue, Topic
from contact_hub.references import compact, number_in, reference_of
from contact_hub.refused import Refused as Refused
from contact_hub.routing import rules
from contact_hub.routing.rules import Decision, Rulebook

PRIORITIES = rules.PRIORITIES[::-1]  # in the order of a work list: the most urgent first
OPEN = ("new", "open", "waiting")  # the statuses of a ticket that somebody still has to resolve


WITHIN_THE_QUEUE = ("claimed", "assigned", "released")  # why a stretch began that left the ticket where it was
_PUT_OFF = text("snoozed_until IS NOT NULL")


class Ticket(Base):
    """One question to be solved; always in a queue. `rank` is its priority's place in PRIORITIES.

    `confidential` makes it so whatever its queue's visibility. `linked_to_id` is the ticket that the same contact opened
    first, where a rule wanted a second one beside it. `follows_id` is the one, long resolved, that its citizen came back to,
    `split_from_id` the one its messages were taken out of, `joined_id` the one they went to, and `perhaps_id` the one it may
    belong to, until somebody says yes or no. `waiting_since` is when its clock was stopped to wait for the citizen,
    `snoozed_until` until when it was put off. `answer_to` is where answers go, if not to who wrote first; `on_behalf_of` for
    whom its person asks; `undelivered` says that the last answer came back.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(None, "queue_id", "status", "rank", "due_at", "id"),
        Index(None, "status", "rank", "due_at", "id"),
        Index(None, "owner_id", "status", "queue_id", "confidential", "snoozed_until"),
        Index(None, "opened_at"),
        Index(None, "resolved_at", "id"),
        Index(None, "snoozed_until", postgresql_where=_PUT_OFF, sqlite_where=_PUT_OFF),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(Words(), default="")
    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str] = mapped_column(String(8), default="new")
    rank: Mapped[int] = mapped_column(default=PRIORITIES.index("normal"))
    topic_id: Mapped[str] = mapped_column(String(64), default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(8), default="")
    due_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(32), default="")
    resolved_at: Mapped[datetime | None]
    screened: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False, server_default=false())
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    perhaps_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    on_behalf_of: Mapped[str] = mapped_column(Words(255), default="", server_default="")
    answer_to: Mapped[str] = mapped_column(Words(255), default="", server_default="")
    undelivered: Mapped[bool] = mapped_column(default=False, server_default=false())
    unread: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    last_event: Mapped[int] = mapped_column(default=0)

    queue: Mapped[Queue] = relationship()
    owner: Mapped[Agent | None] = relationship()
    person: Mapped[Person | None] = relationship()
    perhaps: Mapped["Ticket | None"] = relationship(foreign_keys=perhaps_id, remote_side=id)
    follows: Mapped["Ticket | None"] = relationship(foreign_keys=follows_id, remote_side=id)
    split_from: Mapped["Ticket | None"] = relationship(foreign_keys=split_from_id, remote_side=id)
    joined: Mapped["Ticket | None"] = relationship(foreign_keys=joined_id, remote_side=id)
    messages: WriteOnlyMapped[Message] = relationship(order_by=Message.id)
    segments: Mapped[list[Segment]] = relationship(order_by=Segment.id)
    cycles: Mapped[list[Cycle]] = relationship(order_by=Cycle.number)
    pauses: Mapped[list[Pause]] = relationship(order_by=Pause.id)
    events: WriteOnlyMapped[Event] = relationship(order_by=Event.number)
    decision: Mapped[StoredDecision | None] = relationship()

    @property
    def reference(self) -> str:
        """What people call the ticket: year, number, and a check character (ISO 7064 mod 37,36), as 26-004512-K."""
        return reference_of(self.opened_at.year, self.id)

    @property
    def is_confidential(self) -> bool:
        """Whether it is for members alone, by itself or by its queue."""
        return self.confidential or self.queue.is_confidential

    @property
    def priority(self) -> str:
        """One of PRIORITIES."""
        return PRIORITIES[self.rank]

    @property
    def segment(self) -> Segment:
        """The stretch that runs now, or ran last."""
        return self.segments[-1]

    @property
    def got_by(self) -> Segment:
        """The stretch by which its queue got it: taking, giving and giving back within the queue began no other custody."""
        return next(each for each in reversed(self.segments) if each.why not in WITHIN_THE_QUEUE)

    @property
    def cycle(self) -> Cycle:
        """The cycle that runs now, or ran last."""
        return self.cycles[-1]

    @classmethod
    def open(
        cls, contact: Contact, decision: Decision, *, by: Deciding, person: Person | None, first: "Ticket | None" = None
    ) -> "Ticket":
        """A new ticket for a contact, in the queue the rules decided on; `first` is the one it opened before, if any."""
        routed = {"queue": decision.queue, "rule": decision.rule, "edition": by.edition}
        due = calendars.due(by.rulebook, decision, contact.received)
        cycle = Cycle(opened_at=contact.received, due_at=due, **_about(by.rulebook, decision.topic))
        segment = Segment(
            queue_id=decision.queue,
            tier=by.rulebook.queues[decision.queue].tier,
            began_at=contact.received,
            why="routed",
            rule=decision.rule,
            edition_id=by.edition,
        )
        return cls(
            opened_at=contact.received,
            channel=contact.channel,
            subject=contact.subject,
            queue_id=decision.queue,
            rank=PRIORITIES.index(decision.priority),
            topic_id=decision.topic,
            tags=list(decision.tags),
            language=decision.language or contact.language,
            due_at=due,
            screened=decision.screened,
            confidential=decision.confidential,
            linked_to_id=first.id if first else None,
            person=person,
            unread=not contact.automatic,
            last_event=1,
            cycles=[cycle],
            segments=[segment],
            events=[Event(number=1, kind="routed", data=routed)],
        )

    # Its verbs, each in the file of its kind.
    claim, assign, release = holding.claim, holding.assign, holding.release
    hand_over, send_back = holding.hand_over, holding.send_back
    hear, miss, follow, is_over = talking.hear, talking.miss, talking.follow, talking.is_over
    answer, unsay, remark = talking.answer, talking.unsay, talking.remark
    count_answers = talking.count_answers
    resolve, reopen = ending.resolve, ending.reopen

    def keep(self, queue: Queue, by: Agent) -> None:
        """Keeps a ticket that comes in just now with the agent who took it in: the queue it was routed to never held it.

        To be called in the transaction that opened it. Where the rules would have sent it stays in its decision.
        """
        before = self.queue_id
        self.queue, self.queue_id = queue, queue.id
        self.segment.queue_id, self.segment.tier = queue.id, queue.tier
        self.segment.why, self.segment.by_id = "kept", by.id
        self.record("kept", by=by, queue=queue.id, routed=before)

    def begin_pause(self) -> None:
        """From here on it waits for the citizen: no clock of ours runs."""
        self.status, self.waiting_since, self.snoozed_until = "waiting", now(), None
        self.pauses.append(Pause(cycle=self.cycle.number, began_at=self.waiting_since))

    def end_pause(self) -> None:
        """Nobody waits for the citizen any more: what was left of its time is left again."""
        self.snoozed_until = None
        if self.waiting_since is None:
            return
        moment = now()
        rulebook = editions.deciding(self.session).rulebook
        self.due_at = calendars.moved(rulebook, self.queue_id, self.due_at, self.waiting_since, moment)
        if self.cycle.first_response_at is None:
            self.cycle.due_at = calendars.moved(rulebook, self.queue_id, self.cycle.due_at, self.waiting_since, moment)
        for pause in self.pauses:
            pause.ended_at = pause.ended_at or moment
        self.waiting_since = None
        self.status = "open"

    def is_due(self, at: datetime | None) -> None:
        """Promises another moment; where the first response is still to come, that is promised for it too."""
        self.due_at = at
        if self.cycle.first_response_at is None and self.status != "resolved":
            self.cycle.due_at = at

    def is_about(self, topic: Topic | None) -> None:
        """What it is about, from the beginning; whether the first line can solve that is kept as the rules say it now."""
        self.topic_id = topic.id if topic else ""
        for cycle in self.cycles:
            cycle.topic_id, cycle.first_line = self.topic_id, topic.first_line if topic else None

    def must_be_open(self) -> None:
        """Raises Refused where it is resolved."""
        if self.status == "resolved":
            raise Refused("already_resolved")

    @property
    def was_in_back_office(self) -> bool:
        """Whether any queue ever held it that was a back office then."""
        return any(each.tier == "back" for each in self.segments)

    def record(self, kind: str, by: Agent | None = None, **data: Any) -> None:
        """Writes what happened into the history, in the same transaction, and tells the desks afterwards."""
        self.last_event += 1
        self.changed_at = now()
        self.events.add(Event(number=self.last_event, kind=kind, by_id=by.id if by else None, data=data))
        live.note(self.session, self.news(kind))

    def news(self, kind: str) -> live.News:
        """What desks that see its queue may hear: which ticket, and what kind of thing happened."""
        told = {"ticket": self.reference, "kind": kind, "number": self.last_event, "queues": [self.queue_id]}
        return told | {"confidential": True} if self.is_confidential else told

    @property
    def session(self) -> Session:
        """The transaction it changes in."""
        session = object_session(self)
        assert session is not None  # a ticket changes only within a transaction
        return session


def _about(rulebook: Rulebook, topic: str) -> dict[str, Any]:
    """What a cycle keeps of its topic: which one, and whether the first line can solve it."""
    return {"topic_id": topic, "first_line": rulebook.topics[topic].first_line if topic in rulebook.topics else None}


_SHOWN_BESIDE = [
    joinedload(Ticket.queue),
    joinedload(Ticket.decision),
    joinedload(Ticket.owner).lazyload(Agent.memberships),
    joinedload(Ticket.person).joinedload(Person.addresses),
]


def is_open() -> ColumnElement[bool]:
    """The tickets that somebody still has to resolve, as a condition for a query."""
    return Ticket.status.in_(written_out(OPEN))


def find(session: Session, reference: str, *, to_change: bool = False) -> Ticket | None:
    """The ticket with this reference; `to_change` holds its row, so that two verbs never cross."""
    number = number_in(reference)
    beside = [] if to_change else _SHOWN_BESIDE
    ticket = session.get(Ticket, number, with_for_update=to_change or None, options=beside) if number else None
    return ticket if ticket and compact(ticket.reference) == compact(reference) else None


def linked_with(session: Session, ticket: Ticket) -> list[Ticket]:
    """The other tickets that the same contact opened."""
    first = ticket.linked_to_id or ticket.id
    others = select(Ticket).where(or_(Ticket.id == first, Ticket.linked_to_id == first), Ticket.id != ticket.id)
    return list(session.scalars(others.order_by(Ticket.id)))


def how_many_open(session: Session, persons: Iterable[Person], among: ColumnElement[bool]) -> dict[Person, int]:
    """How many questions of these each person still waits for; what stands in quarantine is none."""
    by_id = {person.id: person for person in persons}
    if not by_id:
        return {}
    rows = session.execute(
        select(Ticket.person_id, func.count())
        .where(Ticket.person_id.in_(sorted(by_id)), is_open(), Ticket.screened.is_(False), among)
        .group_by(Ticket.person_id)
    )
    return {by_id[person_id]: number for person_id, number in rows if person_id}
