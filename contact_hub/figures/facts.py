"""What the history tells of each ticket: one row a ticket, from which every figure is counted.

E(P) of the definitions: tickets whose first contact came in during the period, but for those whose outcome is VOID and
those that stand in quarantine. What a quarantine held first and somebody let through began where it was let through to.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from contact_hub.figures.periods import Period
from contact_hub.history import FIRST_LINE, VOID, Cycle, Segment, StoredDecision
from contact_hub.messages import Message
from contact_hub.tickets import Ticket

ASYNCHRONOUS = ("email", "webform")

Condition = ColumnElement[bool]


def facts(period: Period, among: Condition) -> CTE:
    """The tickets of the period among these, each with what the figures ask of it."""
    path = _path(period)
    first, back, begun = aliased(Segment), aliased(Segment), aliased(Cycle)
    answers = select(func.count()).where(Message.ticket_id == Ticket.id, Message.kind == "answer").scalar_subquery()
    solved = and_(Ticket.outcome.in_(sorted(FIRST_LINE)), path.c.back_segment.is_(None), ~_reopened())
    return (
        select(
            Ticket.id.label("ticket_id"),
            Ticket.channel.label("door"),
            Ticket.queue_id.label("queue"),
            first.queue_id.label("first_queue"),
            back.queue_id.label("back_queue"),
            (Ticket.status == "resolved").label("resolved"),
            case((~solved, False), (Ticket.channel.not_in(ASYNCHRONOUS), True), else_=answers == 1).label("solved_first"),
            func.coalesce(begun.first_line.is_(False), False).label("beyond_first_line"),
            or_(Ticket.status != "new", path.c.segments > 1).label("handled"),
            path.c.hops,
            (path.c.hops + 1 - path.c.queues).label("revisits"),
            path.c.returned,
            path.c.front_back,
            path.c.back_back,
            path.c.back_front,
        )
        .join(path, path.c.ticket_id == Ticket.id)
        .join(first, first.id == path.c.first_segment)
        .outerjoin(back, back.id == path.c.back_segment)
        .outerjoin(begun, and_(begun.ticket_id == Ticket.id, begun.number == 1))
        .where(_counted(period), among)
        .cte("facts")
    )


def _counted(period: Period) -> Condition:
    came_in = and_(Ticket.opened_at >= period.begin, Ticket.opened_at < period.end)
    return and_(came_in, Ticket.screened.is_(False), Ticket.outcome.not_in(sorted(VOID)))


def _reopened() -> Condition:
    """Whether it opened again, other than by taking in another ticket: then nobody came back."""
    return exists().where(Cycle.ticket_id == Ticket.id, Cycle.number > 1, Cycle.why != "merged")


def _path(period: Period) -> CTE:
    """The way each ticket went through the queues, its equal neighbours collapsed."""
    step = _steps(period).subquery()
    moved = and_(step.c.before.is_not(None), step.c.before != step.c.queue_id)

    def hops(begin: str, end: str) -> ColumnElement[int]:
        return _sum(and_(moved, step.c.tier_before == begin, step.c.tier == end))

    return (
        select(
            step.c.ticket_id,
            func.count().label("segments"),
            _sum(moved).label("hops"),
            func.count(step.c.queue_id.distinct()).label("queues"),
            _sum(step.c.why == "returned").label("returned"),
            func.min(step.c.id).label("first_segment"),
            func.min(case((step.c.tier == "back", step.c.id))).label("back_segment"),
            hops("front", "back").label("front_back"),
            hops("back", "back").label("back_back"),
            hops("back", "front").label("back_front"),
        )
        .group_by(step.c.ticket_id)
        .cte("path")
    )


def _steps(period: Period) -> Select[Any]:
    """Every segment with the queue before it."""
    in_order: dict[str, Any] = {"partition_by": Segment.ticket_id, "order_by": Segment.id}
    return (
        select(
            Segment.ticket_id,
            Segment.id,
            Segment.queue_id,
            Segment.why,
            Segment.tier,
            func.lag(Segment.queue_id).over(**in_order).label("before"),
            func.lag(Segment.tier).over(**in_order).label("tier_before"),
        )
        .join(Ticket, Ticket.id == Segment.ticket_id)
        .outerjoin(StoredDecision, StoredDecision.ticket_id == Segment.ticket_id)
        .where(_counted(period), ~_in_quarantine())
    )


def _in_quarantine() -> Condition:
    """A first segment to which a screen rule sent the ticket, before somebody let it through."""
    let_through = and_(Segment.why == "routed", Segment.queue_id != Ticket.queue_id)
    screened = StoredDecision.record["screened"].as_boolean()
    return and_(let_through, func.coalesce(screened, False))


def _sum(condition: Condition) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
