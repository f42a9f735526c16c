"""What somebody wants to see in the list, as the address says it: a view, what narrows it, an order and a place in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contact_hub import people, search
from contact_hub.days import day_in
from contact_hub.people import Address, Person
from contact_hub.tickets import PRIORITIES, Ticket
from contact_hub.web import orders
from contact_hub.web.addresses import id_in
from contact_hub.web.orders import ORDERS, Order

VIEWS = ("team", "mine", "asked", "unassigned", "soon", "overdue", "waiting", "snoozed", "handed", "open", "resolved")
SORTS = ("urgent", "due", "oldest", "newest")
NARROWING = ("door", "topic", "priority", "language", "owner", "tag", "person", "since", "until", "q")
"""What a view can be narrowed by; all of it holds at once."""
OWNERS = ("me", "nobody")
LONGEST = 100  # characters of what is looked for


@dataclass(frozen=True)
class Filter:
    """A view, within one queue where that is given, narrowed by the rest; after a place in it.

    `since` and `until` are days (2026-11-24) in which a ticket came in; `tag` is one it has, `q` words that it
    holds. `owner` is `me`, `nobody` or the id of a colleague; `person` the id of one, a name, an address or a number.
    """

    view: str = "team"
    queue: str = ""
    door: str = ""
    topic: str = ""
    priority: str = ""
    language: str = ""
    owner: str = ""
    tag: str = ""
    person: str = ""
    since: str = ""
    until: str = ""
    q: str = ""
    sort: str = "urgent"
    after: str = ""

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows the view, by name."""
        return {name: value for name in NARROWING if (value := getattr(self, name))}

    @property
    def address(self) -> dict[str, str]:
        """The filter as the address holds it, at its first page."""
        held = {"view": self.view, "queue": self.queue, **self.narrowing, "sort": self.sort if self.sort != SORTS[0] else ""}
        return {name: value for name, value in held.items() if value}


def filter_in(given: Mapping[str, str], *, default: str, doors: Sequence[str]) -> Filter:
    """What an address asks for; a value nobody can mean is left out. `default` is the view where none is named."""
    said = {name: given.get(name, "").strip()[:LONGEST] for name in ("view", "queue", *NARROWING, "sort")}
    wanted = Filter(**said, after=given.get("after", "")[: orders.LONGEST])
    return replace(
        wanted,
        view=wanted.view if wanted.view in VIEWS else "open" if wanted.queue else default,
        door=wanted.door if wanted.door in doors else "",
        priority=wanted.priority if wanted.priority in PRIORITIES else "",
        owner=wanted.owner if wanted.owner in OWNERS or id_in(wanted.owner) is not None else "",
        since=wanted.since if _day(wanted.since) else "",
        until=wanted.until if _day(wanted.until) else "",
        sort=wanted.sort if wanted.sort in SORTS else SORTS[0],
    )


def narrowed(session: Session, tickets: Select[Ticket], wanted: Filter, zone: ZoneInfo, *, me: int) -> Select[Ticket]:
    """These tickets, as far as they fit what narrows the view of `me`, but for its words; days are those of `zone`."""
    return tickets.where(*_conditions(session, wanted, zone, me))


def person_in(written: str) -> int | None:
    """The id of a person, where it is one and not a telephone number or a name."""
    return None if written.startswith("0") else id_in(written)


def _conditions(session: Session, wanted: Filter, zone: ZoneInfo, me: int) -> Iterator[ColumnElement[bool]]:
    columns: dict[str, InstrumentedAttribute[str]] = {
        "door": Ticket.channel,
        "topic": Ticket.topic_id,
        "language": Ticket.language,
    }
    yield from (column == getattr(wanted, name) for name, column in columns.items() if getattr(wanted, name))
    if wanted.priority:
        yield Ticket.rank == PRIORITIES.index(wanted.priority)
    if wanted.tag:
        yield search.tagged(session, wanted.tag)
    if wanted.owner:
        yield _of_owner(wanted.owner, me)
    if wanted.person:
        yield _of_person(session, wanted.person)
    if since := _day(wanted.since):
        yield Ticket.opened_at >= begin(since, zone)
    if until := _day(wanted.until):
        yield Ticket.opened_at < begin(until + timedelta(days=1), zone)


def _of_owner(written: str, me: int) -> ColumnElement[bool]:
    if written == "nobody":
        return Ticket.owner_id.is_(None)
    return Ticket.owner_id == (me if written == "me" else int(written))


def _of_person(session: Session, written: str) -> ColumnElement[bool]:
    """The tickets of the person with this id, or of all with this name, address or number."""
    if (number := person_in(written)) is not None:
        return Ticket.person_id == number
    known = ("mail", written.lower()) if "@" in written else ("phone", people.e164(written))
    if known[1]:
        return Ticket.person_id.in_(select(Address.person_id).where(Address.kind == known[0], Address.value == known[1]))
    return Ticket.person_id.in_(select(Person.id).where(search.called(session, written)))


def order_of(wanted: Filter) -> Order:
    """How the view is sorted: as asked; what is done by when it was, or by when it came in where days of that are given."""
    if wanted.view != "resolved":
        return ORDERS[wanted.sort]
    by = "came in" if wanted.since or wanted.until else "resolved"
    return ORDERS[f"{by} oldest" if wanted.sort == "oldest" else by]


def _day(written: str) -> date | None:
    try:
        return day_in(written)
    except ValueError:
        return None


def begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
