"""Web forms for a municipality's own site: which there are, what they ask, and what somebody filled in."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, make_response, request
from flask_smorest import Blueprint
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError

from contact_hub import forms, intake, submissions
from contact_hub.api.schemas import FormSchema, FormSummarySchema, ReceiptSchema, SubmissionSchema
from contact_hub.batch import Arrival
from contact_hub.contact import Attachment
from contact_hub.database import now
from contact_hub.forms import LANGUAGES, Form
from contact_hub.submissions import LARGEST_FILE, MOST_FILES, Slip
from contact_hub.web.problem_details import problem
from contact_hub.web.security import limiter, settings_of

LARGEST_POST = MOST_FILES * LARGEST_FILE + (10 << 20)  # bytes
OFTEN = "300/minute"  # posts from one address: a whole site may stand behind it
LONGEST_KEY = 200  # characters of an Idempotency-Key
SHOWN_TO_SITES = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key"}

blueprint = Blueprint("forms", __name__, url_prefix="/api/v1/forms", description="Web forms of the municipality")


@dataclass(frozen=True)
class Posted:
    """What somebody sent: answers and files by field."""

    language: str
    answers: Mapping[str, object]
    files: Mapping[str, list[Attachment]]


@blueprint.route("", methods=["GET"])
@blueprint.response(200, FormSummarySchema(many=True))
def list_forms() -> list[Form]:
    """The forms there are."""
    return list(_published().values())


@blueprint.route("/<form_id>", methods=["GET"])
@blueprint.response(200, FormSchema)
@blueprint.alt_response(404, description="No such form")
def show_form(form_id: str) -> Form:
    """What a form asks."""
    return _form(form_id)


@blueprint.route("/<form_id>", methods=["POST"])
@blueprint.doc(
    parameters=[
        {
            "in": "header",
            "name": "Idempotency-Key",
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
            "description": "the same answers under the same key are one contact, however often they are sent",
        }
    ],
    requestBody={
        "required": True,
        "content": {"application/json": {"schema": SubmissionSchema}, "multipart/form-data": {"schema": {"type": "object"}}},
    },
)
@blueprint.response(201, ReceiptSchema, description="Taken in and stored for good")
@blueprint.alt_response(200, schema=ReceiptSchema, description="It had come in before")
@blueprint.alt_response(202, schema=ReceiptSchema, description="Kept; somebody looks at it by hand first")
@blueprint.alt_response(404, description="No such form")
@blueprint.alt_response(422, description="Mistakes in the answers, all of them at once")
@blueprint.alt_response(503, description="It could not be stored; send it again")
@limiter.limit(OFTEN)
def submit(form_id: str) -> Response:
    """Takes in what somebody filled in; answered only once it is stored."""
    form = _form(form_id)
    request.max_content_length = LARGEST_POST
    try:
        posted = _posted()
    except ValidationError as error:
        return _unprocessable([_as_mistake(path, words) for path, words in _flat(error.messages_dict)])
    checked = submissions.check(form, posted.answers, posted.files)
    key = request.headers.get("Idempotency-Key", "")
    slips = [*checked.slips, *([Slip("", "too_long", {"most": str(LONGEST_KEY)})] if len(key) > LONGEST_KEY else [])]
    if slips:
        return _unprocessable([_as_record(slip) for slip in slips])
    contact = submissions.contact_of(
        form,
        checked.answers,
        [file for files in posted.files.values() for file in files],
        submission=_submission(form, key),
        received=now(),
        language=posted.language,
    )
    try:
        arrivals = intake.receive([contact], channel=submissions.CHANNEL)
    except OperationalError:
        return problem(
            503, "Service Unavailable", detail="It could not be stored. Send it again with the same Idempotency-Key."
        )
    return _receipt(arrivals)


@blueprint.after_request
def let_sites_ask(response: Response) -> Response:
    """Lets pages of the sites on the list (CONTACT_HUB_FORM_ORIGINS) send forms from the browser."""
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin", "")
    if origin in settings_of(current_app).form_origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.update(SHOWN_TO_SITES)
    return response


def _published() -> Mapping[str, Form]:
    return forms.published(settings_of(current_app).forms)


def _form(form_id: str) -> Form:
    form: Form = _published().get(form_id) or abort(404)
    return form


def _posted() -> Posted:
    """The request in either of its two shapes. Raises ValidationError with all that is wrong with it."""
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return _from_parts()
    sent = SubmissionSchema().load(request.get_json())
    return Posted(sent["language"], sent["fields_"], {})


def _from_parts() -> Posted:
    answers: dict[str, object] = dict(request.form.items())
    language = str(answers.pop("language", LANGUAGES[0]))
    SubmissionSchema().load({"language": language, "fields": answers})
    files: dict[str, list[Attachment]] = {}
    for name, file in request.files.items(multi=True):
        if file.filename:
            files.setdefault(name, []).append(submissions.attachment(file.filename, file.mimetype, file.read()))
    return Posted(language, answers, files)


def _submission(form: Form, key: str) -> str:
    """Names what is sent: by the sender's key, hashed, or else uniquely."""
    if not key:
        return f"api-{secrets.token_urlsafe(16)}"
    return f"api-{hashlib.sha256(' '.join((form.id, key)).encode('utf-8', 'replace')).hexdigest()}"


def _receipt(arrivals: list[Arrival]) -> Response:
    if not arrivals:
        return make_response({"reference": None}, 202)
    arrival = arrivals[0]
    return make_response({"reference": arrival.ticket.reference}, 200 if arrival.known else 201)


def _unprocessable(errors: list[dict[str, str]]) -> Response:
    return problem(422, "Unprocessable Content", detail="Mend what is listed and send it again.", errors=errors)


def _as_record(slip: Slip) -> dict[str, str]:
    where = {"field": slip.field, "pointer": f"/fields/{slip.field}"} if slip.field else {}
    return {"detail": slip.words, "code": slip.code, **where}


def _as_mistake(path: str, words: str) -> dict[str, str]:
    return {"detail": words, "code": "malformed", "pointer": path}


def _flat(messages: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    """Marshmallow's nested messages, each with the pointer to where it belongs."""
    found: list[tuple[str, str]] = []
    for name, said in messages.items():
        here = path if name == "_schema" else f"{path}/{name}"
        found += _flat(said, here) if isinstance(said, Mapping) else [(here, str(words)) for words in said]
    return found
