"""The inbox: queues with what waits in them, and the tickets of one view."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import agents, arrivals, live, views
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.people import Person
from contact_hub.queues import Topic, in_language
from contact_hub.sharing_out import take_next
from contact_hub.tickets import Ticket
from contact_hub.views import SavedView
from contact_hub.visibility import Sight, tickets_in_sight
from contact_hub.web import languages, listing, search
from contact_hub.web.filters import Filter, filter_in, person_in
from contact_hub.web.navigation import Entry, navigation
from contact_hub.web.own_desk import Desk, OwnSight
from contact_hub.web.people_at_work import for_agents, is_refresh, me
from contact_hub.web.words import DOORS, PRIORITIES, queue_name

blueprint = Blueprint("desk", __name__)
menu = (Entry("desk.inbox", _l("Inbox"), position=10),)
TICKETS = 6  # that the palette offers
COUNTED = 99  # tickets of a saved list; more are shown as more
TITLES = {
    "team": _l("My queues"),
    "mine": _l("My tickets"),
    "asked": _l("Asked of me"),
    "unassigned": _l("Nobody's yet"),
    "soon": _l("Due soon"),
    "overdue": _l("Overdue"),
    "waiting": _l("Waits for the citizen"),
    "snoozed": _l("Put off till later"),
    "handed": _l("My hand-overs"),
    "open": _l("All open"),
    "resolved": _l("Resolved"),
}
SORTED = {
    "urgent": _l("most urgent first"),
    "due": _l("due first"),
    "oldest": _l("oldest first"),
    "newest": _l("newest first"),
}
SORTED_IN = {"resolved": {"urgent": SORTED["newest"], "oldest": SORTED["oldest"]}, "handed": {}}
"""The orders offered in views that do not take them all; the first is theirs."""
OWNERS = {"me": _l("me"), "nobody": _l("nobody")}
NAMES = {
    "door": _l("Door"),
    "topic": _l("Topic"),
    "priority": _l("Priority"),
    "language": _l("Language"),
    "owner": _l("Owner"),
    "tag": _l("Tag"),
    "person": _l("Person"),
    "since": _l("From"),
    "until": _l("Until"),
    "q": _l("Words"),
}


@blueprint.get("/desk")
@for_agents
def start() -> Response:
    """Where somebody begins the day: at the inbox; an administrator who works in no queue at the people they look after."""
    is_elsewhere = me().role == "administrator" and not me().queue_ids
    return redirect(url_for("administration.people" if is_elsewhere else "desk.inbox"))


@blueprint.get("/desk/inbox")
@for_agents
def inbox() -> str:
    """The list of tickets, as the address asks for it."""
    return shown(filter_in(request.args, default="team" if me().queue_ids else "open", doors=list(DOORS)))


@blueprint.get("/desk/inbox/counts")
@for_agents
def counts() -> str:
    """What stands beside the list of this address: queues and views with how much they hold."""
    with reading() as session:
        desk = Desk.of(session, me())
        wanted = filter_in(request.args, default="open", doors=list(DOORS))
        beside = _beside(session, desk, wanted, partial(listing.counts, session, desk), counts_saved=True)
        return render_template("desk/inbox_counts.html", **beside)


@blueprint.get("/desk/inbox/narrowing")
@for_agents
def narrowing() -> str:
    """The part of the inbox that says by what the list of this address can be narrowed down."""
    with reading() as session:
        wanted = filter_in(request.args, default="open", doors=list(DOORS))
        colleagues = ((f"{each.id}", each.name) for each in agents.names_at_work(session) if each.id != me().id)
        return render_template(
            "desk/narrowing.html",
            wanted=wanted,
            topics=sorted(_topics(session).items(), key=lambda each: each[1].casefold()),
            owners=[*OWNERS.items(), *colleagues],
            sorted_words=SORTED_IN.get(wanted.view, SORTED),
        )


def shown(wanted: Filter, **bar: Any) -> str:
    """The list of tickets; `bar` is what the bar of ticked tickets shows filled in, after a refusal."""
    agent = me()
    with reading() as session:
        counting = listing.counting(OwnSight.by_queues(session, agent))  # first of all: it takes as long as all the rest
        desk, chips = Desk.of(session, agent), wanted.narrowing.items()
        return render_template(
            "desk/inbox_live.html" if is_refresh() else "desk/inbox.html",
            queue=desk.queues.get(wanted.queue),
            page=listing.page(session, desk, wanted),
            is_told=listing.is_told(desk, wanted),
            chips=[(name, str(NAMES[name]), _chip(session, desk, name, value)) for name, value in chips],
            address=partial(_address, url_for("desk.inbox"), wanted),
            **_beside(session, desk, wanted, counting.result, counts_saved=is_refresh()),
            **bar,
        )


def _beside(
    session: Session, desk: Desk, wanted: Filter, counted: Callable[[], listing.Counts], *, counts_saved: bool
) -> dict[str, Any]:
    """What the queues and views beside a list are shown by; saved lists take longer to count, and a page has them asked for."""
    return {
        "desk": desk,
        "wanted": wanted,
        "titles": TITLES,
        "counted": counted,
        "limits": {"own": listing.MOST, "others": listing.MOST_OF_OTHERS, "saved": COUNTED},
        "saved": _saved(session, desk, wanted, counts_them=counts_saved),
        "is_saved_counted": counts_saved,
        "may_change": views.may_change,
        "waiting_aside": arrivals.how_many_wait(session) if desk.agent.leads else None,
    }


@blueprint.post("/desk/next")
@for_agents
def next_ticket() -> Response:
    """Takes the most urgent ticket that is free, and leads to it."""
    with live.change() as session:
        ticket = take_next(session, me())
        reference = ticket.reference if ticket else ""
    if not reference:
        flash(str(_("Nothing is free for you now.")), "next")
        return redirect(url_for("desk.inbox"), 303)
    flash(str(_("This ticket is yours.")), "next")
    return redirect(url_for("ticket.page", reference=reference), 303)


@blueprint.get("/desk/places")
@for_agents
def places() -> Response:
    """Where somebody can go by typing: `[{"words": …, "address": …}]`, pages first, then lists, then queues in sight.

    With words in `q`, the latest tickets that hold them instead.
    """
    agent = me()
    with reading() as session:
        if words := request.args.get("q", "").strip()[: search.LONGEST]:
            return jsonify([_place(ticket) for ticket in search.latest(session, agent, words, TICKETS)])
        desk = Desk.of(session, agent)
        lists = {title: url_for("desk.inbox", view=view) for view, title in TITLES.items() if view != "team" or desk.own}
        queues = {queue_name(queue): url_for("desk.inbox", queue=name, view="open") for name, queue in desk.queues.items()}
        saved = {view.name: url_for("desk.inbox", **view.address) for view in views.views_of(session, agent)}
    pages = {entry.title: url_for(entry.endpoint) for entry in navigation(agent)}
    pages |= {_("Log a visit"): url_for("phone.blank", channel="counter")}
    return jsonify([{"words": str(words), "address": address} for words, address in (pages | lists | saved | queues).items()])


def _place(ticket: Ticket) -> dict[str, str]:
    """A ticket as a place to go to: its reference, whose it is, and its subject."""
    whose = ticket.person.name if ticket.person else ""
    words = " · ".join(part for part in (ticket.reference, whose, ticket.subject) if part)
    return {"words": words, "address": url_for("ticket.page", reference=ticket.reference)}


def _saved(session: Session, desk: Desk, shown: Filter, *, counts_them: bool) -> list[tuple[SavedView, Filter, int | None]]:
    """The saved lists, each as its filter, and how much it holds for this person; counted up to COUNTED, if at all.

    Of words each would have to be looked for on every page: a list with some is counted where it is open.
    """
    saved = views.views_of(session, desk.agent)
    lists = [filter_in(view.address, default="open", doors=list(DOORS)) for view in saved]
    if not counts_them:
        return [(view, each, None) for view, each in zip(saved, lists, strict=True)]
    numbers = listing.how_many_each(session, desk, lists, COUNTED + 1) if lists else []
    if any(number is None and each.address == shown.address for each, number in zip(lists, numbers, strict=True)):
        opened = listing.how_many(session, desk, shown, COUNTED + 1)
        numbers = [opened if each.address == shown.address else number for each, number in zip(lists, numbers, strict=True)]
    return list(zip(saved, lists, numbers, strict=True))


def _topics(session: Session) -> dict[str, str]:
    """All topics by their ids, as they are called in the language of the page."""
    here = languages.language()
    return {id: in_language(names, here) for id, names in session.execute(select(Topic.id, Topic.names))}


def _chip(session: Session, desk: Desk, name: str, value: str) -> str:
    """What a filter is set to. A person's name is told to those who see a ticket of theirs, and to nobody else."""
    if name == "owner":
        return _owner(session, value)
    if name == "topic":
        return _topics(session).get(value, value)
    if name != "person" or person_in(value) is None:
        return _in_words(name, value)
    seen = tickets_in_sight(desk.agent, desk.queues.values(), Sight.FULL)
    named = select(Person.name).join(Ticket, Ticket.person_id == Person.id).where(Person.id == int(value), seen)
    return session.scalar(named.limit(1)) or value


def _owner(session: Session, value: str) -> str:
    if value in OWNERS:
        return str(OWNERS[value])
    owner = session.get(Agent, int(value))
    return owner.name if owner else value


def _in_words(name: str, value: str) -> str:
    """What a filter is set to, as people call it."""
    match name:
        case "door":
            return str(DOORS[value])
        case "priority":
            return str(PRIORITIES[value])
        case "language":
            return languages.NAMES.get(value, value)
        case "since" | "until":
            return str(format_date(date.fromisoformat(value), "d MMM y"))
    return value


def _address(inbox: str, wanted: Filter, **changed: str) -> str:
    """The inbox with other filters; the first page of them unless told otherwise."""
    return f"{inbox}?{urlencode({name: value for name, value in (wanted.address | changed).items() if value})}"
