"""Which tickets somebody gets to see behind a number: as the address asks for them, and no more than is theirs to know."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from sqlalchemy.orm import Session

from contact_hub import editions
from contact_hub.agents import Agent
from contact_hub.figures import ages, backlog, counting, formulas
from contact_hub.figures.backlog import Lying
from contact_hub.figures.counting import Behind
from contact_hub.figures.periods import Period
from contact_hub.tickets import Ticket
from contact_hub.visibility import readable
from contact_hub.web.addresses import id_in
from contact_hub.web.words import DOORS

BACKLOG = "backlog"


@dataclass(frozen=True)
class Asked:
    """Which number somebody wants to look behind: as the address says it."""

    name: str
    part: str
    queue: str
    door: str
    rule: str
    edition: int
    band: str
    after: int

    @property
    def lying(self) -> Lying:
        """The number, where it is one of the backlog."""
        return Lying(self.part, self.queue, self.door, self.band)

    def of(self, period: Period) -> Behind:
        """The number, where it is a figure's."""
        return Behind(formulas.BY_ID[self.name], period, self.part, self.queue, self.door, self.rule, self.edition)


@dataclass(frozen=True)
class Look:
    """Somebody who looks behind a number: what is counted and listed are the tickets that they may read."""

    agent: Agent
    period: Period
    asked: Asked

    def tickets(self, session: Session, *, after: int, limit: int) -> list[Ticket]:
        """The tickets after the one with id `after`, at most `limit` of them."""
        listed = readable(session, self.agent)
        if self.asked.name == BACKLOG:
            rulebook = editions.deciding(session).rulebook
            return backlog.tickets_behind(session, self.asked.lying, rulebook, listed, after=after, limit=limit)
        return counting.tickets_behind(session, self.asked.of(self.period), listed, after=after, limit=limit)


def asked_for(name: str) -> Asked:
    """What the address asks for; answers 404 to a number there is none of."""
    given = request.args
    of_backlog = name == BACKLOG
    part, band = given.get("part", "open" if of_backlog else "counted"), given.get("age", "")
    parts = backlog.PARTS if of_backlog else formulas.PARTS
    if not (of_backlog or name in formulas.BY_ID) or part not in parts or (band and band not in ages.BANDS):
        abort(404)
    return Asked(
        name,
        part,
        queue=given.get("queue", ""),
        door=given.get("door", ""),
        rule=given.get("rule", ""),
        edition=id_in(given.get("edition", "")) or 0,
        band=band,
        after=id_in(given.get("after", "")) or 0,
    )


def address(endpoint: str, period: Period, name: str = "", **more: Any) -> str:
    """The address of a page about a period; what is empty stays out of it."""
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    given: dict[str, Any] = {"name": name, **more, **days}
    return url_for(endpoint, **{key: value for key, value in given.items() if value})


def address_of(endpoint: str, period: Period, asked: Asked, after: int = 0) -> str:
    """The address of the same number on another page or as a file."""
    door = asked.door if asked.door in DOORS else ""
    by = {"queue": asked.queue, "door": door, "rule": asked.rule, "edition": asked.edition, "age": asked.band}
    return address(endpoint, period, asked.name, part=asked.part, **by, after=after)
