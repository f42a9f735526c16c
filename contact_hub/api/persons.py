"""Persons: found by a name, a number, an address or a reference, as far as one sees a ticket of theirs whole.

What is known of them is put right, and two are made one or two again, by the verbs of a ticket.
"""

from collections.abc import Mapping
from typing import Any

from flask import abort
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from channels.phone import callers
from contact_hub.api.signed_in import agents_only
from contact_hub.api.ticket_schemas import FoundTicketSchema
from contact_hub.database import reading
from contact_hub.people import Person
from contact_hub.tickets import Ticket
from contact_hub.visibility import readable
from contact_hub.web.people_at_work import me
from contact_hub.web.whose import look_alikes, parted_again

MOST = 50  # tickets told of a person

blueprint = agents_only(Blueprint("persons_api", __name__, url_prefix="/api/v1/persons", description="Who writes and calls"))


class AskSchema(Schema):
    """Whom to look for."""

    q = fields.String(required=True, validate=validate.Length(callers.SHORTEST, 200), metadata={"example": "peeters"})


class AddressSchema(Schema):
    """One way to reach somebody."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"example": "mail"})
    value = fields.String(required=True, metadata={"example": "roos@example.org"})


class SomebodySchema(Schema):
    """Somebody, as far as they made themselves known."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, metadata={"example": "Roos Peeters"})
    language = fields.String(required=True)
    door = fields.String(required=True)
    addresses = fields.List(fields.Nested(AddressSchema), required=True)


class TicketOfPersonSchema(FoundTicketSchema):
    """A ticket of theirs that you see whole."""

    door = fields.String(required=True, attribute="channel")
    opened_at = fields.AwareDateTime(required=True)


class FoundPersonSchema(Schema):
    """Somebody who was found, with what is open for them."""

    person = fields.Nested(SomebodySchema, required=True)
    tickets = fields.List(fields.Nested(TicketOfPersonSchema), required=True)


class MergeSchema(Schema):
    """That somebody was found to be this person; send its id to `other-person` of a ticket to part them again."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    name = fields.String(required=True)


class WholePersonSchema(FoundPersonSchema):
    """Somebody with the latest 50 tickets, who may be the same (for `same-person` or `not-same-person`), and who was."""

    perhaps = fields.List(fields.Nested(SomebodySchema), required=True)
    merges = fields.List(fields.Nested(MergeSchema), required=True)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(AskSchema, location="query")
@blueprint.response(200, FoundPersonSchema(many=True))
def find(asked: Mapping[str, str]) -> Any:
    """At most six whom the words could mean; those with something open first."""
    with reading() as session:
        return callers.found(session, me(), asked["q"])


@blueprint.route("/<int:number>", methods=["GET"])
@blueprint.response(200, WholePersonSchema)
@blueprint.alt_response(404, description="Nobody, or nobody of whom you see a ticket whole")
def show(number: int) -> dict[str, Any]:
    """One person with their tickets, open ones first."""
    with reading() as session:
        seen = select(Ticket).where(Ticket.person_id == number, readable(session, me()))
        tickets = session.scalars(seen.order_by(Ticket.status == "resolved", Ticket.id.desc()).limit(MOST)).all()
        person = session.get(Person, number) if tickets else None
        if person is None:
            abort(404)
        parted = [{"id": merge.id, "at": merge.at, "name": gone.name} for merge, gone in parted_again(session, person, me())]
        perhaps = look_alikes(session, person, me())
        return _loaded({"person": person, "tickets": tickets, "perhaps": perhaps, "merges": parted})


def _loaded(found: dict[str, Any]) -> dict[str, Any]:
    """With the addresses, which can't be had any more once the session is closed."""
    for person in (found["person"], *found["perhaps"]):
        _ = person.addresses
    return found
