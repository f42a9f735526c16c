"""The page of a person: who it is and all they asked, on every door, open tickets first, each with its contacts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from contact_hub.arrivals import TakenContact
from contact_hub.database import reading
from contact_hub.messages import Message
from contact_hub.people import Person
from contact_hub.tickets import Ticket
from contact_hub.web.addresses import id_in
from contact_hub.web.own_desk import OwnSight
from contact_hub.web.people_at_work import for_agents, me

blueprint = Blueprint("persons", __name__)
PAGE = 20  # tickets
CONTACTS = 6  # of one ticket, the latest; the others are counted
RESOLVED = "r"  # before the place where a page begins among the resolved ones


@dataclass(frozen=True)
class TicketOfPerson:
    """A ticket of theirs; with its latest contacts and how many there are, where it is seen whole."""

    ticket: Ticket
    whole: bool
    contacts: Sequence[TakenContact] = ()
    count: int = 0


@blueprint.get("/persons/<int:number>")
@for_agents
def page(number: int) -> str:
    """Somebody of whom the agent sees a ticket whole; of others nobody learns whether there are any."""
    with reading() as session:
        sight = OwnSight.by_queues(session, me())
        theirs = select(Ticket.id).where(Ticket.person_id == number, sight.of_few).limit(1)
        person = session.get(Person, number) if session.scalar(theirs) is not None else None
        if person is None:
            abort(404)
        found = tickets_of(session, sight, number, after=request.args.get("after", ""))
        last = found[PAGE - 1].ticket if len(found) > PAGE else None
        return render_template("desk/person.html", person=person, found=found[:PAGE], next=_place(last) if last else "")


def tickets_of(session: Session, sight: OwnSight, number: int, *, after: str = "") -> list[TicketOfPerson]:
    """The person's tickets that one may know of, open ones first, each the latest first, from behind a place on.

    One more than stand on a page, where there are more.
    """
    tickets = select(Ticket, sight.of_few).where(Ticket.person_id == number, sight.of_persons, *_behind(after))
    in_order = tickets.order_by(Ticket.status == "resolved", Ticket.id.desc()).limit(PAGE + 1)
    found = session.execute(in_order.options(joinedload(Ticket.queue))).all()
    contacts, counts = _contacts(session, [each.id for each, whole in found if whole])
    return [TicketOfPerson(each, bool(whole), contacts.get(each.id, ()), counts.get(each.id, 0)) for each, whole in found]


def _contacts(session: Session, tickets: Sequence[int]) -> tuple[Mapping[int, Sequence[TakenContact]], Mapping[int, int]]:
    """The latest contacts of each of these tickets, and how many it has."""
    if not tickets:
        return {}, {}
    place = func.row_number().over(partition_by=Message.ticket_id, order_by=Message.id.desc()).label("place")
    count = func.count().over(partition_by=Message.ticket_id).label("count")
    said = select(Message.ticket_id, Message.contact_id, place, count)
    latest = said.where(Message.ticket_id.in_(tickets), Message.contact_id.is_not(None), Message.kind == "said").subquery()
    rows = session.execute(
        select(latest.c.ticket_id, latest.c.count, TakenContact)
        .join(TakenContact, TakenContact.id == latest.c.contact_id)
        .where(latest.c.place <= CONTACTS)
        .order_by(latest.c.ticket_id, latest.c.place)
    )
    found, counts = defaultdict(list), {}
    for ticket, number, contact in rows:
        found[ticket].append(contact)
        counts[ticket] = number
    return found, counts


def _behind(after: str) -> list[ColumnElement[bool]]:
    """What comes behind the place where a page ended."""
    number, resolved = id_in(after.removeprefix(RESOLVED)), Ticket.status == "resolved"
    if not number:
        return []
    if after.startswith(RESOLVED):
        return [and_(resolved, Ticket.id < number)]
    return [or_(resolved, Ticket.id < number)]


def _place(ticket: Ticket) -> str:
    return f"{RESOLVED if ticket.status == 'resolved' else ''}{ticket.id}"
