"""Why a ticket went where it went, for those who see it whole: as recorded, taken again, and the whole of any rule."""

from typing import Any

from flask import abort
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from contact_hub import wrong_decisions
from contact_hub.api.signed_in import agents_only
from contact_hub.database import reading
from contact_hub.reasons import Again, NeverDecided, OtherVersion, decided_again
from contact_hub.routing.explaining import NoSuchRule, explain
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight
from contact_hub.web import in_sight
from contact_hub.web.people_at_work import me
from contact_hub.web.why_here import record_for
from contact_hub.web.words import said_words

NOT_HERE = "No such ticket, or none that you see whole"

blueprint = agents_only(
    Blueprint(
        "why_api", __name__, url_prefix="/api/v1/tickets", description="Why a ticket is where it is, for whoever may read it"
    )
)


class FoundWrongHereSchema(Schema):
    """That somebody found a rule wrong here."""

    rule = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class WhySchema(Schema):
    """A decision."""

    reference = fields.String(required=True, metadata={"example": "26-004512-K"})
    edition = fields.Integer(required=True)
    decision = fields.Dict(required=True, metadata={"description": "as it was recorded"})
    same = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "whether its edition decides so again; null where that can't be read any more"},
    )
    found_wrong = fields.List(
        fields.Nested(FoundWrongHereSchema),
        required=True,
        metadata={"description": "which of its rules people found wrong here"},
    )
    departures = fields.List(
        fields.String(), required=True, metadata={"description": "the parts of the decision that come out otherwise"}
    )


class ExplanationSchema(Schema):
    """What became of one rule for the contact that opened the ticket."""

    rule = fields.String(required=True)
    name = fields.String(required=True)
    why = fields.String(required=True)
    owner = fields.String(required=True)
    section = fields.String(required=True)
    status = fields.String(required=True)
    until = fields.String(required=True, metadata={"description": "the last day on which it counts, or empty"})
    holds = fields.Boolean(required=True, metadata={"description": "whether its conditions hold"})
    outcome = fields.String(required=True)
    because = fields.String(required=True, metadata={"description": "the outcome in words"})
    tree = fields.Dict(required=True, metadata={"description": "its conditions, each true or false with what was found"})


@blueprint.route("/<reference>/why", methods=["GET"])
@blueprint.response(200, WhySchema)
@blueprint.alt_response(404, description=NOT_HERE)
def why(reference: str) -> dict[str, Any]:
    """The decision that brought a ticket where it is, and whether its edition decides so again."""
    with reading() as session:
        ticket = _read_whole(session, reference)
        again = _again(session, ticket)
        record = record_for(session, me(), ticket)
        found = wrong_decisions.of_ticket(session, ticket).values()
        wrong = [{"rule": each.rule, "by": each.by.name, "at": each.at} for each in found]
    near = [{**each, "missing": said_words(each["missing"])} for each in record.get("near_misses", ())]
    return {
        "reference": ticket.reference,
        "edition": ticket.decision.edition_id if ticket.decision else 0,
        "decision": {**record, "near_misses": near},
        "found_wrong": wrong,
        "same": not again.departures if again else None,
        "departures": again.departures if again else (),
    }


@blueprint.route("/<reference>/why/<rule>", methods=["GET"])
@blueprint.response(200, ExplanationSchema)
@blueprint.alt_response(404, description=f"{NOT_HERE}; or its edition has no such rule, or can't be read any more")
def why_rule(reference: str, rule: str) -> dict[str, Any]:
    """The whole of one rule for the contact that opened the ticket: what held, what did not, and what came of it."""
    with reading() as session:
        again = _again(session, _read_whole(session, reference))
    if again is None:
        abort(404)
    try:
        explanation = explain(again.rulebook, again.contact, rule)
    except NoSuchRule:
        abort(404)
    return {**explanation.as_record(), "because": said_words(explanation.because)}


def _read_whole(session: Session, reference: str) -> Ticket:
    """The ticket; whoever sees less of it than all does not learn that it is there."""
    ticket, seen = in_sight.find(session, reference, me())
    if seen != Sight.FULL:
        abort(404)
    return ticket


def _again(session: Session, ticket: Ticket) -> Again | None:
    try:
        return decided_again(session, ticket)
    except NeverDecided:
        abort(404)
    except OtherVersion:
        return None
