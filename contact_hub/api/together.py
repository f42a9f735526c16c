"""What colleagues are about: who has a ticket open, and where somebody was called in."""

from collections.abc import Mapping
from typing import Any

import redis
from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from contact_hub.api.signed_in import agents_only
from contact_hub.database import reading
from contact_hub.presence import Here, Presence
from contact_hub.web import in_sight
from contact_hub.web.addresses import LARGEST
from contact_hub.web.called_in import PAGE, called_in
from contact_hub.web.people_at_work import me
from contact_hub.web.security import settings_of

blueprint = agents_only(
    Blueprint("together_api", __name__, url_prefix="/api/v1", description="Who is where, and who called whom in")
)


class HereSchema(Schema):
    """Somebody who has the ticket open."""

    name = fields.String(required=True)
    writes = fields.Boolean(required=True)


class WritesSchema(Schema):
    """Whether you write in it."""

    writes = fields.Boolean(load_default=False, metadata={"example": True})


class MentionsAskSchema(Schema):
    """Which mentions."""

    all = fields.Boolean(load_default=False, metadata={"description": "also what is done"})
    before = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST), metadata={"description": "a mention's id"})


class MentionSchema(Schema):
    """One note or question that names you or a team of yours."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True, metadata={"example": "26-004512-K"})
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    text = fields.String(required=True)
    asks = fields.Boolean(required=True, metadata={"description": "a question, to be answered by `advice`"})
    team = fields.String(required=True, allow_none=True)
    waits = fields.Boolean(required=True)


@blueprint.route("/tickets/<reference>/presence", methods=["GET"])
@blueprint.response(200, HereSchema(many=True))
@blueprint.alt_response(404, description="No such ticket, or none that you see")
def who_is_here(reference: str) -> list[Here]:
    """Who has the ticket open, and who writes in it; nobody while the news server is gone."""
    return _here(_seen(reference))


@blueprint.route("/tickets/<reference>/presence", methods=["PUT"])
@blueprint.arguments(WritesSchema)
@blueprint.response(200, HereSchema(many=True))
@blueprint.alt_response(404, description="No such ticket, or none that you see")
def be_here(sent: Mapping[str, bool], reference: str) -> list[Here]:
    """Says that you have it open, for three quarters of a minute; gives who has."""
    ticket = _seen(reference)
    here = Here(me().id, me().name, sent["writes"])
    try:
        _presence().sign(ticket, f"api:{me().id}", here)
    except redis.RedisError:
        return []
    return _here(ticket)


@blueprint.route("/mentions", methods=["GET"])
@blueprint.arguments(MentionsAskSchema, location="query")
@blueprint.response(200, MentionSchema(many=True))
def list_mentions(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where you were called in and it still waits for you, newest first, at most 30; those before one by its id."""
    with reading() as session:
        found = called_in(session, me(), still=not asked["all"], before=asked["before"])
        return [
            {
                "id": each.mention.id,
                "reference": each.ticket.reference,
                "by": each.note.author_name,
                "at": each.mention.at,
                "text": each.note.text,
                "asks": each.mention.asks,
                "team": each.mention.queue_id,
                "waits": each.waits,
            }
            for each in found[:PAGE]
        ]


def _seen(reference: str) -> str:
    with reading() as session:
        return in_sight.find_whole(session, reference, me()).reference


def _here(ticket: str) -> list[Here]:
    try:
        return _presence().who([ticket]).get(ticket, [])
    except redis.RedisError:
        return []


def _presence() -> Presence:
    """One for the process, which keeps its connections."""
    made: Presence = current_app.extensions.setdefault("presence", None) or Presence(settings_of(current_app).redis_url)
    current_app.extensions["presence"] = made
    return made
