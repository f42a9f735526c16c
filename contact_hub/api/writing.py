"""What goes before an answer: what is half written, and the templates that fit."""

from collections.abc import Mapping
from typing import Any

from flask import abort
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from contact_hub import answer_templates, live, unsent
from contact_hub.api.signed_in import agents_only
from contact_hub.database import reading
from contact_hub.web import answer_box, in_sight
from contact_hub.web.doing import VERBS
from contact_hub.web.people_at_work import me
from contact_hub.web.verb_schemas import MOST_TEXT

NOT_HERE = "No such ticket, or none that you see"

blueprint = agents_only(
    Blueprint("writing_api", __name__, url_prefix="/api/v1/tickets", description="Drafts and templates of a ticket")
)


class TypedSchema(Schema):
    """What was typed into the form of a verb, by field."""

    typed = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=fields.String(validate=validate.Length(max=MOST_TEXT)),
        required=True,
        metadata={"example": {"text": "Dear Roos, tomorrow we"}},
    )


class HalfWrittenSchema(TypedSchema):
    """What is half written; nobody else sees it."""

    form = fields.String(required=True, metadata={"description": "the verb it is for", "example": "answers"})
    changed_at = fields.AwareDateTime(required=True)


class KeptSchema(Schema):
    """Whether there was anything to keep."""

    kept = fields.Boolean(required=True)


class TemplateSchema(Schema):
    """A template that fits the ticket."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    queue = fields.String(attribute="queue_id", allow_none=True)
    languages = fields.Function(
        lambda template: sorted(template.texts), metadata={"type": "array", "items": {"type": "string"}}
    )


class FillSchema(Schema):
    """In which language, and behind what was typed so far."""

    language = fields.String(load_default="", validate=validate.Length(max=8), metadata={"example": "nl"})
    text = fields.String(load_default="", validate=validate.Length(max=MOST_TEXT))


class FilledSchema(Schema):
    """The text; blanks that only you can fill stand in double brackets."""

    text = fields.String(required=True)


@blueprint.route("/<reference>/drafts", methods=["GET"])
@blueprint.response(200, HalfWrittenSchema(many=True))
@blueprint.alt_response(404, description=NOT_HERE)
def list_drafts(reference: str) -> Any:
    """What you have half written in this ticket."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return list(unsent.of_ticket(session, me().id, ticket.id).values())


@blueprint.route("/<reference>/drafts/<form>", methods=["PUT"])
@blueprint.arguments(TypedSchema)
@blueprint.response(200, KeptSchema)
@blueprint.alt_response(404, description=f"{NOT_HERE}; or there is no such verb")
def keep(sent: Mapping[str, Any], reference: str, form: str) -> dict[str, bool]:
    """Keeps what you are writing, in place of what was kept before."""
    if form not in VERBS:
        abort(404)
    with live.change() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return {"kept": unsent.keep(session, me().id, ticket.id, form, sent["typed"])}


@blueprint.route("/<reference>/drafts/<form>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.alt_response(404, description=NOT_HERE)
def forget(reference: str, form: str) -> None:
    """Throws it away."""
    with live.change() as session:
        unsent.forget(session, me().id, in_sight.find_whole(session, reference, me()).id, form)


@blueprint.route("/<reference>/templates", methods=["GET"])
@blueprint.response(200, TemplateSchema(many=True))
@blueprint.alt_response(404, description=NOT_HERE)
def list_templates(reference: str) -> Any:
    """The templates that fit this ticket: its queue's first."""
    with reading() as session:
        return answer_templates.for_ticket(session, in_sight.find_whole(session, reference, me()))


@blueprint.route("/<reference>/templates/<int:number>", methods=["POST"])
@blueprint.arguments(FillSchema)
@blueprint.response(200, FilledSchema)
@blueprint.alt_response(404, description=NOT_HERE)
@blueprint.alt_response(409, description="No such template for this ticket")
def fill(sent: Mapping[str, Any], reference: str, number: int) -> dict[str, str]:
    """A template with its fields filled in; nothing is sent."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return {"text": answer_box.with_template(session, ticket, {**sent, "template": f"{number}"})}
