"""The figures by formula: which tickets are looked at, which of them count, and under which queue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, or_, true

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Figure:
    """|counts| / |among|. `queue` names the fact by which a ticket stands under a queue."""

    id: str
    version: int
    among: Callable[[CTE], Condition]
    counts: Callable[[CTE], Condition]
    queue: str = "first_queue"

    @property
    def formula(self) -> str:
        """How the figure is cited."""
        return f"{self.id}@{self.version}"


def _all(_: CTE) -> Condition:
    return true()


def _handled(fact: CTE) -> Condition:
    return fact.c.handled


def _hopped(name: str) -> Callable[[CTE], Condition]:
    return lambda fact: fact.c[name] >= 1


FIGURES: tuple[Figure, ...] = (
    Figure("fcr_gross", 1, among=_all, counts=lambda fact: fact.c.solved_first),
    Figure("fcr_net", 1, among=lambda fact: ~fact.c.beyond_first_line, counts=lambda fact: fact.c.solved_first),
    Figure("flr", 1, among=lambda fact: fact.c.resolved, counts=lambda fact: fact.c.back_queue.is_(None), queue="queue"),
    Figure("transfer", 1, among=_handled, counts=_hopped("hops")),
    Figure("bounce", 1, among=_all, counts=lambda fact: or_(fact.c.revisits >= 1, fact.c.returned >= 1)),
    Figure(
        "first_route",
        1,
        among=lambda fact: and_(fact.c.resolved, fact.c.back_queue.is_not(None)),
        counts=lambda fact: fact.c.back_queue == fact.c.queue,
        queue="back_queue",
    ),
)
# What a figure above is read with: the part of E no first line can solve, and where hand-overs went.
COMPANIONS: tuple[Figure, ...] = (
    Figure("beyond_first_line", 1, among=_all, counts=lambda fact: fact.c.beyond_first_line),
    Figure("transfer_front_back", 1, among=_handled, counts=_hopped("front_back")),
    Figure("transfer_back_back", 1, among=_handled, counts=_hopped("back_back")),
    Figure("transfer_back_front", 1, among=_handled, counts=_hopped("back_front")),
)
BY_ID: dict[str, Figure] = {figure.id: figure for figure in (*FIGURES, *COMPANIONS)}


PARTS = ("counted", "rest", "all")


def condition(figure: Figure, fact: CTE, part: str) -> Any:
    """Which tickets make up one of the PARTS of the figure."""
    if part == "all":
        return figure.among(fact)
    counts = figure.counts(fact)
    return and_(figure.among(fact), counts if part == "counted" else ~counts)
