"""What somebody does about messages in the wrong ticket, and about tickets that belong together."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from contact_hub import avoidable, links, regrouping, tickets
from contact_hub.agents import Agent
from contact_hub.meanwhile import MOVED
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import verb_schemas as schemas
from contact_hub.web.addresses import id_in
from contact_hub.web.verb import Form, Verb

TICKED = "message-"  # and the number of a message, in the name of its box


def join(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Yes, it belongs to that one."""
    if ticket.perhaps and sight_of(by, ticket.perhaps) != Sight.FULL:
        raise Refused("nothing_to_join")
    if form.get("reason"):
        avoidable.say_why(session, ticket, avoidable.first_of(session, ticket), form["reason"], by=by)
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
    other = home_in(session, by, form)
    if other is None:
        raise Refused("other_missing")
    if other.person_id != ticket.person_id and not form.get("sure"):
        raise Refused("persons_differ")
    return _in_sight(regrouping.join(session, ticket, by=by, into=other), by)


def part(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes back what was joined to another ticket."""
    home = ticket.joined
    while home:
        if sight_of(by, home) != Sight.FULL:
            raise Refused("not_joined")
        home = home.joined
    return regrouping.part(session, ticket, by=by)


def say_why(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Says why the citizen got in touch, for the figures."""
    avoidable.say_why(session, ticket, id_in(form.get("message", "")) or 0, form.get("reason", ""), by=by)
    return ticket


def link(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Links it with another ticket."""
    links.link(session, ticket, _other(session, by, form), by=by)
    return ticket


def unlink(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Takes a link away."""
    links.unlink(session, ticket, _other(session, by, form), by=by)
    return ticket


def home_in(session: Session, by: Agent, form: Form) -> Ticket | None:
    """The ticket in which what is merged would go on: the other one, or where that one went itself; None out of sight."""
    home = _other(session, by, form)
    while home and home.joined:
        home = home.joined if sight_of(by, home.joined) == Sight.FULL else None
    return home


def _in_sight(home: Ticket, by: Agent) -> Ticket:
    """Where it went in the end; a ticket out of sight takes nothing in unseen. Raises Refused."""
    if sight_of(by, home) != Sight.FULL:
        raise Refused("other_missing")
    return home


def _other(session: Session, by: Agent, form: Form) -> Ticket | None:
    """The other ticket, of those that this person sees whole."""
    other = tickets.find(session, form.get("other", "").strip())
    return other if other and sight_of(by, other) == Sight.FULL else None


VERBS: Mapping[str, Verb] = {
    "joining": Verb(join, schemas.JoiningSchema, _l("Its messages stand in this ticket now."), held_by=MOVED),
    "keeping-apart": Verb(keep_apart, schemas.NothingSchema, _l("It stays a ticket of its own."), held_by=MOVED),
    "splits": Verb(split, schemas.SplitSchema, _l("Taken out. The new ticket stands under Related tickets."), held_by=MOVED),
    "merging": Verb(merge, schemas.MergingSchema, _l("Its messages stand in this ticket now."), held_by=MOVED),
    "parting": Verb(part, schemas.NothingSchema, _l("A ticket of its own again."), held_by=MOVED),
    "links": Verb(link, schemas.OtherSchema, _l("Linked."), held_by=frozenset()),
    "contact-reasons": Verb(say_why, schemas.ContactReasonSchema, _l("Kept for the figures."), held_by=frozenset()),
    "unlinking": Verb(unlink, schemas.OtherSchema, _l("Linked no more."), held_by=frozenset()),
}
