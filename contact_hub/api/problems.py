"""Every error of the API in one shape, as problem details (RFC 9457), and that shape in its description."""

from typing import Any

import flask_smorest
from flask import request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from contact_hub.web.problem_details import as_problem
from contact_hub.web.security import API


class MistakeSchema(Schema):
    """One mistake in what was sent."""

    detail = fields.String(required=True, metadata={"description": "what is wrong and how to mend it"})
    pointer = fields.String(metadata={"description": "where it stands, as a JSON pointer (RFC 6901)"})
    field = fields.String(metadata={"description": "the field of the form"})
    code = fields.String(metadata={"description": "which mistake it is; stays the same in every language"})


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(MistakeSchema))
    meanwhile = fields.List(
        fields.Dict(), metadata={"description": "of `went_on`: what happened since, each with number, kind, at and detail"}
    )


class Api(flask_smorest.Api):  # type: ignore[misc]
    """Documents and answers errors as problem details; pages keep theirs."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        """An error of the API as problem details."""
        return as_problem(error) if error.code and request.path.startswith(API) else error
