"""The ticket: one question, owned from the moment it came in until it is solved; its verbs write their own history."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, false, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, WriteOnlyMapped, mapped_column, object_session, relationship

from contact_hub import calendars, editions, live
from contact_hub.agents import Agent
from contact_hub.contact import Contact
from contact_hub.database import Base, Words, now
from contact_hub.history import FIRST_LINE, OUTCOMES, Cycle, Event, Segment, StoredDecision
from contact_hub.messages import Message
from contact_hub.people import Person
from contact_hub.queues import Queue
from contact_hub.references import compact, number_in, reference_of
from contact_hub.routing import rules
from contact_hub.routing.rules import Decision

PRIORITIES = rules.PRIORITIES[::-1]  # in the order of a work list: the most urgent first
# Why a ticket opens again or goes back by itself, as it is stored; pages say it in their own language.
CITIZEN_ANSWERED = "the citizen answered"
ANSWER_CAME_BACK = "the answer came back"
NOT_ACCEPTED = "nobody accepted it in time"
ACCEPT_WITHIN = rules.Clock(1, "working days")  # of the queue a ticket is handed over to
REOPENS_WITHIN = timedelta(days=14)  # after it was resolved; later it is a new ticket that follows the old one
Heard = Literal["news", "thanks", "delay", "machine"]
OPEN = ("new", "open", "waiting")  # the statuses of a ticket that somebody still has to resolve


class Refused(Exception):
    """What was asked can't be done now. `code` says why, for a page or the API to put into words; `facts` fill them."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


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
        Index(None, "owner_id", "status"),
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
    events: WriteOnlyMapped[Event] = relationship(order_by=Event.number)
    decision: Mapped[StoredDecision | None] = relationship()

    @property
    def reference(self) -> str:
        """What people call the ticket: year, number, and a check character (ISO 7064 mod 37,36), as 26-004512-K."""
        return reference_of(self.opened_at.year, self.id)

    @property
    def priority(self) -> str:
        """One of PRIORITIES."""
        return PRIORITIES[self.rank]

    @property
    def segment(self) -> Segment:
        """The stretch that runs now, or ran last."""
        return self.segments[-1]

    @property
    def cycle(self) -> Cycle:
        """The cycle that runs now, or ran last."""
        return self.cycles[-1]

    @classmethod
    def open(
        cls,
        contact: Contact,
        decision: Decision,
        *,
        edition: int,
        due: datetime | None,
        person: Person | None,
        first: "Ticket | None" = None,
    ) -> "Ticket":
        """A new ticket for a contact, in the queue the rules decided on; `first` is the one it opened before, if any."""
        routed = {"queue": decision.queue, "rule": decision.rule, "edition": edition}
        segment = Segment(
            queue_id=decision.queue, began_at=contact.received, why="routed", rule=decision.rule, edition_id=edition
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
            last_event=1,
            cycles=[Cycle(opened_at=contact.received)],
            segments=[segment],
            events=[Event(number=1, kind="routed", data=routed)],
        )

    def keep(self, queue: Queue, by: Agent) -> None:
        """Keeps a ticket that comes in just now with the agent who took it in: the queue it was routed to never held it.

        To be called in the transaction that opened it. Where the rules would have sent it stays in its decision.
        """
        before = self.queue_id
        self.queue, self.queue_id = queue, queue.id
        self.segment.queue_id, self.segment.why, self.segment.by_id = queue.id, "kept", by.id
        self.record("kept", by=by, queue=queue.id, routed=before)

    def hear(self, said: Heard = "news") -> None:
        """The citizen said something more: news opens a resolved ticket again, thanks and machines change nothing."""
        if said != "news":
            self.record(f"heard_{said}")
            return
        self.unread = True
        self.end_pause()
        if self.status == "resolved":
            self.reopen(because=CITIZEN_ANSWERED)
        self.record("heard")

    def miss(self, kind: str, *, reason: str) -> None:
        """What we wrote did not arrive. An answer left its question open, so a resolved ticket opens again."""
        self.undelivered = True
        self.end_pause()
        if kind == "answer" and self.status == "resolved" and not self.joined_id:
            self.reopen(because=ANSWER_CAME_BACK)
        self.record("bounced", because=reason)

    def follow(self, before: "Ticket") -> None:
        """Says in both histories that its citizen came back here to what was resolved long before."""
        self.record("follows", to=before.reference)
        before.record("followed", to=self.reference)

    def is_over(self, at: datetime) -> bool:
        """Whether it was resolved so long before this moment that what comes now is a question of its own."""
        return self.resolved_at is not None and self.status == "resolved" and at - self.resolved_at > REOPENS_WITHIN

    def claim(self, by: Agent) -> None:
        """Makes it this person's work. Refused when it is somebody else's, or solved."""
        self.must_be_open()
        if self.owner_id == by.id:
            return
        if self.owner_id is not None:
            raise Refused("owned_by_another", owner=self.owner.name if self.owner else "")
        if self.segment.agent_id is None:
            self.segment.agent_id = by.id
        else:
            self._begin_segment(self.queue_id, why="claimed", by=by, agent=by)
        if self.segment.accepted_at is None:
            self.segment.accepted_at = now()
        self.end_pause()
        self.owner_id, self.status, self.unread = by.id, "open", False
        self.record("claimed", by=by)

    def assign(self, to: Agent, *, by: Agent) -> None:
        """Makes it the work of a colleague; what the citizen said stays unread until they look. Raises Refused."""
        self.must_be_open()
        if self.owner_id == to.id:
            raise Refused("has_it_already", colleague=to.name)
        self._begin_segment(self.queue_id, why="assigned", by=by, agent=to)
        self.segment.accepted_at = now()
        self.owner_id = to.id
        if self.status == "new":
            self.status = "open"
        self.record("assigned", by=by, agent=to.id)

    def end_pause(self) -> None:
        """Nobody waits for the citizen any more: what was left of its time is left again."""
        self.snoozed_until = None
        if self.waiting_since is None:
            return
        if self.due_at is not None:
            rulebook = editions.deciding(self._session()).rulebook
            self.due_at = calendars.moved(rulebook, self.queue_id, self.due_at, self.waiting_since, now())
        self.waiting_since = None
        self.status = "open"

    def release(self, by: Agent) -> None:
        """Gives it back to the queue, unsolved."""
        self.must_be_open()
        if self.owner_id is None:
            return
        self._begin_segment(self.queue_id, why="released", by=by)
        self.owner_id = None
        self.record("released", by=by)

    def answer(self, message: Message, by: Agent) -> None:
        """Says something to the citizen; how it travels is the door's matter."""
        message.at = message.at or now()
        if self.cycle.first_response_at is None:
            self.cycle.first_response_at = message.at
        self.messages.add(message)
        self.unread = self.undelivered = False
        if self.status == "new":
            self.status = "open"
        self.record("answered", by=by)

    def unsay(self, message: Message, by: Agent) -> None:
        """Takes back an answer that never left; whoever resolved the ticket after it had counted on it, so that goes too."""
        if self.cycle.first_response_at == message.at:
            answers = select(func.min(Message.at)).where(Message.ticket_id == self.id, Message.kind == "answer")
            self.cycle.first_response_at = self._session().scalar(answers.where(Message.at >= self.cycle.opened_at))
        if self.resolved_at is not None and self.status == "resolved" and self.resolved_at >= message.at:
            self.resume()
        self.record("taken_back", by=by)

    def resume(self) -> None:
        """It was resolved by mistake just now: its cycle and its stretch run on as if it never was."""
        self.status, self.outcome, self.resolved_at = "open", "", None
        self.cycle.resolved_at, self.cycle.outcome, self.segment.ended_at = None, "", None

    def remark(self, message: Message, by: Agent, kind: str = "noted", **data: Any) -> None:
        """Leaves a note for colleagues; the citizen never sees it. `kind` and `data` say what for."""
        self.messages.add(message)
        self.record(kind, by=by, **data)

    def hand_over(self, *, to: Queue, by: Agent, because: str, promise: str) -> None:
        """Pass the ticket to another queue, saying why and what was promised; in a back office it is no longer first line."""
        self.must_be_open()
        if not because.strip():
            raise Refused("reason_missing")
        if not promise.strip():
            raise Refused("promise_missing")
        if to.id == self.queue_id:
            raise Refused("same_queue")
        if to.retired:
            raise Refused("queue_retired")
        self._move(to, by=by, why="handed_over", because=because, promise=promise)
        rulebook = editions.deciding(self._session()).rulebook
        self.segment.accept_by = calendars.within(rulebook, to.id, ACCEPT_WITHIN, now())
        self.record("handed_over", by=by, to=to.id, because=because, promise=promise)

    def send_back(self, *, by: Agent | None, because: str) -> None:
        """Return the ticket to the queue it was handed over from; by the hub itself where nobody accepted it."""
        self.must_be_open()
        if not because.strip():
            raise Refused("reason_missing")
        origin = self._handed_over_from()
        if origin is None:
            raise Refused("nowhere_to_return")
        self._move(origin, by=by, why="returned", because=because)
        self.record("returned", by=by, to=origin.id, because=because)

    def resolve(self, *, by: Agent | None, outcome: str) -> None:
        """Close the ticket with one of OUTCOMES. First-line outcomes are refused once a back office held it."""
        self.must_be_open()
        if outcome not in OUTCOMES:
            raise Refused("unknown_outcome", outcome=outcome)
        if outcome in FIRST_LINE and self.was_in_back_office:
            raise Refused("not_first_line")
        self.end_pause()
        moment = now()
        self.status, self.outcome, self.resolved_at, self.unread = "resolved", outcome, moment, False
        self.undelivered = False
        self.cycle.resolved_at, self.cycle.outcome = moment, outcome
        self.segment.ended_at = moment
        if by is not None and self.segment.agent_id is None:
            self.segment.agent_id = by.id
        self.record("resolved", by=by, outcome=outcome)

    def reopen(self, *, because: str, by: Agent | None = None) -> None:
        """Begin a new cycle; what was resolved before stays in the history."""
        if self.status != "resolved":
            raise Refused("not_resolved")
        moment = now()
        self.cycle.reopened_at = moment
        self.cycles.append(Cycle(number=self.cycle.number + 1, opened_at=moment))
        self.status, self.outcome, self.resolved_at = "open" if self.owner_id else "new", "", None
        self._begin_segment(self.queue_id, why="reopened", by=by, reason=because)
        self.segment.agent_id = self.owner_id
        self.record("reopened", by=by, because=because)

    def must_be_open(self) -> None:
        """Raises Refused where it is resolved."""
        if self.status == "resolved":
            raise Refused("already_resolved")

    @property
    def was_in_back_office(self) -> bool:
        """Whether any back-office queue ever held it."""
        session = self._session()
        return any(session.get_one(Queue, each.queue_id).tier == "back" for each in self.segments)

    def record(self, kind: str, by: Agent | None = None, **data: Any) -> None:
        """Writes what happened into the history, in the same transaction, and tells the desks afterwards."""
        self.last_event += 1
        self.changed_at = now()
        self.events.add(Event(number=self.last_event, kind=kind, by_id=by.id if by else None, data=data))
        live.note(self._session(), self.news(kind))

    def news(self, kind: str) -> live.News:
        """What desks that see its queue may hear: which ticket, and what kind of thing happened."""
        told = {"ticket": self.reference, "kind": kind, "number": self.last_event, "queues": [self.queue_id]}
        return told | {"confidential": True} if self.confidential else told

    def _move(self, to: Queue, *, by: Agent | None, why: str, because: str, promise: str = "") -> None:
        self.end_pause()
        self._begin_segment(to.id, why=why, by=by, reason=because, promise=promise)
        session = self._session()
        live.note(session, self.news("left"))
        self.queue, self.queue_id = to, to.id
        self.owner_id, self.status, self.screened, self.unread = None, "new", False, True

    def _begin_segment(self, queue_id: str, *, why: str, by: Agent | None, agent: Agent | None = None, **said: str) -> None:
        moment = now()
        if self.segment.ended_at is None:
            self.segment.ended_at = moment
        by_id, agent_id = by.id if by else None, agent.id if agent else None
        self.segments.append(Segment(queue_id=queue_id, began_at=moment, why=why, by_id=by_id, agent_id=agent_id, **said))

    def _handed_over_from(self) -> Queue | None:
        """Returns go back step by step the way the hand-overs came."""
        origins: list[str] = []
        for before, after in pairwise(self.segments):
            if after.why == "handed_over":
                origins.append(before.queue_id)
            elif after.why == "returned":
                origins.pop()
        return self._session().get_one(Queue, origins[-1]) if origins else None

    def _session(self) -> Session:
        session = object_session(self)
        assert session is not None  # a ticket changes only within a transaction
        return session


def find(session: Session, reference: str, *, to_change: bool = False) -> Ticket | None:
    """The ticket with this reference; `to_change` holds its row, so that two verbs never cross."""
    number = number_in(reference)
    ticket = session.get(Ticket, number, with_for_update=to_change or None) if number else None
    return ticket if ticket and compact(ticket.reference) == compact(reference) else None


def linked_with(session: Session, ticket: Ticket) -> list[Ticket]:
    """The other tickets that the same contact opened."""
    first = ticket.linked_to_id or ticket.id
    others = select(Ticket).where(or_(Ticket.id == first, Ticket.linked_to_id == first), Ticket.id != ticket.id)
    return list(session.scalars(others.order_by(Ticket.id)))


def how_many_open(session: Session, persons: Iterable[Person]) -> dict[Person, int]:
    """How many questions each person still waits for; what stands in quarantine is none."""
    by_id = {person.id: person for person in persons}
    if not by_id:
        return {}
    rows = session.execute(
        select(Ticket.person_id, func.count())
        .where(Ticket.person_id.in_(sorted(by_id)), Ticket.status.in_(OPEN), Ticket.screened.is_(False))
        .group_by(Ticket.person_id)
    )
    return {by_id[person_id]: number for person_id, number in rows if person_id}
