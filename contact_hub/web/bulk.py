"""Doing something with several tickets of a list, seeing how far it is, and taking it back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import agents, bulk, live, tickets
from contact_hub.bulk import Bulk, BulkItem
from contact_hub.database import reading
from contact_hub.queues import queues_in_use
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import listing
from contact_hub.web.addresses import id_in
from contact_hub.web.desk import shown
from contact_hub.web.filters import filter_in
from contact_hub.web.own_desk import Desk
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence
from contact_hub.web.verbs import passed_on
from contact_hub.web.words import DOORS

blueprint = Blueprint("bulk", __name__)
SHOWN = 200  # tickets listed on the page of one
WHAT = {
    "assign": _l("Given to a colleague"),
    "hand-over": _l("Handed over"),
    "tag": _l("Tags changed"),
    "resolve": _l("Resolved"),
}
FIELDS = {
    "colleague_missing": "agent",
    "queue_missing": "to",
    "reason_missing": "reason",
    "promise_missing": "promise",
    "bulk_no_tags": "add",
    "unknown_outcome": "outcome",
}
"""The field that each refusal is about."""


@blueprint.post("/desk/bulk")
@for_agents
def begin() -> Response | tuple[str, int]:
    """Does it at once for a few tickets; with more, a worker does and a page shows how far it is.

    Refused, the list says why beside the field, with the ticks and what was typed.
    """
    back = _list_in(request.form)
    try:
        with live.change() as session:
            chosen = _chosen(session)
            begun = bulk.begin(session, request.form.get("do", ""), _asked(request.form), chosen, by=me())
            number, is_small = begun.id, len(chosen) <= bulk.AT_ONCE
    except Refused as refused:
        if refused.code in FIELDS:
            return _list_again(refused), 409
        flash(sentence(refused), "refused")
        return redirect(back, 303)
    if is_small:
        bulk.proceed(number)
    return redirect(url_for("bulk.page", number=number, back=back), 303)


@blueprint.get("/desk/bulk/choices")
@for_agents
def choices() -> str:
    """The part of the inbox that says what can be done with several tickets."""
    with reading() as session:
        return render_template("desk/bulk_choices.html", **_offered(session))


@blueprint.get("/desk/bulk/<int:number>")
@for_agents
def page(number: int) -> str:
    """How far it is, and what could not be done; with a way back."""
    with reading() as session:
        found = own(session, number)
        counted = bulk.tally(session, found)
        known = {"left": left_of(session, found), "done": _done(session, found) if found.ended_at else []}
    back = _back(request.args.get("back", ""))
    return render_template("desk/bulk.html", bulk=found, counted=counted, what=WHAT[found.verb], back=back, **known)


@blueprint.post("/desk/bulk/<int:number>/undo")
@for_agents
def undo(number: int) -> Response:
    """Takes back what nobody went on with."""
    try:
        with live.change() as session:
            found = own(session, number)
            bulk.undo(session, found)
            is_small = sum(bulk.tally(session, found).values()) <= bulk.AT_ONCE
    except Refused as refused:
        flash(sentence(refused), "refused")
    else:
        if is_small:
            bulk.proceed(number)
    return redirect(url_for("bulk.page", number=number, back=_back(request.form.get("back", ""))), 303)


def _list_again(refused: Refused) -> str:
    """The list somebody ticked in, at the same place of it."""
    wanted = replace(filter_in(request.form, default="open", doors=list(DOORS)), after=request.form.get("here", ""))
    with reading() as session:
        offered = _offered(session)
    wrong = {FIELDS[refused.code]: sentence(refused)}
    return shown(wanted, ticked=request.form.getlist("ticket"), typed=request.form, wrong=wrong, **offered)


def _offered(session: Session) -> dict[str, Any]:
    return {"people": agents.names_at_work(session), "queues": queues_in_use(session), "most": bulk.MOST}


def _chosen(session: Session) -> list[int]:
    """The ticked tickets; or all of the list, as far as it can be done at once."""
    if request.form.get("all"):
        desk = Desk.of(session, me())
        wanted = filter_in(request.form, default="open", doors=list(DOORS))
        return listing.all_of(session, desk, wanted, bulk.MOST + 1)
    return whole_among(session, request.form.getlist("ticket"))


def whole_among(session: Session, references: Iterable[str]) -> list[int]:
    """The ids of these tickets, as far as whoever asks sees them whole."""
    found = (tickets.find(session, reference) for reference in dict.fromkeys(references))
    return [ticket.id for ticket in found if ticket and sight_of(me(), ticket) == Sight.FULL]


def left_of(session: Session, found: Bulk) -> list[tuple[Ticket, str]]:
    """With which tickets it could not be done, or not be undone, and why; of those that whoever asks sees whole."""
    items = select(BulkItem, Ticket).join(Ticket, Ticket.id == BulkItem.ticket_id)
    odd = items.where(BulkItem.bulk_id == found.id, BulkItem.state.in_(("refused", "kept"))).limit(SHOWN)
    left = [(ticket, sentence(Refused(item.why, **item.facts))) for item, ticket in session.execute(odd.order_by(Ticket.id))]
    desk = Desk.of(session, me())
    return [(ticket, why) for ticket, why in left if desk.reads(ticket)]


def _done(session: Session, found: Bulk) -> list[Ticket]:
    """With which it was done, and perhaps undone again; of those that whoever asks sees whole."""
    items = select(Ticket).join(BulkItem, Ticket.id == BulkItem.ticket_id).order_by(Ticket.id).limit(SHOWN)
    done = session.scalars(items.where(BulkItem.bulk_id == found.id, BulkItem.state.in_(("done", "undone"))))
    desk = Desk.of(session, me())
    return [ticket for ticket in done if desk.reads(ticket)]


def _asked(form: Mapping[str, str]) -> dict[str, Any]:
    return {
        "agent": id_in(form.get("agent", "")),
        "queue": form.get("to", ""),
        "reason": form.get("reason", "").strip(),
        "promise": form.get("promise", "").strip(),
        "add": _tags(form.get("add", "")),
        "remove": _tags(form.get("remove", "")),
        "outcome": form.get("outcome", ""),
        "note": passed_on(form.get("outcome", ""), form.get("elsewhere", "")),
    }


def _tags(written: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, written.split(",")))))


def _list_in(form: Mapping[str, str]) -> str:
    address: dict[str, Any] = filter_in(form, default="open", doors=list(DOORS)).address
    return url_for("desk.inbox", **address)


def _back(address: str) -> str:
    """The list somebody came from; no other page."""
    inbox = url_for("desk.inbox")
    return address if address == inbox or address.startswith(f"{inbox}?") else inbox


def own(session: Session, number: int) -> Bulk:
    """What whoever asks began; answers 404 otherwise."""
    found = session.get(Bulk, number)
    if found is None or found.by_id != me().id:
        abort(404)
    return found
