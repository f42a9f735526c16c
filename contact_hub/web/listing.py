"""What the inbox shows: the tickets of a view, page by page, and how many wait in each queue; only what somebody sees."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    and_,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session, joinedload

from contact_hub import editions, mentions, search, unsent
from contact_hub.agents import Agent
from contact_hub.conditions import one_of, this_moment, written_out
from contact_hub.database import reading
from contact_hub.history import Segment
from contact_hub.pauses import at_work, put_off_still
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket, is_open
from contact_hub.visibility import Sight, tickets_in_sight
from contact_hub.web.filters import VIEWS, Filter, narrowed, order_of
from contact_hub.web.orders import ORDERS, Order, due, handed
from contact_hub.web.own_desk import DESKS, Desk, OwnSight

PAGE = 50  # tickets
MOST = 999  # tickets in a count; more are shown as more
MOST_OF_OTHERS = 99  # tickets in a count of a queue one is no member of
MOST_FOLLOWED = 1000  # hand-overs of one person whose tickets are listed
HANDED = "handed"
_BESIDE = ThreadPoolExecutor(max_workers=10, thread_name_prefix="counts")  # as many as the connections that are kept
SOON = timedelta(hours=24)  # what is due within this time is due soon


@dataclass(frozen=True)
class Page:
    """The tickets of one page, and the place where the next one begins; empty on the last.

    `places` are those of the tickets seen whole, by id, as texts that sort as the list does. `returned` are the ids of those
    that came back from whom they were handed over to, with whether they did so by themselves as nobody accepted them; `begun`
    of those in which the person wrote something and did not send it.
    """

    tickets: Sequence[Ticket]
    next: str
    places: Mapping[int, str] = field(default_factory=dict)
    newest_first: bool = False
    returned: Mapping[int, bool] = field(default_factory=dict)
    begun: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Counts:
    """How many open tickets each queue and each view holds, counted no further than one more than MOST, or MOST_OF_OTHERS."""

    queues: Mapping[str, int]
    views: Mapping[str, int]


def page(session: Session, desk: Desk, wanted: Filter) -> Page:
    """One page of tickets in the order asked for; answers 400 to a place that was made up."""
    return _page(session, desk, wanted, _first(session, desk, wanted, PAGE + 1), PAGE)


def page_of(session: Session, desk: Desk, wanted: Filter, among: Collection[int]) -> Page:
    """Of the tickets with these ids those that the list holds, from the place asked for on, as a page of them alone."""
    most = len(among)
    return _page(session, desk, wanted, _first(session, desk, wanted, most, one_of(Ticket.id, among)), most)


def is_told(desk: Desk, wanted: Filter) -> bool:
    """Whether this desk hears of all that changes in the list: not of tickets of which it sees the state alone."""
    return desk.narrows(wanted.queue) and wanted.view != "handed"


def _first(session: Session, desk: Desk, wanted: Filter, limit: int, *among: ColumnElement[bool]) -> list[int]:
    """The ids of the first tickets of the list, behind the place asked for."""
    tickets, words, order = _of_view(desk, wanted.view, wanted.queue), "", _order_of(desk, wanted)
    if wanted.narrowing and desk.narrows(wanted.queue):
        tickets, words = _narrowed(session, desk, wanted, _zone(session)), wanted.q
    return search.first(session, order.behind(tickets.where(*among), wanted.after), words, **_asked(order, limit))


def _page(session: Session, desk: Desk, wanted: Filter, ids: Collection[int], most: int) -> Page:
    """The tickets with these ids in the order asked for, at most so many, with what a line says of them besides."""
    order = _order_of(desk, wanted)
    found = session.execute(_whole(desk, order.name), {"ids": list(ids)}).all()
    shown, onward = found[:most], order.sealed(found[most - 1][0]) if len(found) > most else ""
    return Page(
        [ticket for ticket, _by_itself, _begun in shown],
        onward,
        {ticket.id: order.written(ticket) for ticket, _by_itself, _begun in shown if desk.reads(ticket)},
        order.newest_first,
        {ticket.id: by_itself for ticket, by_itself, _begun in shown if by_itself is not None},
        frozenset(ticket.id for ticket, _by_itself, begun in shown if begun),
    )


@lru_cache(maxsize=DESKS * len(ORDERS))
def _whole(desk: Desk, order: str) -> Select[Ticket, bool | None, bool]:
    """What the lines say of the tickets with these `ids`, in this order."""
    said = select(Ticket, _came_back(), unsent.begun(desk.agent.id, Ticket.id)).where(one_of(Ticket.id, "ids"))
    said = said.options(joinedload(Ticket.person), joinedload(Ticket.owner).lazyload(Agent.memberships))
    return said.order_by(*_order(desk, order).directed)


def _came_back() -> ScalarSelect[bool | None]:
    """Whether a ticket that stands where it was sent back to came there by itself; nothing of others."""
    now_there = select(Segment.by_id.is_(None)).where(Segment.ticket_id == Ticket.id, Segment.ended_at.is_(None))
    return now_there.where(Segment.why == "returned").limit(1).correlate(Ticket).scalar_subquery()


def all_of(session: Session, desk: Desk, wanted: Filter, most: int) -> list[int]:
    """The ids of the tickets of the view that the person sees whole, in its order; at most so many."""
    tickets = _narrowed(session, desk, wanted, _zone(session))
    return search.first(session, tickets, wanted.q, **_asked(_order_of(desk, wanted), most))


def how_many(session: Session, desk: Desk, wanted: Filter, most: int) -> int:
    """How many tickets the view holds, counted no further than `most`."""
    return len(all_of(session, desk, wanted, most))


def how_many_each(session: Session, desk: Desk, lists: Sequence[Filter], most: int) -> list[int | None]:
    """How many tickets each of these lists holds, counted no further than `most`, all by one query; None of one with words."""
    zone = _zone(session)
    found = [None if each.q else _up_to(most, _narrowed(session, desk, each, zone)) for each in lists]
    asked = [each for each in found if each is not None]
    numbers = iter(session.execute(select(*asked)).one() if asked else ())
    return [None if each is None else next(numbers) for each in found]


def counts(session: Session, sight: OwnSight) -> Counts:
    """Open tickets by queue and by view; none is counted so far that it takes long."""
    found: dict[str, dict[str, int]] = {"queue": {}, "view": {}}
    for what, name, number in session.execute(_counting(sight)):
        found[what][name] = number
    return Counts(found["queue"], found["view"])


def counting(sight: OwnSight) -> Future[Counts]:
    """The same, begun now on a connection of its own: in a large town the database counts as long as a page does all else."""
    return _BESIDE.submit(_counts_apart, sight)


def _counts_apart(sight: OwnSight) -> Counts:
    with reading() as session:
        return counts(session, sight)


@lru_cache(maxsize=DESKS)
def _counting(sight: OwnSight) -> CompoundSelect[str, str, int]:
    """What is counted on every page: making the statement takes as long as counting. What it says often is one value."""
    still_open, working = is_open(), at_work()
    whole = and_(sight.whole, still_open)
    holds = {
        "open": [],
        "unassigned": [Ticket.owner_id.is_(None), working],
        "mine": [Ticket.owner_id == sight.agent.id, working],
        "overdue": [Ticket.due_at < this_moment(), working],
        "soon": [Ticket.due_at.between(this_moment(), this_moment(SOON)), working],
        "snoozed": [put_off_still()],
    }
    held = {view: _counted(whole, *conditions) for view, conditions in holds.items()}
    held |= {"team": _counted(_within(sight, "team", ""), still_open, working)}
    held |= {"waiting": _counted(sight.whole, Ticket.status == written_out("waiting")), "asked": _counted(_waits_for(sight))}
    held |= {HANDED: _counted(_handed_over_by(sight.agent), still_open)}
    in_views = [select(written_out("view"), written_out(view), number) for view, number in held.items()]
    of_queue = select(Ticket.id).where(Ticket.queue_id == Queue.id, still_open).correlate(Queue)
    seen = (
        (sight.own, MOST, of_queue),
        (sight.others, MOST_OF_OTHERS, of_queue.where(sight.whole)),
        (sight.partial, MOST_OF_OTHERS, of_queue.where(tickets_in_sight(sight.agent, sight.partial))),
    )
    in_queues = [
        select(written_out("queue"), Queue.id, _up_to(most + 1, theirs)).where(
            one_of(Queue.id, [each.id for each in among], written=True)
        )
        for among, most, theirs in seen
        if among
    ]
    return union_all(*in_views, *in_queues)


def _counted(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many tickets meet these conditions, at most MOST + 1."""
    return _up_to(MOST + 1, select(Ticket.id).where(*conditions))


def _up_to(most: int, met: Select[Any]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(met.with_only_columns(literal_column("1")).limit(written_out(most)).subquery())
        .scalar_subquery()
    )


def _zone(session: Session) -> ZoneInfo:
    return editions.deciding(session).rulebook.municipality.zone


def _narrowed(session: Session, desk: Desk, wanted: Filter, zone: ZoneInfo) -> Select[Ticket]:
    """Only of what the person sees whole, but for the words; in a queue of which the state is seen nothing more tells."""
    tickets = _of_view(desk, wanted.view, wanted.queue)
    if not desk.narrows(wanted.queue):
        tickets = tickets.where(desk.whole)
    elif wanted.view == HANDED:
        tickets = tickets.where(desk.read)
    return narrowed(session, tickets, wanted, zone, me=desk.agent.id)


def _order_of(desk: Desk, wanted: Filter) -> Order:
    """As asked; where only the state is seen, no place in the list tells what is urgent, due, or just changed."""
    if not desk.narrows(wanted.queue):
        return ORDERS["newest" if wanted.view == "resolved" else "oldest"]
    return _order(desk, HANDED) if wanted.view == HANDED else order_of(wanted)


def _order(desk: Desk, name: str) -> Order:
    return handed(desk.read, desk.reads) if name == HANDED else ORDERS[name]


def _asked(order: Order, limit: int) -> dict[str, Any]:
    return {"by": order.by, "backwards": order.newest_first, "limit": limit}


@lru_cache(maxsize=DESKS * len(VIEWS))
def _of_view(desk: Desk, view: str, queue: str) -> Select[Ticket]:
    """The tickets of the view, of queues in sight alone.

    A queue of which only the state is seen must be asked for, and takes no filter by what is not seen of it. What somebody
    handed over they know of, wherever it is: there it stands with its state.
    """
    if view == "asked":
        return select(Ticket).where(_waits_for(desk), *([one_of(Ticket.queue_id, [queue])] if queue else []))
    if view == HANDED and not queue:
        return select(Ticket).where(_handed_over_by(desk.agent))
    tickets = select(Ticket).where(_within(desk, view, queue))
    if view == HANDED:
        return tickets.where(_handed_over_by(desk.agent))
    tickets = tickets.where(Ticket.status == written_out("resolved") if view == "resolved" else is_open())
    if not desk.narrows(queue):
        return tickets
    if view in ("team", "mine", "unassigned", "overdue", "soon"):
        tickets = tickets.where(at_work())
    match view:
        case "resolved":
            return tickets.where(Ticket.resolved_at.is_not(None))  # what is not would stand first in the index
        case "mine":
            return tickets.where(Ticket.owner_id == desk.agent.id)
        case "unassigned":
            return tickets.where(Ticket.owner_id.is_(None))
        case "overdue":
            return tickets.where(Ticket.due_at < this_moment())
        case "waiting":
            return tickets.where(Ticket.status == written_out("waiting"))
        case "snoozed":
            return tickets.where(put_off_still())
        case "soon":
            return tickets.where(due.between(this_moment(), this_moment(SOON)))  # of which there is an index
    return tickets


def _within(desk: OwnSight, view: str, queue: str) -> ColumnElement[bool]:
    """The tickets of the queue, or else of all those that the view is of: members see all of their own.

    Of a queue that is seen whole it is what is seen whole, of another the state: so a confidential ticket never stands among
    others that somebody sees whole, to be told by its place.
    """
    if queue:
        among = [desk.queues[queue]] if queue in desk.queues else []
        return tickets_in_sight(desk.agent, among, Sight.FULL if desk.narrows(queue) else Sight.STATE)
    return one_of(Ticket.queue_id, [each.id for each in desk.own], written=True) if view == "team" else desk.whole


def _waits_for(sight: OwnSight) -> ColumnElement[bool]:
    """What calls this person in, as far as they see it whole."""
    return and_(mentions.waits_for(sight.agent), sight.of_few)


def _handed_over_by(agent: Agent) -> ColumnElement[bool]:
    """The tickets of the latest MOST_FOLLOWED hand-overs of this person."""
    mine = select(Segment.ticket_id).where(Segment.by_id == agent.id, Segment.why == written_out("handed_over"))
    return Ticket.id.in_(mine.order_by(Segment.id.desc()).limit(written_out(MOST_FOLLOWED)))
