"""Why a ticket is where it is: the rule of its edition and all that nearly was, with the words that made it win."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from contact_hub import recall
from contact_hub.agents import Agent
from contact_hub.contact import Contact
from contact_hub.queues import Queue
from contact_hub.reasons import OtherVersion, rules_of
from contact_hub.routing.decisions import DEFAULT, Decision, NearMiss
from contact_hub.routing.explaining import words_read
from contact_hub.routing.rules import Rule, Rulebook
from contact_hub.routing.words import Evidence
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, sight
from contact_hub.web.marking import Span
from contact_hub.web.rules.in_words import missing_in_words
from contact_hub.web.said import Said
from contact_hub.web.words import said_words


@dataclass(frozen=True)
class Why:
    """The recorded decision with the rules of its edition; there are none where the edition can't be read any more.

    `words` are those of the citizen by which the winner won, `spans` tells by field where they stand in the contact.
    """

    contact_id: int
    edition: int
    decision: Decision
    rulebook: Rulebook | None
    words: Sequence[str]
    spans: Mapping[str, Sequence[Span]]

    @property
    def by_default(self) -> bool:
        """Whether no rule took it."""
        return self.decision.rule == DEFAULT

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules, by id."""
        return {rule.id: rule for rule in self.rulebook.rules} if self.rulebook else {}

    @property
    def rule(self) -> Rule | None:
        """The rule that took it."""
        return self.rules.get(self.decision.rule)

    @property
    def near_misses(self) -> Sequence[NearMiss]:
        """The rules that failed on one condition only."""
        return self.decision.near_misses

    def lacked(self, near: NearMiss) -> str:
        """What one of these lacked, in words."""
        return missing_in_words(self.rulebook, near.missing) if self.rulebook else said_words(near.missing)

    def name_of(self, rule: str) -> str:
        """What a rule is called."""
        found = self.rules.get(rule)
        return (found.name if found else "") or rule


def why_here(session: Session, ticket: Ticket, said: Iterable[Said] = ()) -> Why | None:
    """How the ticket was routed when it came in; None where nothing recorded it. What is not `said` here is looked up."""
    stored = ticket.decision
    if stored is None:
        return None
    decision = Decision.from_record(stored.record)
    words = [each.word for each in decision.evidence]
    try:
        rulebook: Rulebook | None = rules_of(session, stored.edition_id)
    except OtherVersion:
        rulebook = None
    if rulebook:
        contact = _contact_of(session, stored.contact_id, said)
        words = words_read(rulebook, contact, decision) if contact else words
    return Why(
        contact_id=stored.contact_id,
        edition=stored.edition_id,
        decision=decision,
        rulebook=rulebook,
        words=list(dict.fromkeys(filter(None, words))),
        spans=_by_field(decision.evidence),
    )


def _contact_of(session: Session, number: int, said: Iterable[Said]) -> Contact | None:
    for each in said:
        if each.contact and each.contact.id == number:
            return recall.as_said(each.contact, each.message)
    return recall.as_decided(session, [number]).get(number)


def rule_address(ticket: Ticket) -> Callable[[str], str]:
    """Where the whole of a rule is shown for this ticket."""
    return lambda rule: url_for("why.page", reference=ticket.reference, rule=rule)


def record_for(session: Session, agent: Agent, ticket: Ticket) -> dict[str, Any]:
    """The decision as it was recorded, but for second tickets in queues of which the person sees nothing."""
    record = dict(ticket.decision.record) if ticket.decision else {}
    asked = [(each, session.get(Queue, each["queue"])) for each in record.get("also", ())]
    seen = [each for each, queue in asked if queue and sight(agent, queue, confidential=ticket.confidential) > Sight.NONE]
    return {**record, "also": seen}


def _by_field(evidence: Iterable[Evidence]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    for each in evidence:
        spans.setdefault(each.field, []).append((each.start, each.end))
    return spans
