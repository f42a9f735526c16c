"""The search: tickets by their words, newest first, each with the passage that was found; only what somebody sees whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from contact_hub import search, tickets
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.messages import Message, StoredAttachment
from contact_hub.search import Term
from contact_hub.search.operators import Asked, Known, taken_apart
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, queues_in_sight, sight_of, tickets_asked_about, tickets_read
from contact_hub.web import orders
from contact_hub.web.asked import OPERATORS, completions, in_words, known_to
from contact_hub.web.marking import marked
from contact_hub.web.navigation import Entry
from contact_hub.web.orders import ORDERS
from contact_hub.web.people_at_work import for_agents, me

blueprint = Blueprint("search", __name__)
menu = (Entry("search.page", _l("Search"), position=15),)
PAGE = 20  # tickets
LONGEST = 200  # characters of what is asked
LOOKED_AT = 20_000  # characters of a message in which a passage is looked for
MOST_MESSAGES = 400  # of one page's tickets
NEWEST = ORDERS["came in"]
WITH = (joinedload(Ticket.person), joinedload(Ticket.queue))
AROUND = 90  # characters before and after what was found


@dataclass(frozen=True)
class Found:
    """A ticket, its subject with what was found in it, and a passage of what was said."""

    ticket: Ticket
    subject: Markup
    passage: Markup


@blueprint.get("/desk/search")
@for_agents
def page() -> str | Response:
    """What was found; a reference leads straight to its ticket."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    with reading() as session:
        ticket = tickets.find(session, typed)
        if ticket and sight_of(me(), ticket):
            return redirect(url_for("ticket.page", reference=ticket.reference))
        known = known_to(session, me(), queues_in_sight(session, me(), Sight.FULL))
        asked = taken_apart(typed, known)
        found = found_by(session, known, asked, request.args.get("after", "")[: orders.LONGEST]) if typed else []
    return render_template(
        "desk/search.html",
        typed=typed,
        mistakes=in_words(asked.mistakes),
        found=found[:PAGE],
        next=NEWEST.sealed(found[PAGE - 1].ticket) if len(found) > PAGE else "",
        after=request.args.get("after", ""),
        operators=OPERATORS,
    )


@blueprint.get("/desk/search/values")
@for_agents
def values() -> Response:
    """What the search is narrowed down by, and what each of that can be answered with: for its field, to complete."""
    with reading() as session:
        known = known_to(session, me(), queues_in_sight(session, me(), Sight.FULL))
        return jsonify(operators={name: str(words) for name, words in OPERATORS.items()}, values=completions(known))


def found_by(session: Session, known: Known, asked: Asked, after: str) -> list[Found]:
    """One page, and one ticket more where there is one."""
    shown = _first(session, known, asked, after, PAGE + 1)
    terms = search.terms_in(asked.words)
    passages = _passages(session, shown, terms) if terms else {}
    return [
        Found(ticket, marked(ticket.subject, search.places(ticket.subject, terms)), passages.get(ticket.id, Markup()))
        for ticket in shown
    ]


def latest(session: Session, agent: Agent, typed: str, limit: int) -> Sequence[Ticket]:
    """The latest tickets that fit what was typed, of those the agent may find."""
    known = known_to(session, agent, queues_in_sight(session, agent, Sight.FULL))
    return _first(session, known, taken_apart(typed, known), "", limit)


def _first(session: Session, known: Known, asked: Asked, after: str, limit: int) -> Sequence[Ticket]:
    read = tickets_read(known.agent, known.queues.values(), tickets_asked_about(session, known.agent))
    among = NEWEST.behind(select(Ticket).where(read, *asked.conditions), after)
    ids = search.first(session, among, asked.words, by=NEWEST.by, backwards=NEWEST.newest_first, limit=limit)
    found = select(Ticket).where(Ticket.id.in_(ids)).options(*WITH)
    return list(session.scalars(found.order_by(*NEWEST.directed)))


def _passages(session: Session, shown: Sequence[Ticket], terms: Sequence[Term]) -> dict[int, Markup]:
    """Of each ticket the first passage that holds what is looked for: of what was said, else the name of a file."""
    ids = [ticket.id for ticket in shown]
    said = select(Message.ticket_id, func.substr(Message.text, 1, LOOKED_AT)).order_by(Message.id).limit(MOST_MESSAGES)
    of_files = select(Message.ticket_id, StoredAttachment.name).join(Message, Message.id == StoredAttachment.message_id)
    found: dict[int, Markup] = {}
    texts = said.where(Message.ticket_id.in_(ids), Message.kind.not_in(("receipt", "notice")))
    names = of_files.where(Message.ticket_id.in_(ids)).limit(MOST_MESSAGES)
    for rows in (texts, names):
        for ticket_id, text in session.execute(rows):
            places = () if ticket_id in found else search.places(text, terms)
            if places:
                found[ticket_id] = _passage(text, places)
    return found


def _passage(text: str, places: Sequence[search.Span]) -> Markup:
    begin = max(0, places[0][0] - AROUND)
    end = min(len(text), places[0][1] + AROUND)
    within = [(start - begin, stop - begin) for start, stop in places if start >= begin and stop <= end]
    return Markup("{}{}{}").format("…" if begin else "", marked(text[begin:end], within), "…" if end < len(text) else "")
