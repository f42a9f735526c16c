"""What happened to a ticket, in words: one line for each kind of event."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.avoidable import NEW
from contact_hub.history import Event
from contact_hub.queues import all_queues
from contact_hub.reasons import OtherVersion, rules_of
from contact_hub.visibility import known_of
from contact_hub.web.kin import HAPPENED, names_another
from contact_hub.web.words import OUTCOMES, WHY_IN_TOUCH, moment, queue_name, reason_words

MARKS = {"topic": _l("topic"), "priority": _l("priority"), "tags": _l("tags"), "due": _l("due date")}
SHOWN_AS_SAID = ("heard", "answered")  # a conversation has the message itself
WORDS: Mapping[str, object] = {
    **HAPPENED,
    "heard": _l("The citizen wrote"),
    "answered": _l("%(who)s answered the citizen"),
    "heard_machine": _l("A machine answered"),
    "claimed": _l("%(who)s took this ticket"),
    "released": _l("%(who)s gave it back to the queue"),
    "assigned": _l("%(who)s gave it to %(colleague)s"),
    "handed_over": _l("%(who)s handed it over to %(queue)s"),
    "returned": _l("%(who)s sent it back to %(queue)s"),
    "resolved": _l("%(who)s resolved it: %(outcome)s"),
    "resumed": _l("%(who)s took its resolution back"),
    "reopened": _l("%(who)s reopened it"),
    "undone": _l("%(who)s undid the last step"),
    "taken_back": _l("%(who)s took an answer back before it left"),
    "marked": _l("%(who)s changed: %(what)s"),
    "waits": _l("%(who)s waits for the citizen"),
    "put_off": _l("%(who)s put it off until %(moment)s"),
    "went_on": _l("%(who)s went on with it"),
    "asked": _l("%(who)s asked %(whom)s"),
    "advised": _l("%(who)s answered what was asked"),
    "call_back_promised": _l("%(who)s promised to call back"),
    "said_why": _l("%(who)s said why they got in touch: %(reason)s"),
    "found_wrong": _l("%(who)s found that the rule %(rule)s was wrong here"),
    "found_right": _l("%(who)s took back that the rule %(rule)s was wrong here"),
}
BY_ITSELF: Mapping[str, object] = {"returned": _l("It went back to %(queue)s"), "reopened": _l("It opened again")}
LINES = tuple(kind for kind in WORDS if kind not in SHOWN_AS_SAID)
"""The kinds of events with a line of their own in a conversation."""


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


def told(session: Session, events: Sequence[Event], agent: Agent) -> list[Happened]:
    """These events in words, as far as this person may know of other tickets they name."""
    known = known_of(session, agent, (event.data["to"] for event in events if names_another(event)))
    named = {agent for event in events for agent in (event.by_id, event.data.get("agent")) if agent}
    names = names_of(session, named)
    queues = {queue.id: queue_name(queue) for queue in all_queues(session)}
    rules = _rules_named(session, events)
    return [_told(event, names, queues | {each: each for each in known}, rules) for event in events]


def _rules_named(session: Session, events: Sequence[Event]) -> dict[str, str]:
    """What the rules are called that these events name, by their ids; nothing of editions of another version of the hub."""
    named: dict[str, str] = {}
    for edition in {event.data["edition"] for event in events if "rule" in event.data}:
        with suppress(OtherVersion):
            named |= {rule.id: rule.name for rule in rules_of(session, edition).rules if rule.name}
    return named


def _told(event: Event, names: Mapping[int, str], queues: Mapping[str, str], rules: Mapping[str, str]) -> Happened:
    data: dict[str, Any] = event.data
    words = WORDS[event.kind] if event.by_id else BY_ITSELF.get(event.kind, WORDS[event.kind])
    because = " · ".join(filter(None, (reason_words(data.get("because", "")), data.get("promise", ""))))
    return Happened(event.at, event.number, str(words) % _places(event, names, queues, rules), because, event.kind)


def _places(event: Event, names: Mapping[int, str], queues: Mapping[str, str], rules: Mapping[str, str]) -> dict[str, str]:
    """What may stand in the words for an event, each empty where it says nothing of it."""
    data: dict[str, Any] = event.data
    to = queues.get(data.get("to", ""), _("another ticket") if names_another(event) else data.get("to", ""))
    colleague = names.get(data.get("agent", 0), "")
    return {
        "who": names.get(event.by_id or 0, _("The hub")),
        "to": to,
        "queue": to,
        "colleague": colleague,
        "whom": colleague or to,
        "outcome": str(OUTCOMES.get(data.get("outcome", ""), "")),
        "what": ", ".join(str(MARKS[each]) for each in data.get("changed", ())),
        "moment": moment(datetime.fromisoformat(data["until"])) if event.kind == "put_off" else "",
        "reason": str(WHY_IN_TOUCH[data.get("reason") or NEW]) if event.kind == "said_why" else "",
        "rule": rules.get(data.get("rule", ""), data.get("rule", "")),
    }


def names_of(session: Session, agents: set[int]) -> dict[int, str]:
    """What these agents are called."""
    return dict(session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(agents))).all()) if agents else {}
