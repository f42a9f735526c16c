"""A ticket's conversation as a page tells it: what was said and what happened, in the order of time."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only, selectinload

from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.avoidable import NEW
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.queues import all_queues
from contact_hub.tickets import Ticket
from contact_hub.visibility import Part, known_of
from contact_hub.web.kin import HAPPENED, names_another
from contact_hub.web.senders import Sender, senders_of
from contact_hub.web.words import OUTCOMES, WHY_IN_TOUCH, moment, queue_name, reason_words

# Events with a line of their own; what was said or noted shows itself.
TOLD = (
    "claimed",
    "released",
    "handed_over",
    "returned",
    "resolved",
    "reopened",
    "heard_machine",
    "taken_back",
    "marked",
    "waits",
    "put_off",
    "went_on",
    "assigned",
    "call_back_promised",
    "asked",
    "resumed",
    "undone",
    "said_why",
    "advised",
    "found_wrong",
    "found_right",
)
ASKED_OF_CONTACTS = (TakenContact.facts, TakenContact.reason, TakenContact.automatic, TakenContact.leg_of_id)
LONG = 16  # turns; a longer conversation shows its first and its LAST
LAST = 8
MARKS = {"topic": _l("topic"), "priority": _l("priority"), "tags": _l("tags"), "due": _l("due date")}


@dataclass(frozen=True)
class Said:
    """A message with what belongs to it; `asks_why` where it can be said why the citizen got in touch, `reason` is what was."""

    at: datetime
    message: Message
    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    mail: Outgoing | None = None
    sender: Sender | None = None
    reason: str = ""
    asks_why: bool = False


@dataclass(frozen=True)
class Happened:
    """An event in words; `because` is what somebody gave as the reason."""

    at: datetime
    number: int
    words: str
    because: str = ""
    kind: str = ""

    def as_record(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "number": self.number,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "detail": self.words,
            "because": self.because,
        }


Turn = Said | Happened


def conversation(session: Session, ticket: Ticket, agent: Agent, part: Part | None = None) -> list[Turn]:
    """Everything, oldest first, or a part of it. Of other tickets those alone are named that the agent may know of."""
    said = _said(session, ticket, part)
    happened = _happened(session, ticket, agent, part)
    return sorted([*said, *happened], key=lambda turn: turn.at)


def folded(turns: Sequence[Turn], unseen: Container[int] = ()) -> range | None:
    """Which turns a long conversation folds away: all between the first and the last; nothing from what is `unseen` on."""
    if len(turns) <= LONG:
        return None
    new = (place for place, turn in enumerate(turns) if isinstance(turn, Said) and turn.message.id in unseen)
    end = min(len(turns) - LAST, next(new, len(turns)))
    return range(1, end) if end > 2 else None


def _said(session: Session, ticket: Ticket, part: Part | None) -> Sequence[Turn]:
    wanted = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    if part is not None:
        wanted = wanted.where(Message.id.in_(part.messages))
    messages = session.scalars(wanted.options(selectinload(Message.attachments))).all()
    ids = [message.id for message in messages]
    sent = session.scalars(select(Outgoing).where(Outgoing.message_id.in_(ids))) if part is None else ()
    mails = {mail.message_id: mail for mail in sent}
    contacts = [message.contact_id for message in messages if message.contact_id]
    rows = session.scalars(select(TakenContact).where(TakenContact.id.in_(contacts)).options(load_only(*ASKED_OF_CONTACTS)))
    taken = {contact.id: contact for contact in rows}
    filled = {number: (each.facts.get("form", ""), each.facts.get("fields", {})) for number, each in taken.items()}
    senders = senders_of(session, contacts)
    return [
        Said(
            each.at,
            each,
            *filled.get(each.contact_id or 0, ("", {})),
            mails.get(each.id),
            senders.get(each.contact_id or 0) if each.kind == "said" else None,
            *_why_in_touch(taken.get(each.contact_id or 0)),
        )
        for each in messages
    ]


def _why_in_touch(contact: TakenContact | None) -> tuple[str, bool]:
    """Why it came, and whether that can be said: not of a machine, nor of one turn of a chat."""
    if contact is None:
        return "", False
    return contact.reason, not contact.automatic and contact.leg_of_id is None


def _happened(session: Session, ticket: Ticket, agent: Agent, part: Part | None) -> Sequence[Happened]:
    wanted = select(Event).where(Event.ticket_id == ticket.id, Event.kind.in_((*TOLD, *HAPPENED))).order_by(Event.number)
    return told(
        session, session.scalars(wanted if part is None else wanted.where(Event.number <= part.last_event)).all(), agent
    )


def told(session: Session, events: Sequence[Event], agent: Agent) -> list[Happened]:
    """These events in words, as far as this person may know of other tickets they name."""
    known = known_of(session, agent, (event.data["to"] for event in events if names_another(event)))
    named = {agent for event in events for agent in (event.by_id, event.data.get("agent")) if agent}
    names = names_of(session, named)
    queues = {queue.id: queue_name(queue) for queue in all_queues(session)}
    return [_told(event, names, queues | {each: each for each in known}) for event in events]


def _told(event: Event, names: Mapping[int, str], queues: Mapping[str, str]) -> Happened:
    data: dict[str, Any] = event.data
    who = names.get(event.by_id or 0, _("The hub"))
    to = queues.get(data.get("to", ""), _("another ticket") if names_another(event) else data.get("to", ""))
    match event.kind:
        case between if between in HAPPENED:
            words = str(HAPPENED[between]) % {"who": who, "to": to}
        case "found_wrong":
            words = _("%(who)s found that the rule %(rule)s was wrong here", who=who, rule=data["rule"])
        case "found_right":
            words = _("%(who)s took back that the rule %(rule)s was wrong here", who=who, rule=data["rule"])
        case "heard":
            words = _("The citizen wrote")
        case "answered":
            words = _("%(who)s answered the citizen", who=who)
        case "claimed":
            words = _("%(who)s took this ticket", who=who)
        case "released":
            words = _("%(who)s gave it back to the queue", who=who)
        case "handed_over":
            words = _("%(who)s handed it over to %(queue)s", who=who, queue=to)
        case "returned":
            by_itself = _("It went back to %(queue)s", queue=to)
            words = _("%(who)s sent it back to %(queue)s", who=who, queue=to) if event.by_id else by_itself
        case "resolved":
            words = _("%(who)s resolved it: %(outcome)s", who=who, outcome=OUTCOMES.get(data.get("outcome", ""), ""))
        case "reopened":
            words = _("%(who)s reopened it", who=who) if event.by_id else _("It opened again")
        case "taken_back":
            words = _("%(who)s took an answer back before it left", who=who)
        case "marked":
            words = _("%(who)s changed: %(what)s", who=who, what=", ".join(str(MARKS[each]) for each in data["changed"]))
        case "waits":
            words = _("%(who)s waits for the citizen", who=who)
        case "put_off":
            words = _("%(who)s put it off until %(moment)s", who=who, moment=moment(datetime.fromisoformat(data["until"])))
        case "went_on":
            words = _("%(who)s went on with it", who=who)
        case "assigned":
            words = _("%(who)s gave it to %(colleague)s", who=who, colleague=names.get(data["agent"], ""))
        case "resumed":
            words = _("%(who)s took its resolution back", who=who)
        case "said_why":
            why = WHY_IN_TOUCH[data["reason"] or NEW]
            words = _("%(who)s said why they got in touch: %(reason)s", who=who, reason=why)
        case "undone":
            words = _("%(who)s undid the last step", who=who)
        case "asked":
            whom = names.get(data.get("agent", 0), "") or to
            words = _("%(who)s asked %(whom)s", who=who, whom=whom)
        case "advised":
            words = _("%(who)s answered what was asked", who=who)
        case "call_back_promised":
            words = _("%(who)s promised to call back", who=who)
        case _:
            words = _("A machine answered")
    because = " · ".join(filter(None, (reason_words(data.get("because", "")), data.get("promise", ""))))
    return Happened(event.at, event.number, str(words), because, event.kind)


def names_of(session: Session, agents: set[int]) -> dict[int, str]:
    """What these agents are called."""
    return dict(session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(agents))).all())
