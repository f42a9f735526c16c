"""The lists beside the tickets: how many wait where, the lists that somebody saved, and the search."""

from collections.abc import Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from contact_hub import live, views
from contact_hub.api.signed_in import agents_only
from contact_hub.api.ticket_schemas import FoundTicketSchema
from contact_hub.database import reading
from contact_hub.search.operators import taken_apart
from contact_hub.views import SHARED
from contact_hub.visibility import Sight, queues_in_sight
from contact_hub.web import listing, search
from contact_hub.web.asked import in_words, known_to
from contact_hub.web.filters import filter_in
from contact_hub.web.orders import LONGEST
from contact_hub.web.own_desk import OwnSight
from contact_hub.web.people_at_work import me
from contact_hub.web.words import DOORS

NOT_YOURS = "No such list, or not yours to change"

blueprint = agents_only(Blueprint("lists_api", __name__, url_prefix="/api/v1", description="Counts, saved lists and search"))


class CountsSchema(Schema):
    """How many open tickets; 1000 stands for more than that."""

    queues = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True, metadata={"example": {"roads": 4}})
    views = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True, metadata={"example": {"mine": 2}})


class NameSchema(Schema):
    """What a saved list is called."""

    name = fields.String(required=True, validate=validate.Length(max=views.LONGEST), metadata={"example": "Holes in my street"})


class NewViewSchema(NameSchema):
    """A list to save, as the address of the inbox has it."""

    address = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict, metadata={"example": {"view": "open", "topic": "hole"}}
    )
    shared = fields.String(load_default="mine", validate=validate.OneOf(SHARED))
    queue = fields.String(load_default="", metadata={"description": "the team, where it is shared with one"})


class ViewSchema(NewViewSchema):
    """A saved list."""

    id = fields.Integer(required=True)
    queue = fields.String(attribute="queue_id", allow_none=True)


class AskSchema(Schema):
    """What is looked for, with operators as in the search of the desk, and a place to go on from."""

    q = fields.String(required=True, validate=validate.Length(1, search.LONGEST), metadata={"example": "lantern queue:roads"})
    after = fields.String(load_default="", validate=validate.Length(max=LONGEST))


class FoundSchema(FoundTicketSchema):
    """A ticket that was found; marks stand around what was looked for, all else is escaped (HTML)."""

    passage = fields.String(required=True)


class SearchedSchema(Schema):
    """One page, the newest tickets first, and what could not be understood."""

    found = fields.List(fields.Nested(FoundSchema), required=True)
    mistakes = fields.List(fields.String(), required=True)
    next = fields.String(required=True, metadata={"description": "send it as `after` for the next page; empty on the last"})


@blueprint.route("/counts", methods=["GET"])
@blueprint.response(200, CountsSchema)
def counts() -> Any:
    """How many open tickets each queue and each view holds for you: at most 1000, of queues that are not yours at most 100."""
    with reading() as session:
        return listing.counts(session, OwnSight.by_queues(session, me()))


@blueprint.route("/views", methods=["GET"])
@blueprint.response(200, ViewSchema(many=True))
def list_views() -> Any:
    """The saved lists you find: everybody's, your teams' and your own."""
    with reading() as session:
        return views.views_of(session, me())


@blueprint.route("/views", methods=["POST"])
@blueprint.arguments(NewViewSchema)
@blueprint.response(201, ViewSchema)
@blueprint.alt_response(409, description="Not yours to share so far, or too many")
def save(sent: Mapping[str, Any]) -> Any:
    """Saves a list."""
    address = filter_in(sent["address"], default="open", doors=list(DOORS)).address
    with live.change() as session:
        view = views.save(session, sent["name"], address, by=me(), shared=sent["shared"], queue=sent["queue"])
        session.flush()
        return view


@blueprint.route("/views/<int:number>", methods=["PATCH"])
@blueprint.arguments(NameSchema)
@blueprint.response(204)
@blueprint.alt_response(409, description=NOT_YOURS)
def rename(sent: Mapping[str, Any], number: int) -> None:
    """Calls it otherwise."""
    with live.change() as session:
        views.rename(session, number, sent["name"], by=me())


@blueprint.route("/views/<int:number>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.alt_response(409, description=NOT_YOURS)
def forget(number: int) -> None:
    """Throws it away."""
    with live.change() as session:
        views.forget(session, number, by=me())


@blueprint.route("/search", methods=["GET"])
@blueprint.arguments(AskSchema, location="query")
@blueprint.response(200, SearchedSchema)
def find(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Looks for words in everything you see whole."""
    with reading() as session:
        known = known_to(session, me(), queues_in_sight(session, me(), Sight.FULL))
        understood = taken_apart(asked["q"], known)
        found = search.found_by(session, known, understood, asked["after"])
        shown, more = found[: search.PAGE], len(found) > search.PAGE
        return {
            "found": [
                {
                    "reference": each.ticket.reference,
                    "subject": each.subject,
                    "passage": each.passage,
                    "queue_id": each.ticket.queue_id,
                    "status": each.ticket.status,
                }
                for each in shown
            ],
            "mistakes": in_words(understood.mistakes),
            "next": search.NEWEST.sealed(shown[-1].ticket) if more else "",
        }
