"""What each verb of a ticket takes when a system sends it; loaded, it is as the page's form brings it."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from contact_hub.avoidable import NEW, REASONS
from contact_hub.history import OUTCOMES
from contact_hub.tickets import PRIORITIES
from contact_hub.web.addresses import LARGEST

MOST_TEXT = 50_000  # characters somebody may write at once


def _text(*, required: bool = True, most: int = MOST_TEXT, about: str = "") -> fields.String:
    extra: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(validate=validate.Length(max=most), metadata={"description": about}, **extra)


class VerbSchema(Schema):
    """What every verb takes: `seen` is the ticket's last event that is known; a later one holds the verb (409)."""

    seen = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, LARGEST))


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
    """How it ended; `elsewhere` is the reference at the other authority, where it was passed on.

    Without `sure` it is refused where a draft of one's own or a question to a colleague is left open.
    """

    outcome = fields.String(required=True, validate=validate.OneOf(list(OUTCOMES)))
    elsewhere = _text(required=False, most=200)
    sure = fields.Boolean(load_default=True)


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


class RuleSchema(VerbSchema):
    """The rule it is about; without a name the one that routed the ticket."""

    rule = _text(required=False, most=128)


class SomeMarksSchema(VerbSchema):
    """What is to be marked otherwise, and why; what is left out stays."""

    topic = fields.String(validate=validate.Length(max=64), metadata={"description": "its id, or empty for none"})
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    tags = fields.List(fields.String(validate=validate.Length(max=60)))
    due = fields.Date(allow_none=True)
    reason = _text()

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        if "tags" in sent:
            sent["tags"] = ", ".join(sent["tags"])
        if "due" in sent:
            sent["due"] = sent["due"].isoformat() if sent["due"] else ""
        return sent


class SnoozeSchema(VerbSchema):
    """Until when, by the clock of the municipality."""

    until = fields.NaiveDateTime(required=True)

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        return sent | {"until": sent["until"].isoformat()}


class ContactReasonSchema(VerbSchema):
    """Why the citizen got in touch by this message, where it need not have been; `new` for none of the reasons."""

    message = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    reason = fields.String(required=True, validate=validate.OneOf([*REASONS, NEW]))


class JoiningSchema(VerbSchema):
    """That it belongs to the ticket it may belong to; and, where it is said, why the citizen got in touch by it."""

    reason = fields.String(validate=validate.OneOf([*REASONS, NEW]))


class AssignmentSchema(VerbSchema):
    """To whom."""

    agent = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class AnswerSchema(VerbSchema):
    """An answer to the citizen; `outcome` resolves the ticket too: `elsewhere` and `sure` are then those of a resolution."""

    text = _text()
    language = _text(required=False, most=8)
    outcome = fields.String(load_default="", validate=validate.OneOf(["", *OUTCOMES]))
    elsewhere = _text(required=False, most=200)
    sure = fields.Boolean(load_default=True)
    files = fields.List(
        fields.String(), load_default=list, metadata={"description": "the tokens of files that were sent before"}
    )

    @post_load
    def as_form(self, sent: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As the page sends it."""
        return sent | {"kept": " ".join(sent.pop("files"))}


class OtherSchema(VerbSchema):
    """The reference of another ticket."""

    other = _text(most=20)


class MergingSchema(OtherSchema):
    """The ticket in which it goes on; without `sure` it is refused where that one is of another person."""

    sure = fields.Boolean(load_default=True)


class SplitSchema(VerbSchema):
    """The messages that are another question; `stay` keeps the new ticket in the same queue."""

    messages = fields.List(fields.Integer(validate=validate.Range(1, LARGEST)), required=True)
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

    person = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class OtherPersonSchema(VerbSchema):
    """The merge that is taken back."""

    merge = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
