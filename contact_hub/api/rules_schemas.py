"""What the API says and takes about the rules: editions, drafts, checks and trials."""

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, fields, validate

from contact_hub.contact import Automatic
from contact_hub.drafts import LONGEST_NAME
from contact_hub.routing.file.marked import LARGEST
from contact_hub.web.words import DOORS, draft_name

NUMBER = validate.Range(1, 2**31 - 1)  # what a database can count to
LONGEST_REASON = 2_000


class Text(fields.String):
    """The rules as their file has them, YAML."""

    def __init__(self, *, required: bool = True) -> None:
        described = {"description": "the rules, as YAML"}
        super().__init__(required=required, allow_none=not required, validate=validate.Length(max=LARGEST), metadata=described)


class Reason(fields.String):
    """Why; somebody will ask."""

    def __init__(self) -> None:
        super().__init__(required=True, validate=[validate.Length(max=LONGEST_REASON), validate.Regexp(r"(?s).*\S")])


class EditionSummarySchema(Schema):
    """An edition in the list."""

    number = fields.Integer(attribute="id", required=True)
    author = fields.String(required=True)
    reason = fields.String(required=True)
    published_at = fields.DateTime(required=True)
    changes = fields.Dict(metadata={"description": "ids of rules, queues and topics, by what became of them"})
    tested = fields.Dict(metadata={"description": "how many rules, examples, tests and findings its check went through"})
    hash = fields.String(required=True, metadata={"description": "binds it to all editions before it"})


class EditionSchema(EditionSummarySchema):
    """An edition, whole."""

    text = fields.String(required=True)
    diff = fields.String(metadata={"description": "against the edition before it, as a unified diff"})
    replay = fields.Dict(metadata={"description": "what a replay had said when it was published"})
    previous_hash = fields.String()


class BeforeSchema(Schema):
    """Where a list goes on."""

    before = fields.Integer(validate=NUMBER, metadata={"description": "only editions before this one"})


class BetweenSchema(Schema):
    """Two editions."""

    older = fields.Integer(data_key="from", required=True, validate=NUMBER)
    newer = fields.Integer(data_key="to", required=True, validate=NUMBER)


class DiffSchema(Schema):
    """What one edition says otherwise than another."""

    older = fields.Integer(data_key="from", required=True)
    newer = fields.Integer(data_key="to", required=True)
    diff = fields.String(required=True, metadata={"description": "a unified diff"})
    changes = fields.Dict(required=True)


class CheckSchema(Schema):
    """A text to be checked."""

    text = Text()


class MarkSchema(Schema):
    """Something to mend, where it stands."""

    line = fields.Integer(required=True)
    column = fields.Integer(required=True)
    what = fields.String(required=True)
    mend = fields.String(required=True)


class FindingSchema(Schema):
    """What the doctor says."""

    code = fields.String(required=True)
    severity = fields.String(required=True)
    rules = fields.List(fields.String())
    line = fields.Integer(required=True)
    what = fields.String(required=True)
    remedy = fields.String(required=True)
    witness = fields.String()
    new = fields.Boolean(metadata={"description": "whether it can't be said of the edition that decides"})


class CheckedSchema(Schema):
    """What the check of a text says. With `good` true it may be published."""

    good = fields.Boolean(required=True)
    mistakes = fields.List(fields.Nested(MarkSchema), required=True)
    astray = fields.List(fields.Nested(MarkSchema), required=True, metadata={"description": "examples that do not hold"})
    findings = fields.List(fields.Nested(FindingSchema), required=True)
    tested = fields.Dict(required=True)
    changes = fields.Dict(allow_none=True, metadata={"description": "against the edition that decides"})


class Several(fields.List[Any]):
    """Several texts, or one alone, as in the rules file."""

    def __init__(self, description: str = "") -> None:
        super().__init__(fields.String(), load_default=(), metadata={"description": f"{description}one, or a list of them"})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        given = [value] if isinstance(value, str) else value
        return list(super()._deserialize(given, attr, data, **kwargs))


class PersonSchema(Schema):
    """What the hub knew of the sender; who has tickets is known, unless it says otherwise."""

    known = fields.Boolean(load_default=None)
    open_tickets = fields.Integer(data_key="open tickets", load_default=0, validate=validate.Range(0, 10**9))


class SampleSchema(Schema):
    """A contact as somebody describes it, with the keys of an example in the rules file."""

    channel = fields.String(load_default="email", validate=validate.OneOf(list(DOORS)))
    subject = fields.String(load_default="")
    text = fields.String(load_default="", metadata={"description": "what the citizen writes"})
    quoted = fields.String(load_default="")
    sender = fields.String(load_default="")
    recipient = Several()
    language = fields.String(load_default="", metadata={"description": "guessed from the text where it is not said"})
    postcode = fields.String(load_default="")
    form = fields.String(load_default="")
    fields_ = fields.Dict(fields.String(), fields.String(), data_key="fields", load_default=dict)
    headers = fields.Dict(fields.String(), fields.String(), load_default=dict)
    attachment = Several("the names of files: ")
    person = fields.Nested(PersonSchema, load_default=dict)
    topic = fields.String(load_default="")
    automatic = fields.String(load_default="", validate=validate.OneOf(get_args(Automatic)))
    received = fields.AwareDateTime(load_default=None, allow_none=True)


class TrySchema(Schema):
    """A contact to be decided, by a text or else by the edition that decides; `rule` asks for its whole tree."""

    text = Text(required=False)
    contact = fields.Nested(SampleSchema, required=True)
    rule = fields.String(load_default=None, allow_none=True)


class TriedSchema(Schema):
    """Where the contact would go, and why."""

    decision = fields.Dict(required=True)
    queue_name = fields.String(required=True)
    rule_name = fields.String(required=True)
    rule_line = fields.Integer(required=True)
    words = fields.List(fields.String(), required=True, metadata={"description": "what the citizen wrote that it goes by"})
    near_misses = fields.List(fields.Dict(), required=True)
    explanation = fields.Dict(allow_none=True)


class PublishSchema(Schema):
    """A text to be put in force."""

    text = Text()
    reason = Reason()
    onto = fields.Integer(
        required=True,
        validate=NUMBER,
        metadata={"description": "the edition the text was made from; with a newer one the answer is 409"},
    )
    draft = fields.Integer(load_default=None, allow_none=True, validate=NUMBER)


class AgainSchema(Schema):
    """An earlier edition to be published again."""

    reason = Reason()
    onto = fields.Integer(load_default=None, allow_none=True, validate=NUMBER)


class AmendSchema(Schema):
    """Another status and last day for one rule."""

    status = fields.String(required=True, validate=validate.OneOf(["active", "shadow", "off"]))
    until = fields.Date(load_default=None, allow_none=True)
    reason = Reason()
    onto = fields.Integer(load_default=None, allow_none=True, validate=NUMBER)


class FoundWrongSchema(Schema):
    """How often people found a rule wrong."""

    rule = fields.String(required=True)
    edition = fields.Integer(required=True)
    count = fields.Integer(required=True)


class OvertakenSchema(Schema):
    """Problem details (RFC 9457) of a text that another edition overtook."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    came = fields.Nested(EditionSummarySchema, required=True)
    diff = fields.String(required=True)
    changes = fields.Dict(required=True)
    homeless = fields.List(fields.String(), metadata={"description": "rules of the text whose queue was just taken away"})


class DraftSchema(Schema):
    """A text somebody works on."""

    id = fields.Integer(required=True)
    name = fields.Function(draft_name, metadata={"type": "string", "description": "after its author, where nobody named it"})
    text = fields.String(required=True)
    reason = fields.String(required=True)
    based_on = fields.Integer(required=True)
    version = fields.Integer(required=True, metadata={"description": "to be sent back with what was typed next"})
    author = fields.String(required=True)
    changed_by = fields.String(required=True)
    changed_at = fields.DateTime(required=True)


class DraftSummarySchema(DraftSchema):
    """A draft in the list."""

    class Meta:
        exclude = ("text",)


class NewDraftSchema(Schema):
    """A draft to begin: on the edition that decides, with its text where none is given."""

    name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))
    text = Text(required=False)


class KeepSchema(Schema):
    """What was typed, and the version of the draft it was typed in."""

    text = Text()
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    version = fields.Integer(required=True, validate=NUMBER)
