"""A ticket's conversation as a page tells it: what was said and what happened, in the order of time."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Ticket
from contact_hub.visibility import Part
from contact_hub.web.happened import LINES, Happened, told
from contact_hub.web.said import Said

LONG = 16  # turns; a longer conversation shows its first and its LAST
LAST = 8
READ_BY = ("claimed", "resolved")  # what else than an answer shows that somebody here read what was said until then
BY_ITSELF = ("receipt", "notice")  # what the hub writes, which nobody opens a ticket to read


Turn = Said | Happened


def conversation(session: Session, ticket: Ticket, agent: Agent, part: Part | None = None) -> list[Turn]:
    """Everything, oldest first, or a part of it. Of other tickets those alone are named that the agent may know of."""
    said = _said(session, ticket, part)
    happened = _happened(session, ticket, agent, part)
    return sorted([*said, *happened], key=lambda turn: turn.at)


def by_citizens(turns: Iterable[Turn]) -> list[Said]:
    """What citizens said, in the order in which it came."""
    said = (turn for turn in turns if isinstance(turn, Said) and turn.by_citizen)
    return sorted(said, key=lambda turn: turn.message.id)


def answered_in(turns: Iterable[Turn]) -> str:
    """The language of the last answer by mail; empty where there is none."""
    answers = (turn for turn in turns if isinstance(turn, Said) and turn.mail and turn.message.kind == "answer")
    last = max(answers, key=lambda turn: turn.message.id, default=None)
    return last.mail.language if last and last.mail else ""


@dataclass(frozen=True)
class Opening:
    """The message at which a ticket opens; `since` is when somebody here last read, where it is the first they did not."""

    message: int
    since: datetime | None = None


def opening(turns: Sequence[Turn], *, unread: bool) -> Opening | None:
    """Where reading goes on: the first news nobody here has read, else the newest news or message; None for the very top."""
    undone = {turn.number - 1 for turn in turns if isinstance(turn, Happened) and turn.kind == "undone"}
    read = [turn for turn in turns if _shows_reading(turn, undone)]
    said = [turn for turn in turns if isinstance(turn, Said) and turn.message.kind not in BY_ITSELF]
    news = [turn for turn in said if turn.is_news] if unread else []
    since = read[-1].at if read else None
    new = [turn for turn in news if since is None or turn.at > since]
    first = next(iter(new or news[-1:] or said[-1:]), None)
    if first is None or first is turns[0]:
        return None
    return Opening(first.message.id, since if new else None)


def folded(turns: Sequence[Turn], unseen: Container[int] = (), stop: int = 0) -> range | None:
    """Which turns a long conversation folds away: all between the first and the last; nothing from what is `unseen` on.

    `stop` is where the fold of a page ends that is open already: what it folded away, and nothing that it shows.
    """
    if 2 < stop <= len(turns):
        return range(1, stop)
    if len(turns) <= LONG:
        return None
    new = (place for place, turn in enumerate(turns) if isinstance(turn, Said) and turn.message.id in unseen)
    end = min(len(turns) - LAST, next(new, len(turns)))
    return range(1, end) if end > 2 else None


def _shows_reading(turn: Turn, undone: Container[int]) -> bool:
    if isinstance(turn, Said):
        return turn.message.kind == "answer"
    return turn.kind in READ_BY and turn.number not in undone


_SAID = (
    select(Message, TakenContact, Outgoing)
    .options(joinedload(Message.attachments))
    .outerjoin(TakenContact, TakenContact.id == Message.contact_id)
    .outerjoin(Outgoing, Outgoing.message_id == Message.id)
    .where(Message.ticket_id == bindparam("of_ticket"))
    .order_by(Message.id)
)
_HAPPENED = select(Event).where(Event.ticket_id == bindparam("of_ticket"), Event.kind.in_(LINES)).order_by(Event.number)


def _said(session: Session, ticket: Ticket, part: Part | None) -> Sequence[Turn]:
    wanted = _SAID if part is None else _SAID.where(Message.id.in_(part.messages))
    rows = session.execute(wanted, {"of_ticket": ticket.id}).unique()
    return [Said(message, contact, mail if part is None else None) for message, contact, mail in rows]


def _happened(session: Session, ticket: Ticket, agent: Agent, part: Part | None) -> Sequence[Happened]:
    wanted = _HAPPENED if part is None else _HAPPENED.where(Event.number <= part.last_event)
    return told(session, session.scalars(wanted, {"of_ticket": ticket.id}).all(), agent)
