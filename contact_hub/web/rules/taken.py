"""What a rule did lately: the tickets it routed, those it labelled, or those it would have taken while it is on trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from contact_hub import wrong_decisions
from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.history import StoredDecision
from contact_hub.routing.rules import Rule
from contact_hub.tickets import Ticket
from contact_hub.visibility import readable

DAYS = 30
PAGE = 10  # tickets
MOST_READ = 2_000  # decisions, where their records must be read to know


@dataclass(frozen=True)
class Taken:
    """The newest of `count` tickets that the person may read; `next` is where the list goes on."""

    tickets: Sequence[Ticket]
    count: int
    next: int | None


def taken(session: Session, agent: Agent, rule: Rule, before: int | None) -> Taken:
    """The tickets of the last DAYS days by this rule, below the id `before`.

    Only what routes is found at once; of labels and of rules on trial the records of the newest decisions are read.
    """
    since = now() - timedelta(days=DAYS)
    is_by = _noted(session, rule, since) if rule.section == "label" or rule.status == "shadow" else _routed(rule)
    by_rule = (is_by, Ticket.opened_at >= since, Ticket.linked_to_id.is_(None), readable(session, agent))
    wanted = select(Ticket).options(joinedload(Ticket.queue)).where(*by_rule).order_by(Ticket.id.desc())
    found = list(session.scalars((wanted.where(Ticket.id < before) if before else wanted).limit(PAGE + 1)))
    return Taken(
        tickets=found[:PAGE],
        count=_how_many(session, *by_rule),
        next=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@dataclass(frozen=True)
class FoundWrong:
    """How often people found a rule wrong, by edition, and the newest of those tickets that the person reads."""

    by_edition: Mapping[int, int]
    tickets: Sequence[Ticket]


def found_wrong(session: Session, agent: Agent, rule: str) -> FoundWrong:
    """Of the tickets the person may read."""
    theirs = readable(session, agent)
    counts = wrong_decisions.counted(session, theirs, rule=rule)
    tickets = wrong_decisions.tickets_of(session, theirs, rule, PAGE)
    return FoundWrong({edition: count for (_rule, edition), count in counts.items()}, tickets)


def _routed(rule: Rule) -> ColumnElement[bool]:
    return Ticket.id.in_(select(StoredDecision.ticket_id).where(StoredDecision.rule == rule.id))


def _noted(session: Session, rule: Rule, since: datetime) -> ColumnElement[bool]:
    """The tickets in whose decision the rule is noted beside the one that took them."""
    decided = select(StoredDecision.ticket_id, StoredDecision.record).join(Ticket, Ticket.id == StoredDecision.ticket_id)
    newest = decided.where(Ticket.opened_at >= since).order_by(Ticket.id.desc()).limit(MOST_READ)
    name = "shadows" if rule.status == "shadow" else "labels"
    return Ticket.id.in_([row.ticket_id for row in session.execute(newest) if rule.id in row.record.get(name, ())])


def _how_many(session: Session, *these: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Ticket).where(*these)) or 0
