"""What called somebody in: notes that name them or their team, and questions, each with who wrote it and what."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from contact_hub import mentions
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.mentions import Mention
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket
from contact_hub.web.addresses import id_in
from contact_hub.web.own_desk import Desk
from contact_hub.web.people_at_work import for_agents, me

blueprint = Blueprint("called_in", __name__)
PAGE = 30


@dataclass(frozen=True)
class CalledIn:
    """One mention; `team` is the one that was named, where it was no person; `waits` says that it is still to be seen."""

    mention: Mention
    ticket: Ticket
    note: Message
    team: Queue | None
    waits: bool


@blueprint.get("/desk/mentions")
@for_agents
def page() -> str:
    """The newest first; with `all` also what is done."""
    still = not request.args.get("all")
    with reading() as session:
        found = called_in(session, me(), still=still, before=id_in(request.args.get("before", "")) or 0)
        more = found[PAGE - 1].mention.id if len(found) > PAGE else 0
        return render_template("desk/mentions.html", found=found[:PAGE], more=more, still=still)


def called_in(session: Session, agent: Agent, *, still: bool, before: int) -> list[CalledIn]:
    """One page and one more, of the tickets that this person sees whole now: who lost sight of one is not called in there."""
    rows = mentions.of_agent(session, agent, Desk.of(session, agent).read, still=still, before=before, most=PAGE + 1)
    return [
        CalledIn(mention, ticket, note, session.get(Queue, mention.queue_id) if mention.queue_id else None, waits)
        for mention, ticket, note, waits in rows
    ]
