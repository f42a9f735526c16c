"""Past tickets for a replay: read from the database, and kept ready while somebody changes the rules."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock, Timer
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from contact_hub import editions, recall
from contact_hub.agents import Agent
from contact_hub.contact import Contact
from contact_hub.database import now
from contact_hub.history import VOID, Segment, StoredDecision
from contact_hub.references import reference_of
from contact_hub.routing.replay import Past, Replay
from contact_hub.routing.replay.replayed import Moved, Report
from contact_hub.routing.text import READ_AT_MOST
from contact_hub.tickets import Ticket
from contact_hub.visibility import readable

MOST = 10_000
"""Tickets of one replay: of more, the newest."""
MOST_LETTERS = 30_000_000
"""Characters of all contacts of one replay together, as far as rules read them: they are kept in memory."""
ALL: ColumnElement[bool] = true()
"""Every ticket: for whoever runs the server."""
FRESH = 300.0
"""Seconds after which what is ready is dropped: tickets that came in since join when it is next asked for."""
_AT_ONCE = 500

_Each = TypeVar("_Each")


@dataclass(frozen=True)
class Ready:
    """A replay made ready on the edition that decides; `in_time` counts the tickets of these days, replayed or not."""

    edition: int
    since: datetime
    read_at: datetime
    in_time: int
    replay: Replay

    @property
    def left_out(self) -> int:
        """How many tickets of these days are not replayed: the oldest, where there are too many, and those that were erased."""
        return left_out(self.in_time, len(self.replay.past))


Key = tuple[str, int, int, str]
_kept: dict[Key, Ready] = {}  # at most one a process: whoever drafts rules does so on one edition and one span of days
_keeping = Lock()


def ready(session: Session, days: int, agent: Agent | None) -> Ready:
    """The tickets of the last days, ready for drafts of the edition that decides; made once and kept for a few minutes.

    They are those that the person may read, for a rule made up to find a word would tell of any other; with nobody, those
    that are not confidential.
    """
    deciding = editions.deciding(session)
    among = readable(session, agent)
    key = (str(session.get_bind()), deciding.edition, days, _written(among))
    with _keeping:
        if key not in _kept:
            _kept.clear()
            since = began(days)
            replay = Replay(deciding.rulebook, past(session, since, among))
            _kept[key] = Ready(deciding.edition, since, now(), in_time(session, since, among), replay)
            _drop_later(key, _kept[key])
        return _kept[key]


def began(days: int) -> datetime:
    """The moment at which the last so many days began."""
    return now() - timedelta(days=days)


def in_time(session: Session, since: datetime, among: ColumnElement[bool]) -> int:
    """How many of these tickets came in by a contact since then."""
    return int(session.scalar(_came_in(select(func.count()).select_from(Ticket), since, among)) or 0)


def left_out(in_time: int, replayed: int) -> int:
    """Of so many tickets, those that were not replayed; one that came in between the two counts is none of them."""
    return max(0, in_time - replayed)


def past(
    session: Session,
    since: datetime,
    among: ColumnElement[bool],
    *,
    at_most: int = MOST,
    letters: int = MOST_LETTERS,
    progress: Callable[[int], None] = lambda tickets: None,
) -> Iterator[Past]:
    """Those of these tickets that came in by a contact since then, the newest first, as a replay takes them.

    A second ticket that a rule opened beside the first is not among them: it is the same decision. `progress` hears how many
    tickets were read each time some were. Of long texts there is as much as rules read; ends early where all together have
    more letters than there is room for.
    """
    columns = select(Ticket.id, Ticket.opened_at, StoredDecision.contact_id, StoredDecision.queue_id, _final().label("final"))
    rows = session.execute(_came_in(columns, since, among).order_by(Ticket.id.desc()).limit(at_most)).all()
    for some in _parts(rows):
        contacts = recall.as_decided(session, [row.contact_id for row in some])
        for row in some:
            contact = contacts.get(row.contact_id)
            if contact is None:
                continue  # its words were erased: nothing is left to decide on
            contact = _as_read(contact)
            letters -= len(contact.subject) + len(contact.message) + len(contact.quoted)
            if letters < 0:
                return
            yield Past(row.id, reference_of(row.opened_at.year, row.id), contact, row.queue_id, row.final)
        progress(len(some))


def _as_read(contact: Contact) -> Contact:
    """The contact without what rules never read of it: that decides nothing, and would only take room."""
    texts = {name: getattr(contact, name) for name in ("subject", "message", "quoted")}
    if max(map(len, texts.values())) <= READ_AT_MOST:
        return contact
    return replace(contact, **{name: text[:READ_AT_MOST] for name, text in texts.items()})


def in_sight(session: Session, agent: Agent, report: Report, at_most: int) -> list[Moved]:
    """The first tickets of the report that the person may read; what moves a ticket tells something of its words."""
    theirs = readable(session, agent)
    found: list[Moved] = []
    for some in _parts(report.tickets):
        wanted = select(Ticket.id).where(theirs, Ticket.id.in_([moved.ticket for moved in some]))
        seen = set(session.scalars(wanted))
        found += [moved for moved in some if moved.ticket in seen]
        if len(found) >= at_most:
            break
    return found[:at_most]


def _drop_later(key: Key, kept: Ready) -> None:
    """Gives the memory back, be anybody still there or not."""

    def drop() -> None:
        with _keeping:
            if _kept.get(key) is kept:
                del _kept[key]

    timer = Timer(FRESH, drop)
    timer.daemon = True
    timer.start()


def _parts(all_: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    return (all_[start : start + _AT_ONCE] for start in range(0, len(all_), _AT_ONCE))


def _written(among: ColumnElement[bool]) -> str:
    compiled = among.compile()
    return f"{compiled} {compiled.params}"


def _came_in(tickets: Select[*tuple[Any, ...]], since: datetime, among: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    decided = tickets.join(StoredDecision, StoredDecision.ticket_id == Ticket.id)
    return decided.where(Ticket.opened_at >= since, Ticket.linked_to_id.is_(None), among)


def _final() -> ColumnElement[str]:
    """Where people put a ticket: the queue it stands in after hand-overs, or the one that solved it.

    Nothing is known of an open ticket nobody handed over, of one that whoever took the call kept, and of one that was no
    question; what was no question and stood in quarantine stood right there.
    """
    handed_over = _began(("handed_over", "returned"))
    solved = and_(Ticket.status == "resolved", ~_began(("kept",)), or_(Ticket.outcome.not_in(sorted(VOID)), Ticket.screened))
    return case((or_(handed_over, solved), Ticket.queue_id), else_="")


def _began(why: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(Segment.ticket_id == Ticket.id, Segment.why.in_(why))
