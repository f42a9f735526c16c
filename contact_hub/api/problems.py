"""Every error of the API in one shape: problem details (RFC 9457), with all mistakes at once."""

from collections.abc import Sequence
from typing import Any

import flask_smorest
from flask import Response, json, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

PREFIX = "/api/"
TYPE = "application/problem+json"


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


class Api(flask_smorest.Api):  # type: ignore[misc]
    """Documents and answers errors as problem details; pages keep theirs."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        """An error of the API as problem details."""
        if error.code is None or not request.path.startswith(PREFIX):
            return error
        said = getattr(error, "data", None) or {}
        response = problem(error.code, error.name, detail=said.get("message", ""))
        for name, value in error.get_headers():
            if name.lower() not in {"content-type", "content-length"}:
                response.headers[name] = value
        return response


def problem(status: int, title: str, *, detail: str = "", errors: Sequence[dict[str, str]] = ()) -> Response:
    """An answer that says what went wrong."""
    details: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        details["detail"] = detail
    if errors:
        details["errors"] = list(errors)
    return Response(json.dumps(details), status=status, mimetype=TYPE)
