"""Tickets for systems and scripts: lists, whole tickets, conversations, and the verbs that the pages have."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, url_for
from flask_smorest import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from contact_hub import answers, live, outcomes
from contact_hub.api import ticket_schemas as schemas
from contact_hub.api.examples import EXAMPLES
from contact_hub.api.signed_in import agents_only
from contact_hub.database import reading
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.sharing_out import take_next
from contact_hub.tickets import OPEN, Ticket
from contact_hub.visibility import Sight, known_of, knows_queue
from contact_hub.web import answer_box, in_sight, listing, verb_schemas
from contact_hub.web.doing import VERBS, do
from contact_hub.web.filters import filter_in
from contact_hub.web.kin import names_another
from contact_hub.web.own_desk import Desk
from contact_hub.web.people_at_work import me
from contact_hub.web.verb import Verb
from contact_hub.web.words import DOORS, local_day

NOT_HERE = "No such ticket, or none that you see"
HELD = "Refused: the sentence says why, and the code stays the same in every language"

blueprint = agents_only(Blueprint("tickets_api", __name__, url_prefix="/api/v1/tickets", description="Tickets and their verbs"))


@blueprint.route("", methods=["GET"])
@blueprint.arguments(schemas.TicketsAskSchema, location="query")
@blueprint.response(200, schemas.TicketsSchema)
def list_tickets(asked: Mapping[str, str]) -> dict[str, Any]:
    """One page of a list, narrowed and sorted as the inbox is."""
    with reading() as session:
        desk = Desk.of(session, me())
        wanted = filter_in(asked, default="team" if me().queue_ids else "open", doors=list(DOORS))
        page = listing.page(session, desk, wanted)
        return {"tickets": [_told(ticket, whole=desk.reads(ticket)) for ticket in page.tickets], "next": page.next}


@blueprint.route("/next", methods=["POST"])
@blueprint.response(200, schemas.WholeTicketSchema)
@blueprint.alt_response(204, description="Nothing is free for you now")
def take_the_next() -> dict[str, Any] | Response:
    """Takes the most urgent ticket that is free; never the same for two who ask at once."""
    with live.change() as session:
        ticket = take_next(session, me())
        if ticket is None:
            return Response(status=204)
        session.flush()
        return _whole(ticket)


@blueprint.route("/<reference>", methods=["GET"])
@blueprint.response(200, schemas.WholeTicketSchema)
@blueprint.alt_response(404, description=NOT_HERE)
def show(reference: str) -> dict[str, Any]:
    """A ticket; of one that is not seen whole its state alone."""
    with reading() as session:
        ticket, seen = in_sight.find(session, reference, me())
        return _whole(ticket) if seen == Sight.FULL else _told(ticket, whole=False)


@blueprint.route("/<reference>/conversation", methods=["GET"])
@blueprint.response(200, schemas.ConversationSchema)
@blueprint.alt_response(403, description="You see only how this ticket stands")
@blueprint.alt_response(404, description=NOT_HERE)
def conversation(reference: str) -> dict[str, Any]:
    """What was said in a ticket and what happened to it; to the first line that took it in, until it left."""
    with reading() as session:
        found = in_sight.find_readable(session, reference, me())
        ticket, part = found.ticket, found.part
        said = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
        messages = session.scalars(said.options(selectinload(Message.attachments))).all()
        events = session.scalars(ticket.events.select()).all()
        return {
            "messages": [_said(ticket, message) for message in messages if found.holds(message.id)],
            "events": _happened(session, [each for each in events if part is None or each.number <= part.last_event]),
        }


@blueprint.route("/<reference>", methods=["PATCH"])
@blueprint.arguments(verb_schemas.SomeMarksSchema, example={"priority": "high", "reason": "a school is near"})
@blueprint.response(200, schemas.WholeTicketSchema)
@blueprint.alt_response(404, description=NOT_HERE)
@blueprint.alt_response(409, description=HELD)
def mark(sent: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """Changes its topic, priority, due day or tags, with a reason; what is not sent stays."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        day = ticket.due_at and local_day(ticket.due_at)
        before = {"topic": ticket.topic_id, "priority": ticket.priority, "due": day, "tags": ", ".join(ticket.tags)}
    return _do(reference, "marks", {**before, **sent})


@blueprint.route("/<reference>/files", methods=["POST"])
@blueprint.arguments(schemas.FileSchema, location="files")
@blueprint.response(201, schemas.KeptFileSchema)
@blueprint.alt_response(404, description=NOT_HERE)
def keep_file(sent: Mapping[str, Any], reference: str) -> Any:
    """Keeps a file to go along with an answer; send its `token` with the answer."""
    with live.change() as session:
        return answer_box.keep(session, in_sight.find_whole(session, reference, me()), [sent["file"]])[0]


@blueprint.route("/<reference>/answers/<int:number>", methods=["DELETE"])
@blueprint.response(200, schemas.TakenBackSchema)
@blueprint.alt_response(404, description=NOT_HERE)
@blueprint.alt_response(409, description=HELD)
def take_back(reference: str, number: int) -> dict[str, Any]:
    """Takes an answer back before it leaves; what stood in it is a draft again."""
    with live.change() as session:
        ticket = in_sight.find_whole(session, reference, me(), to_change=True)
        typed = answer_box.take_back(session, ticket, number)
        return {"text": typed["text"], "language": typed["language"], "files": typed["kept"].split()}


@blueprint.route("/<reference>/answers/<int:number>/tries", methods=["POST"])
@blueprint.response(200, schemas.WholeTicketSchema)
@blueprint.alt_response(404, description=NOT_HERE)
@blueprint.alt_response(409, description=HELD)
def try_again(reference: str, number: int) -> dict[str, Any]:
    """Sends once more what did not arrive."""
    with live.change() as session:
        ticket = in_sight.find_whole(session, reference, me(), to_change=True)
        answers.try_again(session, ticket, number)
        return _whole(ticket)


def _offer(name: str, verb: Verb) -> None:
    """Adds the verb as a resource to post to, as on the pages."""

    def post(sent: Mapping[str, Any], reference: str) -> dict[str, Any]:
        return _do(reference, name, sent)

    post.__name__, post.__doc__ = f"do_{name.replace('-', '_')}", verb.does.__doc__
    described = blueprint.alt_response(404, description=NOT_HERE)(post)
    described = blueprint.alt_response(409, description=HELD)(described)
    described = blueprint.response(201 if name == "answers" else 200, schemas.WholeTicketSchema)(described)
    described = blueprint.arguments(verb.takes, example=EXAMPLES.get(name))(described)
    blueprint.route(f"/<reference>/{name}", methods=["POST"])(described)


for _name, _verb in VERBS.items():
    _offer(_name, _verb)


def _do(reference: str, name: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Does it, and tells how the ticket stands in which things go on."""
    form = {field: _written(value) for field, value in sent.items() if field != "seen"}
    return do(reference, name, form, seen=sent.get("seen"), tell=_tell)


def _tell(session: Session, ticket: Ticket, seen: Sight) -> dict[str, Any]:
    if seen == Sight.NONE:
        return {"reference": ticket.reference, "status": ticket.status, "queue_id": "", "whole": False}
    return _whole(ticket) if seen == Sight.FULL else _told(ticket, whole=False)


def _written(value: object) -> str:
    return "yes" if value is True else "" if value is False or value is None else str(value)


def _told(ticket: Ticket, *, whole: bool) -> dict[str, Any]:
    state = {"reference": ticket.reference, "status": ticket.status, "queue_id": "", "whole": whole}
    if whole or knows_queue(me(), ticket):
        state["queue_id"] = ticket.queue_id
    if not whole:
        return state
    names = ("subject", "channel", "opened_at", "due_at", "priority", "topic_id", "tags", "language", "unread")
    told = {name: getattr(ticket, name) for name in (*names, "outcome", "resolved_at", "last_event", "on_behalf_of")}
    return state | told | {"owner": ticket.owner.name if ticket.owner else None}


def _whole(ticket: Ticket) -> dict[str, Any]:
    person = ticket.person
    about = person and {
        "id": person.id,
        "name": person.name,
        "language": person.language,
        "door": person.door,
        "addresses": [{"id": each.id, "kind": each.kind, "value": each.value} for each in person.ways],
    }
    can_end = outcomes.possible(outcomes.past_of(ticket)) if ticket.status in OPEN else []
    past = {"segments": list(ticket.segments), "cycles": list(ticket.cycles)}
    return _told(ticket, whole=True) | {"person": about, "outcomes": can_end} | past


def _happened(session: Session, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The events; of other tickets those alone are named that are in sight."""
    known = known_of(session, me(), (each.data["to"] for each in events if names_another(each)))
    hidden = {each.number for each in events if names_another(each) and each.data["to"] not in known}
    return [
        {
            "number": each.number,
            "kind": each.kind,
            "at": each.at,
            "data": {name: value for name, value in each.data.items() if name != "to" or each.number not in hidden},
        }
        for each in events
    ]


def _said(ticket: Ticket, message: Message) -> dict[str, Any]:
    files = [
        {
            "name": file.name,
            "type": file.content_type,
            "size": file.size,
            "address": url_for("files.attachment", reference=ticket.reference, number=file.id),
        }
        for file in message.attachments
    ]
    names = ("id", "kind", "channel", "at", "author_name", "text", "quoted")
    return {name: getattr(message, name) for name in names} | {"files": files}
