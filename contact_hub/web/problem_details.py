"""Errors for other systems: problem details (RFC 9457), the one shape in which the API says what went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, json
from werkzeug.exceptions import HTTPException, InternalServerError

TYPE = "application/problem+json"
OURS = {"content-type", "content-length"}  # headers that the answer in another shape has of its own


def problem(
    status: int, title: str, *, detail: str = "", errors: Sequence[dict[str, str]] = (), **more: Sequence[Any]
) -> Response:
    """An answer that says what went wrong, with all mistakes at once, and `more` where there is any."""
    details: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        details["detail"] = detail
    if errors:
        details["errors"] = list(errors)
    details |= {name: value for name, value in more.items() if value}
    return Response(json.dumps(details), status=status, mimetype=TYPE)


def as_problem(error: HTTPException) -> Response:
    """The answer to a request that ended in this error."""
    said = getattr(error, "data", None) or {}
    code = error.code or InternalServerError.code
    errors = [each for place in said.get("messages", {}).values() for each in _errors(place)]
    return with_headers_of(error, problem(code, error.name, detail=said.get("message", ""), errors=errors))


def _errors(found: object, pointer: str = "") -> Iterator[dict[str, str]]:
    """What marshmallow found, each where it stands: under the fields' names, as lists of sentences."""
    if isinstance(found, Mapping):
        for name, inside in found.items():
            escaped = str(name).replace("~", "~0").replace("/", "~1")
            yield from _errors(inside, pointer if name == "_schema" else f"{pointer}/{escaped}")
    else:
        for sentence in found if isinstance(found, list) else [found]:
            yield {"detail": str(sentence), "pointer": pointer}


def with_headers_of(error: HTTPException, response: Response) -> Response:
    """Keeps what the error says in its headers, as which methods are allowed or when to come back."""
    for name, value in error.get_headers():
        if name.lower() not in OURS:
            response.headers[name] = value
    return response
