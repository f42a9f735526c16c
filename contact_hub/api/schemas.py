"""What the API says and takes: forms, what somebody filled in, and the reference of a ticket."""

from marshmallow import Schema, fields, validate

from contact_hub.forms import LANGUAGES

Texts = fields.Dict(keys=fields.String(validate=validate.OneOf(LANGUAGES)), values=fields.String())


class ChoiceSchema(Schema):
    """One of the values a field offers."""

    value = fields.String(required=True)
    label = Texts


class FieldSchema(Schema):
    """One question of a form."""

    name = fields.String(required=True)
    type = fields.String(required=True)
    label = Texts
    help = Texts
    required = fields.Boolean(required=True)
    choices = fields.List(fields.Nested(ChoiceSchema))


class FormSummarySchema(Schema):
    """A form in the list of forms."""

    id = fields.String(required=True)
    title = Texts
    intro = Texts


class FormSchema(FormSummarySchema):
    """A form with its fields."""

    fields_ = fields.List(fields.Nested(FieldSchema), attribute="fields", data_key="fields", required=True)


class SubmissionSchema(Schema):
    """What somebody filled in, as JSON. As multipart/form-data the answers and files stand beside `language`."""

    language = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    fields_ = fields.Dict(
        keys=fields.String(), data_key="fields", required=True, metadata={"description": "answers by the name of their field"}
    )


class ReceiptSchema(Schema):
    """That a contact came in. Without a reference it is kept, but somebody has to look at it by hand first."""

    reference = fields.String(required=True, allow_none=True, metadata={"example": "26-004512-K"})
