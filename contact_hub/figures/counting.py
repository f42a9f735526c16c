"""Adds the figures up by queue and door, and finds the tickets behind each number."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from contact_hub.figures.facts import facts
from contact_hub.figures.formulas import BY_ID, Figure, condition
from contact_hub.figures.periods import Period
from contact_hub.history import StoredDecision
from contact_hub.tickets import Ticket

FEW = 20  # a share over fewer tickets says little

QUEUES = ("first_queue", "queue", "back_queue")


@dataclass(frozen=True)
class Count:
    """How many of `n` tickets count."""

    counted: int = 0
    n: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.counted + other.counted, self.n + other.n)

    @property
    def share(self) -> float | None:
        """The share that counts; none of nothing is no share."""
        return self.counted / self.n if self.n else None

    @property
    def is_small(self) -> bool:
        """Whether it stands on too few tickets to read much into it."""
        return self.n < FEW


@dataclass(frozen=True)
class Counts:
    """One figure over all tickets, and under each queue and each door."""

    total: Count
    queues: Mapping[str, Count]
    doors: Mapping[str, Count]


@dataclass(frozen=True)
class Behind:
    """Which tickets stand behind a number: a part of a figure (`counted`, `rest` or `all`), narrowed by what is given."""

    figure: Figure
    period: Period
    part: str = "counted"
    queue: str = ""
    door: str = ""
    rule: str = ""
    edition: int = 0


def count(session: Session, period: Period, among: ColumnElement[bool]) -> dict[str, Counts]:
    """Every figure by its id, over the tickets of the period that are among these."""
    fact = facts(period, among)
    by = [fact.c[name] for name in QUEUES]
    sums = [column for figure in BY_ID.values() for column in _sums(figure, fact)]
    rows = session.execute(select(*by, fact.c.door, *sums).group_by(*by, fact.c.door))
    tallies = {name: _Tally() for name in BY_ID}
    for row in rows:
        for figure in BY_ID.values():
            values = row._mapping
            counted = Count(values[f"{figure.id}_counted"], values[f"{figure.id}_n"])
            tallies[figure.id].add(counted, values[figure.queue], values["door"])
    return {name: tally.counts() for name, tally in tallies.items()}


def by_rule(session: Session, period: Period, among: ColumnElement[bool], figure: Figure) -> dict[tuple[str, int], Count]:
    """The figure by the rule that routed the ticket, and its edition."""
    fact = facts(period, among)
    counted, n = _sums(figure, fact)
    rows = session.execute(
        select(StoredDecision.rule, StoredDecision.edition_id, counted, n)
        .join(fact, fact.c.ticket_id == StoredDecision.ticket_id)
        .where(figure.among(fact))
        .group_by(StoredDecision.rule, StoredDecision.edition_id)
        .order_by(StoredDecision.rule, StoredDecision.edition_id)
    )
    return {(row.rule, row.edition_id): Count(row[2], row[3]) for row in rows}


def tickets_behind(session: Session, number: Behind, among: ColumnElement[bool], *, after: int, limit: int) -> list[Ticket]:
    """The tickets after the one with id `after`, at most `limit` of them."""
    tickets = select(Ticket).options(joinedload(Ticket.queue)).where(Ticket.id.in_(_behind(number, among)))
    return list(session.scalars(tickets.where(Ticket.id > after).order_by(Ticket.id).limit(limit)))


def _behind(number: Behind, among: ColumnElement[bool]) -> Select[int]:
    fact = facts(number.period, among)
    found = select(fact.c.ticket_id).where(condition(number.figure, fact, number.part))
    if number.queue:
        found = found.where(fact.c[number.figure.queue] == number.queue)
    if number.door:
        found = found.where(fact.c.door == number.door)
    if number.rule or number.edition:
        found = found.join(StoredDecision, StoredDecision.ticket_id == fact.c.ticket_id)
        found = found.where(StoredDecision.rule == number.rule, StoredDecision.edition_id == number.edition)
    return found


def _sums(figure: Figure, fact: CTE) -> list[ColumnElement[int]]:
    among = figure.among(fact)
    counted = func.coalesce(func.sum(case((and_(among, figure.counts(fact)), 1), else_=0)), 0)
    n = func.coalesce(func.sum(case((among, 1), else_=0)), 0)
    return [counted.label(f"{figure.id}_counted"), n.label(f"{figure.id}_n")]


class _Tally:
    def __init__(self) -> None:
        self.total = Count()
        self.queues: defaultdict[str, Count] = defaultdict(Count)
        self.doors: defaultdict[str, Count] = defaultdict(Count)

    def add(self, count: Count, queue: str | None, door: str) -> None:
        if not count.n:
            return
        self.total += count
        self.doors[door] += count
        if queue:
            self.queues[queue] += count

    def counts(self) -> Counts:
        return Counts(self.total, dict(self.queues), dict(self.doors))
