"""Drafts of the rules over the API: kept as they are typed, so that nothing typed is lost."""

from collections.abc import Mapping
from typing import Any

from flask import abort
from flask_smorest import Blueprint

from contact_hub import drafts, editions
from contact_hub.api import rules_schemas as schemas
from contact_hub.api.signed_in import leads_only
from contact_hub.database import Session, reading
from contact_hub.drafts import Draft
from contact_hub.web.people_at_work import me
from contact_hub.web.rules.found import draft_of

blueprint = leads_only(
    Blueprint("drafts_api", __name__, url_prefix="/api/v1/rules/drafts", description="Drafts of the next edition")
)


@blueprint.route("", methods=["GET"])
@blueprint.response(200, schemas.DraftSummarySchema(many=True))
def list_drafts() -> list[Draft]:
    """The drafts in work, last changed first."""
    with reading() as session:
        return drafts.in_work(session)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(schemas.NewDraftSchema)
@blueprint.response(201, schemas.DraftSchema)
def begin(sent: Mapping[str, Any]) -> Draft:
    """Begins a draft on top of the edition that decides."""
    with Session.begin() as session:
        edition = editions.newest(session) or abort(404)
        return drafts.begin(session, edition, by=me().name, name=sent["name"].strip(), text=sent.get("text"))


@blueprint.route("/<int:number>", methods=["GET"])
@blueprint.response(200, schemas.DraftSchema)
@blueprint.alt_response(404, description="No such draft")
def show(number: int) -> Draft:
    """One draft."""
    with reading() as session:
        return draft_of(session, number)


@blueprint.route("/<int:number>", methods=["PUT"])
@blueprint.arguments(schemas.KeepSchema)
@blueprint.response(200, schemas.DraftSchema, description="Kept; under another id where somebody else changed the draft since")
@blueprint.alt_response(404, description="No such draft")
def keep(sent: Mapping[str, Any], number: int) -> Draft:
    """Keeps what was typed. Whoever was overtaken by a colleague gets a draft of their own: look at its id."""
    with Session.begin() as session:
        draft = draft_of(session, number)
        return drafts.keep(session, draft, by=me().name, **sent)


@blueprint.route("/<int:number>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.alt_response(404, description="No such draft")
def put_away(number: int) -> None:
    """Puts a draft away; its text is kept."""
    with Session.begin() as session:
        drafts.close(draft_of(session, number))
