"""What somebody does about messages that came to the wrong ticket, or from the wrong person."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import live, regrouping
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import in_sight
from contact_hub.web import ticket as ticket_page
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence

blueprint = Blueprint("regrouping", __name__)

Form = Mapping[str, str]
TICKED = "message-"  # and the number of a message, in the name of its box

DONE = {
    "joining": _l("Its messages stand in this ticket now."),
    "keeping-apart": _l("It stays a ticket of its own."),
    "splits": _l("Taken out. The new ticket stands under Related tickets."),
    "citizen": _l("Answers go to this citizen now."),
}


def join(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Yes, it belongs to that one."""
    if ticket.perhaps and sight_of(by, ticket.perhaps) != Sight.FULL:
        raise Refused("nothing_to_join")
    return regrouping.join(session, ticket, by=by)


def keep_apart(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """No, it does not."""
    regrouping.keep_apart(ticket, by=by)
    return ticket


def split(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes the ticked messages out."""
    ticked = {int(name[len(TICKED) :]) for name in form if name.startswith(TICKED) and name[len(TICKED) :].isdecimal()}
    regrouping.split(session, ticket, ticked, by=by, stay=form.get("where") == "stay")
    return ticket


def name_citizen(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Says whose question it is."""
    regrouping.citizen_is(session, ticket, form.get("address", ""), by=by, name=form.get("name", ""))
    return ticket


VERBS: Mapping[str, Callable[[Session, Ticket, Agent, Form], Ticket]] = {
    "joining": join,
    "keeping-apart": keep_apart,
    "splits": split,
    "citizen": name_citizen,
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
