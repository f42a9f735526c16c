"""What somebody does about messages in the wrong ticket or from the wrong person, and tickets that belong together."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import links, live, regrouping, tickets
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import in_sight, whose
from contact_hub.web import ticket as ticket_page
from contact_hub.web.addresses import id_in
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence

blueprint = Blueprint("regrouping", __name__)

Form = Mapping[str, str]
TICKED = "message-"  # and the number of a message, in the name of its box

DONE = {
    "joining": _l("Its messages stand in this ticket now."),
    "keeping-apart": _l("It stays a ticket of its own."),
    "splits": _l("Taken out. The new ticket stands under Related tickets."),
    "merging": _l("Its messages stand in this ticket now."),
    "parting": _l("A ticket of its own again."),
    "links": _l("Linked."),
    "unlinking": _l("Linked no more."),
    **whose.DONE,
}


def join(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Yes, it belongs to that one."""
    if ticket.perhaps and sight_of(by, ticket.perhaps) != Sight.FULL:
        raise Refused("nothing_to_join")
    return _in_sight(regrouping.join(session, ticket, by=by), by)


def keep_apart(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """No, it does not."""
    if ticket.perhaps and sight_of(by, ticket.perhaps) != Sight.FULL:
        raise Refused("nothing_to_join")
    regrouping.keep_apart(ticket, by=by)
    return ticket


def split(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes the ticked messages out."""
    ticked = {number for name in form if name.startswith(TICKED) and (number := id_in(name.removeprefix(TICKED))) is not None}
    regrouping.split(session, ticket, ticked, by=by, stay=form.get("where") == "stay")
    return ticket


def merge(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes all that was said to another ticket."""
    other = _other(session, by, form)
    if other is None:
        raise Refused("other_missing")
    return _in_sight(regrouping.join(session, ticket, by=by, into=other), by)


def part(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes back what was joined to another ticket."""
    if ticket.joined and sight_of(by, ticket.joined) != Sight.FULL:
        raise Refused("not_joined")
    return regrouping.part(session, ticket, by=by)


def link(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Links it with another ticket."""
    links.link(session, ticket, _other(session, by, form), by=by)
    return ticket


def unlink(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes a link away."""
    links.unlink(session, ticket, _other(session, by, form), by=by)
    return ticket


def _in_sight(home: Ticket, by: Agent) -> Ticket:
    """Where it went in the end; a ticket out of sight takes nothing in unseen. Raises Refused."""
    if sight_of(by, home) != Sight.FULL:
        raise Refused("other_missing")
    return home


def _other(session: Session, by: Agent, form: Form) -> Ticket | None:
    """The other ticket, of those that this person sees whole."""
    other = tickets.find(session, form.get("other", "").strip())
    return other if other and sight_of(by, other) == Sight.FULL else None


VERBS: Mapping[str, whose.Verb] = {
    "joining": join,
    "keeping-apart": keep_apart,
    "splits": split,
    "merging": merge,
    "parting": part,
    "links": link,
    "unlinking": unlink,
    **whose.VERBS,
}


@blueprint.post(f"/tickets/<reference>/<any({', '.join(map(repr, VERBS))}):verb>")
@for_agents
def do(reference: str, verb: str) -> Response | tuple[str, int]:
    """Does it, and goes to where the messages are now; refused, the ticket's page says why."""
    try:
        with live.change() as session:
            ticket = in_sight.find_whole(session, reference, me(), to_change=True)
            goes_on_in = VERBS[verb](session, ticket, me(), request.form).reference
    except Refused as refused:
        with reading() as session:
            ticket = in_sight.find_whole(session, reference, me())
            return ticket_page.shown(session, ticket, typed=request.form, verb=verb, refusal=sentence(refused)), 409
    flash(str(DONE[verb]), verb)
    return redirect(url_for("ticket.page", reference=goes_on_in), 303)
