"""Several tickets at once over the API: begun here, done ticket by ticket, and undone as on the pages."""

from collections.abc import Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from contact_hub import bulk, live
from contact_hub.api.signed_in import agents_only
from contact_hub.bulk import Bulk
from contact_hub.database import reading
from contact_hub.web import bulk as pages
from contact_hub.web.addresses import LARGEST
from contact_hub.web.people_at_work import me
from contact_hub.web.verb_schemas import MOST_TEXT
from contact_hub.web.verbs import passed_on

NOT_YOURS = "No such work, or somebody else's"

blueprint = agents_only(Blueprint("bulk_api", __name__, url_prefix="/api/v1/bulk", description="Several tickets at once"))
_TAGS = fields.List(fields.String(validate=validate.Length(1, 60)), load_default=list)


class BulkAskSchema(Schema):
    """What to do with which tickets; what the verb does not ask for is left out."""

    do = fields.String(required=True, validate=validate.OneOf(sorted(bulk.VERBS)), metadata={"example": "hand-over"})
    tickets = fields.List(
        fields.String(validate=validate.Length(max=20)),
        required=True,
        validate=validate.Length(1, bulk.MOST),
        metadata={"description": "references", "example": ["26-004512-K"]},
    )
    agent = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, LARGEST))
    queue = fields.String(load_default="", metadata={"example": "roads"})
    reason = fields.String(load_default="", validate=validate.Length(max=MOST_TEXT), metadata={"example": "their street"})
    promise = fields.String(load_default="", validate=validate.Length(max=MOST_TEXT), metadata={"example": "news this week"})
    add = _TAGS
    remove = _TAGS
    outcome = fields.String(load_default="")
    elsewhere = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "the reference at the authority they were passed on to, where that is the outcome"},
    )


class BulkLeftSchema(Schema):
    """A ticket with which it could not be done, or not be undone."""

    reference = fields.String(required=True)
    detail = fields.String(required=True)


class BulkSchema(Schema):
    """How far it is."""

    id = fields.Integer(required=True)
    do = fields.String(required=True)
    ended = fields.Boolean(required=True)
    can_be_undone = fields.Boolean(required=True)
    counted = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata={"example": {"done": 3, "refused": 1}}
    )
    left = fields.List(fields.Nested(BulkLeftSchema), required=True)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(BulkAskSchema)
@blueprint.response(201, BulkSchema)
@blueprint.alt_response(409, description="Nothing of the kind can be done; the code says why")
def begin(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Does it with a few tickets at once; with more a worker does: ask again how far it is. What you don't see whole stays."""
    asked = {name: value for name, value in sent.items() if name not in {"do", "tickets", "elsewhere"}}
    asked["note"] = passed_on(sent["outcome"], sent["elsewhere"])
    with live.change() as session:
        chosen = pages.whole_among(session, sent["tickets"])
        number = bulk.begin(session, sent["do"], asked, chosen, by=me()).id
    if len(chosen) <= bulk.AT_ONCE:
        bulk.proceed(number)
    return _told(number)


@blueprint.route("/<int:number>", methods=["GET"])
@blueprint.response(200, BulkSchema)
@blueprint.alt_response(404, description=NOT_YOURS)
def show(number: int) -> dict[str, Any]:
    """How far it is, and what could not be done."""
    return _told(number)


@blueprint.route("/<int:number>/undo", methods=["POST"])
@blueprint.response(200, BulkSchema)
@blueprint.alt_response(404, description=NOT_YOURS)
@blueprint.alt_response(409, description="Too late")
def undo(number: int) -> dict[str, Any]:
    """Takes back what nobody went on with."""
    with live.change() as session:
        found = pages.own(session, number)
        bulk.undo(session, found)
        is_small = _how_many(session, found) <= bulk.AT_ONCE
    if is_small:
        bulk.proceed(number)
    return _told(number)


def _how_many(session: Session, found: Bulk) -> int:
    return sum(bulk.tally(session, found).values())


def _told(number: int) -> dict[str, Any]:
    with reading() as session:
        found = pages.own(session, number)
        left = [{"reference": ticket.reference, "detail": why} for ticket, why in pages.left_of(session, found)]
        return {
            "id": found.id,
            "do": found.verb,
            "ended": found.ended_at is not None,
            "can_be_undone": found.can_be_undone,
            "counted": bulk.tally(session, found),
            "left": left,
        }
