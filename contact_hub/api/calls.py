"""Calls and visits that another system logs for whoever is signed in: as the page of the log takes them."""

from collections.abc import Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select
from werkzeug.wrappers import Response

from channels.phone.call import CHANNELS, SETTLEMENTS, Call, written_in
from channels.phone.settling import taken_in
from contact_hub import editions
from contact_hub.api.signed_in import agents_only
from contact_hub.avoidable import NEW, REASONS
from contact_hub.database import reading
from contact_hub.history import OUTCOMES
from contact_hub.queues import Topic
from contact_hub.web.people_at_work import me
from contact_hub.web.problem_details import problem

blueprint = agents_only(Blueprint("calls_api", __name__, url_prefix="/api/v1/calls", description="The log of calls and visits"))


def _words(most: int = 255, about: str = "") -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most), metadata={"description": about})


class CallSchema(Schema):
    """A call or a visit. Sent twice under one id it is one."""

    id = fields.String(required=True, validate=validate.Length(min=8, max=64), metadata={"description": "yours, for this call"})
    door = fields.String(load_default="phone", validate=validate.OneOf(CHANNELS))
    text = fields.String(required=True, validate=validate.Length(min=1, max=10_000))
    name = _words()
    address = _words(about="a telephone number or an e-mail address")
    delivered = _words(500, "what a visitor was given at the counter")
    topic = _words(64, "the id of a topic")
    ticket = _words(20, "the reference of an open ticket that it is about")
    after = _words(20, "the reference of an earlier question of the same call")
    settlement = fields.String(load_default="rules", validate=validate.OneOf(SETTLEMENTS))
    outcome = fields.String(load_default="resolved_first_line", validate=validate.OneOf(list(OUTCOMES)))
    elsewhere = _words(200, "the reference at the authority it was passed on to, where that is the outcome")
    queue = _words(64, "to hand over to")
    reason = _words(10_000, "why it is handed over")
    promise = _words(10_000, "what was promised")
    why = fields.String(
        load_default="",
        validate=validate.OneOf(["", *REASONS, NEW]),
        metadata={"description": "why they get in touch; of a call about an open ticket to hear how it stands, if empty"},
    )
    day = fields.Date(load_default=None, allow_none=True, metadata={"description": "to call back"})
    opens = fields.Time(load_default=None, allow_none=True)
    closes = fields.Time(load_default=None, allow_none=True)
    number = _words(40)
    not_number = _words(40)


class LoggedSchema(Schema):
    """The ticket of the call."""

    reference = fields.String(required=True)
    queue = fields.String(required=True)
    status = fields.String(required=True)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(CallSchema)
@blueprint.response(201, LoggedSchema)
@blueprint.alt_response(409, description="Refused; the code says why")
@blueprint.alt_response(422, description="Something is missing; each mistake with its field")
def log(sent: Mapping[str, Any]) -> dict[str, str] | Response:
    """Logs a call, with what became of it."""
    with reading() as session:
        names = {topic.id: topic.id for topic in session.scalars(select(Topic))}
        zone = editions.deciding(session).rulebook.municipality.zone
    form = {**{name: str(value) for name, value in sent.items() if value is not None}, "channel": sent["door"]}
    form |= {"because": sent["reason"], "from": form.get("opens", ""), "until": form.get("closes", "")}
    call = written_in(form, Call(sent["id"], after=sent["after"]), zone, names)
    if call.wrong:
        mistakes = [{"field": name, "pointer": f"/{name}", "detail": why} for name, why in call.wrong.items()]
        return problem(422, "Unprocessable Content", errors=mistakes)
    ticket = taken_in(call, names.get(call.topic, ""), me().id)
    return {"reference": ticket.reference, "queue": ticket.queue_id, "status": ticket.status}
