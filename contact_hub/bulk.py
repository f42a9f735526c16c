"""Several tickets at once: each in a transaction of its own, counted as it goes, and undone while nobody went on with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub import live, search, sharing_out, slips
from contact_hub.agents import Agent
from contact_hub.database import Base, now, reading
from contact_hub.marks import Marks, mark_anew, marks_of
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight, sight_of

AT_ONCE = 20  # tickets done while somebody waits for the page; more are a worker's
MOST = 1000  # tickets

Asked = Mapping[str, Any]


class Bulk(Base):
    """One thing to do with many tickets; `asked` is what the verb needs. It is taken back from `undoing_since`."""

    __tablename__ = "bulk"

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    verb: Mapped[str] = mapped_column(String(16))
    asked: Mapped[dict[str, Any]]
    began_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    undoing_since: Mapped[datetime | None]

    @property
    def can_be_undone(self) -> bool:
        """Whether there is still time to think better of it."""
        return self.ended_at is not None and self.undoing_since is None and now() < self.ended_at + slips.UNDO


class BulkItem(Base):
    """One of its tickets. `state` is waiting, done, refused, undone or kept (it could not be undone); `why` a refusal's code.

    `before` is how the ticket stood, `last_event` the ticket's last one when it was done: a later one forbids the undo.
    """

    __tablename__ = "bulk_item"

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    why: Mapped[str] = mapped_column(String(32), default="", server_default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_event: Mapped[int] = mapped_column(default=0, server_default="0")


def begin(session: Session, verb: str, asked: Asked, tickets: Sequence[int], *, by: Agent) -> Bulk:
    """Takes it on; `proceed` does it. Raises Refused for no tickets, too many, or what no ticket could be asked."""
    if verb not in VERBS:
        raise Refused("bulk_unknown")
    if not tickets:
        raise Refused("bulk_empty")
    if len(tickets) > MOST:
        raise Refused("bulk_too_many", most=f"{MOST}")
    _must_make_sense(session, verb, asked)
    bulk = Bulk(by_id=by.id, verb=verb, asked=dict(asked))
    session.add(bulk)
    session.flush()
    session.add_all(BulkItem(bulk_id=bulk.id, ticket_id=each) for each in dict.fromkeys(tickets))
    if len(tickets) > AT_ONCE:
        live.wake_after(session, "do_bulk")
    return bulk


def undo(session: Session, bulk: Bulk) -> None:
    """Takes it back, ticket by ticket, by `proceed`. Raises Refused where it is too late."""
    if not bulk.can_be_undone:
        raise Refused("bulk_too_late")
    bulk.undoing_since, bulk.ended_at = now(), None
    live.wake_after(session, "do_bulk")


def proceed(number: int, most: int = MOST) -> bool:
    """Does the next tickets, each in its own transaction; whether all is done. Stopped anywhere, it goes on there."""
    for _ in range(most):
        if not _step(number):
            return True
    with reading() as session:
        return session.get_one(Bulk, number).ended_at is not None


def unfinished(session: Session) -> list[int]:
    """What was begun and not ended, oldest first."""
    return list(session.scalars(select(Bulk.id).where(Bulk.ended_at.is_(None)).order_by(Bulk.id)))


def tally(session: Session, bulk: Bulk) -> dict[str, int]:
    """How many of its tickets are in which state."""
    counted = select(BulkItem.state, func.count()).where(BulkItem.bulk_id == bulk.id).group_by(BulkItem.state)
    return dict(session.execute(counted).all())


def _step(number: int) -> bool:
    with live.change() as session:
        bulk = session.get_one(Bulk, number, with_for_update=True)
        if bulk.ended_at is not None:
            return False
        wanted = "waiting" if bulk.undoing_since is None else "done"
        items = select(BulkItem).where(BulkItem.bulk_id == number, BulkItem.state == wanted).order_by(BulkItem.ticket_id)
        item = session.scalars(items.limit(1)).first()
        if item is None:
            bulk.ended_at = now()
            return False
        agent = session.get_one(Agent, bulk.by_id)
        ticket = session.get_one(Ticket, item.ticket_id, with_for_update=True)
        (_do if bulk.undoing_since is None else _undo)(session, bulk, item, ticket, agent)
    return True


def _do(session: Session, bulk: Bulk, item: BulkItem, ticket: Ticket, by: Agent) -> None:
    before = slips.standing(ticket)
    try:
        with session.begin_nested():
            _must_be_seen(ticket, by)
            VERBS[bulk.verb](session, ticket, bulk.asked, by)
    except Refused as refused:
        item.state, item.why, item.facts = "refused", refused.code, dict(refused.facts)
        return
    item.state, item.before, item.last_event = "done", before, ticket.last_event


def _undo(session: Session, bulk: Bulk, item: BulkItem, ticket: Ticket, by: Agent) -> None:
    try:
        with session.begin_nested():
            _must_be_seen_again(session, ticket, item.before, by)
            _must_be_untouched(ticket, item)
            slips.take_back(ticket, item.before, by=by)
            search.renew(session, [ticket.id])
    except Refused as refused:
        item.state, item.why, item.facts = "kept", refused.code, dict(refused.facts)
        return
    item.state = "undone"


def _must_be_seen(ticket: Ticket, by: Agent) -> None:
    if not by.active or sight_of(by, ticket) != Sight.FULL:
        raise Refused("bulk_unseen")


def _must_be_seen_again(session: Session, ticket: Ticket, before: slips.Standing, by: Agent) -> None:
    """Who undoes it must see it whole where it goes back to; where it went, they need not."""
    queue = session.get_one(Queue, before["ticket"]["queue_id"])
    if not by.active or sight(by, queue, confidential=ticket.confidential) != Sight.FULL:
        raise Refused("bulk_unseen")


def _must_be_untouched(ticket: Ticket, item: BulkItem) -> None:
    if ticket.last_event != item.last_event:
        raise Refused("bulk_went_on")


def _must_make_sense(session: Session, verb: str, asked: Asked) -> None:
    if verb == "hand-over" and session.get(Queue, asked.get("queue", "")) is None:
        raise Refused("queue_missing")
    if verb == "hand-over" and not str(asked.get("reason", "")).strip():
        raise Refused("reason_missing")
    if verb == "hand-over" and not str(asked.get("promise", "")).strip():
        raise Refused("promise_missing")
    if verb == "assign" and _agent(session, asked) is None:
        raise Refused("colleague_missing")
    if verb == "tag" and not (asked.get("add") or asked.get("remove")):
        raise Refused("bulk_no_tags")
    if verb == "resolve" and not asked.get("outcome"):
        raise Refused("unknown_outcome")


def _agent(session: Session, asked: Asked) -> Agent | None:
    return session.get(Agent, asked["agent"]) if isinstance(asked.get("agent"), int) else None


def _assign(session: Session, ticket: Ticket, asked: Asked, by: Agent) -> None:
    sharing_out.assign(ticket, _agent(session, asked), by=by)


def _hand_over(session: Session, ticket: Ticket, asked: Asked, by: Agent) -> None:
    ticket.hand_over(to=session.get_one(Queue, asked["queue"]), by=by, because=asked["reason"], promise=asked["promise"])


def _tag(session: Session, ticket: Ticket, asked: Asked, by: Agent) -> None:
    kept = [tag for tag in ticket.tags if tag not in asked.get("remove", ())]
    _tag_so(ticket, [*kept, *asked.get("add", ())], by, because=", ".join((*asked.get("add", ()), *asked.get("remove", ()))))


def _resolve(session: Session, ticket: Ticket, asked: Asked, by: Agent) -> None:
    ticket.resolve(by=by, outcome=asked["outcome"], note=asked.get("note", ""))


def _tag_so(ticket: Ticket, tags: Sequence[str], by: Agent, *, because: str) -> None:
    ticket.must_be_open()
    marks = marks_of(ticket)
    wanted = tuple(dict.fromkeys(tags))
    mark_anew(ticket, Marks(topic=marks.topic, priority=marks.priority, tags=wanted, due=marks.due), by=by, because=because)


Verb = Callable[[Session, Ticket, Asked, Agent], None]
VERBS: Mapping[str, Verb] = {"assign": _assign, "hand-over": _hand_over, "tag": _tag, "resolve": _resolve}
