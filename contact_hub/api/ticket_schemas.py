"""What the API says of a ticket, and what a list of them may be asked for."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from contact_hub.tickets import PRIORITIES
from contact_hub.web.filters import SORTS, VIEWS


def _asked(about: str, example: str) -> fields.String:
    return fields.String(metadata={"description": about, "example": example})


class StateSchema(Schema):
    """What is told of a ticket of which somebody sees the state alone."""

    reference = fields.String(required=True, metadata={"example": "26-004512-K"})
    status = fields.String(required=True)
    queue = fields.String(required=True, attribute="queue_id")
    whole = fields.Boolean(required=True, metadata={"description": "whether the rest is told too"})


class FoundTicketSchema(Schema):
    """A ticket that was found, which one sees whole."""

    reference = fields.String(required=True, metadata={"example": "26-004512-K"})
    subject = fields.String(required=True)
    status = fields.String(required=True)
    queue = fields.String(required=True, attribute="queue_id")


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
    tier = fields.String(metadata={"description": "front or back, as it was then"})


class CycleSchema(Schema):
    """From an opening to its resolution."""

    number = fields.Integer()
    why = fields.String(metadata={"description": "opened, citizen, by_hand, undelivered or merged"})
    due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "when the first response was promised"})
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
    outcomes = fields.List(fields.String(), metadata={"description": "how it can end from where it stands"})
    segments = fields.List(fields.Nested(SegmentSchema))
    cycles = fields.List(fields.Nested(CycleSchema))


class TicketsAskSchema(Schema):
    """Which tickets; all that is said holds at once."""

    class Meta:
        unknown = EXCLUDE

    view = fields.String(validate=validate.OneOf(VIEWS))
    queue = _asked("the id of a queue", "roads")
    door = _asked("phone, email and so on", "email")
    topic = _asked("the id of a topic", "hole")
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    language = _asked("of the citizen", "nl")
    owner = _asked("me, nobody, or the id of a colleague", "me")
    tag = _asked("one that it has", "school")
    person = _asked("an id, or a name or number", "peeters")
    since = fields.Date(metadata={"description": "the first day on which it came in"})
    until = fields.Date(metadata={"description": "the last day on which it came in"})
    q = _asked("words that it holds", "lantern")
    sort = fields.String(validate=validate.OneOf(SORTS))
    after = fields.String(metadata={"description": "`next` of the page before"})

    @post_load
    def as_address(self, asked: dict[str, Any], **_: Any) -> dict[str, str]:
        """As the address of the inbox has it."""
        return {name: str(value) for name, value in asked.items()}


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


class FileSchema(Schema):
    """A file that goes along with an answer, as multipart/form-data."""

    file = Upload(required=True)


class KeptFileSchema(Schema):
    """A file that is kept; `token` names it when the answer is sent."""

    token = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True, attribute="content_type")
    size = fields.Integer(required=True)


class TakenBackSchema(Schema):
    """What stood in an answer that was taken back; it is a draft again."""

    text = fields.String(required=True)
    language = fields.String(required=True)
    files = fields.List(fields.String(), required=True, metadata={"description": "the tokens of its files"})
