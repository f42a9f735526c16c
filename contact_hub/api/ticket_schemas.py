"""What the API says of a ticket, and what each verb of a ticket takes."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from contact_hub.history import OUTCOMES
from contact_hub.tickets import PRIORITIES

MOST_TEXT = 50_000  # characters


def _text(*, required: bool = True, most: int = MOST_TEXT, about: str = "") -> fields.String:
    extra: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(validate=validate.Length(max=most), metadata={"description": about}, **extra)


class StateSchema(Schema):
    """What is told of a ticket of which somebody sees the state alone."""

    reference = fields.String(required=True, metadata={"example": "26-004512-K"})
    status = fields.String(required=True)
    queue = fields.String(required=True, attribute="queue_id")
    whole = fields.Boolean(required=True, metadata={"description": "whether the rest is told too"})


class TicketPersonSchema(Schema):
    """Who a ticket is from."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    addresses = fields.List(fields.Dict(), required=True)
    language = fields.String(required=True)
    door = fields.String(required=True)


class SegmentSchema(Schema):
    """A stretch of time in which one queue had the ticket."""

    queue = fields.String(attribute="queue_id")
    why = fields.String()
    began_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String()
    promise = fields.String()
    accept_by = fields.AwareDateTime(allow_none=True)
    accepted_at = fields.AwareDateTime(allow_none=True)


class CycleSchema(Schema):
    """From an opening to its resolution."""

    number = fields.Integer()
    opened_at = fields.AwareDateTime()
    first_response_at = fields.AwareDateTime(allow_none=True)
    resolved_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String()


class TicketSchema(StateSchema):
    """A ticket. Everything behind `whole` is there only for those who see it whole."""

    subject = fields.String()
    door = fields.String(attribute="channel")
    opened_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    priority = fields.String()
    topic = fields.String(attribute="topic_id")
    tags = fields.List(fields.String())
    language = fields.String()
    owner = fields.String(allow_none=True)
    unread = fields.Boolean()
    outcome = fields.String()
    resolved_at = fields.AwareDateTime(allow_none=True)
    last_event = fields.Integer(metadata={"description": "the number of what happened last; to send with a verb as `seen`"})


class WholeTicketSchema(TicketSchema):
    """A ticket with its person, its stretches and its cycles."""

    person = fields.Nested(TicketPersonSchema, allow_none=True)
    on_behalf_of = fields.String()
    segments = fields.List(fields.Nested(SegmentSchema))
    cycles = fields.List(fields.Nested(CycleSchema))


class TicketsSchema(Schema):
    """One page of a list."""

    tickets = fields.List(fields.Nested(TicketSchema), required=True)
    next = fields.String(required=True, metadata={"description": "send it as `after` for the next page; empty on the last"})


class MessageSchema(Schema):
    """One turn of the conversation."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"description": "said, answer, note, receipt or notice"})
    door = fields.String(required=True, attribute="channel")
    at = fields.AwareDateTime(required=True)
    author = fields.String(required=True, attribute="author_name")
    text = fields.String(required=True)
    quoted = fields.String(required=True)
    files = fields.List(fields.Dict(), required=True)


class EventSchema(Schema):
    """One thing that happened."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    data = fields.Dict(required=True)


class ConversationSchema(Schema):
    """All that was said and that happened, oldest first."""

    messages = fields.List(fields.Nested(MessageSchema), required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)


class VerbSchema(Schema):
    """What every verb takes: `seen` is the ticket's last event that is known; a later one holds the verb (409)."""

    seen = fields.Integer(load_default=None, allow_none=True)


class NothingSchema(VerbSchema):
    """A verb that needs no more to be said."""


class NoteSchema(VerbSchema):
    """A note; a name after an @ calls somebody in."""

    text = _text()


class ConsultationSchema(VerbSchema):
    """A question to a colleague or a team."""

    whom = _text(most=80, about="agent:12 or queue:roads")
    question = _text()


class HandOverSchema(VerbSchema):
    """To which queue, why, and what was promised."""

    queue = _text(most=64)
    reason = _text()
    promise = _text()
    tell = fields.Boolean(load_default=False, metadata={"description": "also tell the citizen by mail"})


class ReasonSchema(VerbSchema):
    """Why."""

    reason = _text()


class ResolutionSchema(VerbSchema):
    """How it ended."""

    outcome = fields.String(required=True, validate=validate.OneOf(list(OUTCOMES)))


class MarksSchema(VerbSchema):
    """What it is to be marked with, all of it, and why."""

    topic = _text(required=False, most=64)
    priority = fields.String(required=True, validate=validate.OneOf(PRIORITIES))
    tags = fields.List(fields.String(validate=validate.Length(max=60)), required=True)
    due = fields.Date(load_default=None, allow_none=True)
    reason = _text()

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        return sent | {"tags": ", ".join(sent["tags"]), "due": sent["due"].isoformat() if sent["due"] else ""}


class SnoozeSchema(VerbSchema):
    """Until when, by the clock of the municipality."""

    until = fields.NaiveDateTime(required=True)

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        return sent | {"until": sent["until"].isoformat()}


class AssignmentSchema(VerbSchema):
    """To whom."""

    agent = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))


class AnswerSchema(VerbSchema):
    """An answer to the citizen; `outcome` resolves the ticket too."""

    text = _text()
    language = _text(required=False, most=8)
    outcome = fields.String(load_default="", validate=validate.OneOf(["", *OUTCOMES]))


class OtherSchema(VerbSchema):
    """The reference of another ticket."""

    other = _text(most=20)


class SplitSchema(VerbSchema):
    """The messages that are another question; `stay` keeps the new ticket in the same queue."""

    messages = fields.List(fields.Integer(), required=True)
    stay = fields.Boolean(load_default=False)

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        return {"where": "stay" if sent["stay"] else "", **{f"message-{each}": "on" for each in sent["messages"]}}


class CitizenSchema(VerbSchema):
    """Whose question it is."""

    address = _text(most=255)
    name = _text(required=False, most=255)


class PersonDetailsSchema(VerbSchema):
    """What is known of the person; an address by its id, empty to forget it."""

    name = _text(required=False, most=255)
    mail = _text(required=False, most=255)
    phone = _text(required=False, most=40)
    language = _text(required=False, most=8)
    door = _text(required=False, most=16)
    on_behalf_of = _text(required=False, most=255)
    addresses = fields.Dict(keys=fields.Integer(), values=fields.String(), load_default=dict)

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        known = sent.pop("addresses")
        return sent | {f"address-{number}": value for number, value in known.items()}


class SamePersonSchema(VerbSchema):
    """The person who is the same."""

    person = fields.Integer(required=True)


class OtherPersonSchema(VerbSchema):
    """The merge that is taken back."""

    merge = fields.Integer(required=True)


TAKES: dict[str, type[VerbSchema]] = {
    "claim": NothingSchema,
    "release": NothingSchema,
    "notes": NoteSchema,
    "consultations": ConsultationSchema,
    "advice": NoteSchema,
    "hand-overs": HandOverSchema,
    "returns": ReasonSchema,
    "resolution": ResolutionSchema,
    "reopening": ReasonSchema,
    "marks": MarksSchema,
    "waits": ReasonSchema,
    "snoozes": SnoozeSchema,
    "resumption": NothingSchema,
    "assignment": AssignmentSchema,
    "joining": NothingSchema,
    "keeping-apart": NothingSchema,
    "splits": SplitSchema,
    "merging": OtherSchema,
    "parting": NothingSchema,
    "links": OtherSchema,
    "unlinking": OtherSchema,
    "citizen": CitizenSchema,
    "person": PersonDetailsSchema,
    "same-person": SamePersonSchema,
    "other-person": OtherPersonSchema,
}
"""What each verb takes, by the name it has on the pages too."""
