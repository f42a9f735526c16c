"""How lists are sorted, and the place where a page of one ends: sealed, so that it tells nothing and nobody makes one up."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import abort, current_app
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, literal, tuple_

from contact_hub.database import UTCDateTime
from contact_hub.tickets import Ticket
from contact_hub.web.security import settings_of

LONGEST = 400  # characters of a sealed place
NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # where a ticket without a due date stands in the order

Place = tuple[int | datetime, ...]

due = func.coalesce(Ticket.due_at, literal(NEVER, UTCDateTime), type_=UTCDateTime)


@dataclass(frozen=True)
class Order:
    """How a list is sorted, and where in it a ticket stands: by these columns, of which a ticket has values."""

    name: str
    by: tuple[SQLColumnExpression[Any], ...]
    place: Callable[[Ticket], Place]
    newest_first: bool = False

    @property
    def directed(self) -> tuple[SQLColumnExpression[Any], ...]:
        """What a query is to order by."""
        return tuple(column.desc() if self.newest_first else column for column in self.by)

    def behind(self, tickets: Select[Ticket], after: str) -> Select[Ticket]:
        """Those behind the sealed place `after`, all where it is empty; answers 400 to one that is not of this order."""
        if not after:
            return tickets
        here, there = tuple_(*self.by), tuple_(*self._opened(after))
        return tickets.where(here < there if self.newest_first else here > there)

    def sealed(self, ticket: Ticket) -> str:
        """The place of a ticket, for an address: whoever may not know when it is due does not read it there."""
        parts = (each.isoformat() if isinstance(each, datetime) else str(each) for each in self.place(ticket))
        return _cipher().encrypt("~".join((self.name, *parts)).encode()).decode()

    def written(self, ticket: Ticket) -> str:
        """The place of a ticket as text, for whoever sees it whole: by these texts tickets sort as by their places."""
        return "~".join(f"{_as_number(part):018d}" for part in self.place(ticket))

    def _opened(self, after: str) -> list[ColumnElement[Any]]:
        try:
            name, *parts = _cipher().decrypt(after.encode()).decode().split("~")
        except (InvalidToken, UnicodeEncodeError):
            abort(400)
        if name != self.name or len(parts) != len(self.by):
            abort(400)
        return [_value(column, part) for column, part in zip(self.by, parts, strict=True)]


ORDERS = {
    each.name: each
    for each in (
        Order("urgent", (Ticket.rank, due, Ticket.id), lambda ticket: (ticket.rank, ticket.due_at or NEVER, ticket.id)),
        Order("due", (due, Ticket.id), lambda ticket: (ticket.due_at or NEVER, ticket.id)),
        Order("oldest", (Ticket.id,), lambda ticket: (ticket.id,)),
        Order("newest", (Ticket.id,), lambda ticket: (ticket.id,), newest_first=True),
        Order("came in", (Ticket.opened_at, Ticket.id), lambda ticket: (ticket.opened_at, ticket.id), newest_first=True),
        Order("came in oldest", (Ticket.opened_at, Ticket.id), lambda ticket: (ticket.opened_at, ticket.id)),
        Order(
            "resolved",
            (Ticket.resolved_at, Ticket.id),
            lambda ticket: (ticket.resolved_at or NEVER, ticket.id),
            newest_first=True,
        ),
        Order(
            "resolved oldest",
            (Ticket.resolved_at, Ticket.id),
            lambda ticket: (ticket.resolved_at or NEVER, ticket.id),
        ),
    )
}


def handed(whole: ColumnElement[bool], reads: Callable[[Ticket], bool]) -> Order:
    """What moved last first; what is not seen whole stands where it came in, and does not tell by moving."""
    return Order(
        "handed",
        (case((whole, Ticket.changed_at), else_=Ticket.opened_at), Ticket.id),
        lambda ticket: (ticket.changed_at if reads(ticket) else ticket.opened_at, ticket.id),
        newest_first=True,
    )


def _as_number(part: int | datetime) -> int:
    return int(part.timestamp() * 1_000_000) if isinstance(part, datetime) else part


def _value(column: SQLColumnExpression[Any], written: str) -> ColumnElement[Any]:
    if isinstance(getattr(column, "type", None), UTCDateTime):
        return literal(datetime.fromisoformat(written), UTCDateTime)
    return literal(int(written))


def _cipher() -> Fernet:
    key = hashlib.sha256(b"place in a list\0" + settings_of(current_app).secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
