"""The pages of a form: fill in, look over, receipt. Every answer is checked again at the end; nothing needs a script."""

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from channels.web_form import tokens, uploads
from channels.web_form.tokens import Ticking
from channels.web_form.uploads import Upload
from contact_hub import forms, intake, submissions
from contact_hub.contact import Attachment
from contact_hub.database import now
from contact_hub.forms import LANGUAGES, Form
from contact_hub.submissions import LARGEST_FILE, MOST_FILES, Checked, Slip
from contact_hub.web import languages, preferences
from contact_hub.web.languages import language
from contact_hub.web.security import limiter, settings_of

LARGEST_POST = MOST_FILES * LARGEST_FILE + (10 << 20)  # bytes: room to say kindly which file is one too many
OFTEN = "30/minute;300/hour"  # posts from one address: a whole library may stand behind it

blueprint = Blueprint("web_form", __name__)
log = structlog.get_logger()


@dataclass(frozen=True)
class Filled:
    """A form as it was posted: the submission, the answers as typed, the files, and how it was found."""

    form: Form
    ticking: Ticking
    typed: dict[str, str]
    uploads: list[Upload]
    checked: Checked


@blueprint.get("/")
@blueprint.get("/forms/")
def index() -> str:
    """All forms."""
    return render_template("citizens/forms.html", forms=_published().values())


@blueprint.get("/forms/<form_id>")
def blank(form_id: str) -> str:
    """An empty form."""
    form = _form(form_id)
    return render_template("citizens/form.html", form=form, token=tokens.begin().signed, typed={}, uploads=[], slips=[])


@blueprint.post("/forms/<form_id>")
@limiter.limit(OFTEN)
def fill_in(form_id: str) -> Response:
    """Shows the form again with its mistakes, or to look over; sends it when that was done."""
    form = _form(form_id)
    request.max_content_length = LARGEST_POST
    try:
        filled = _filled(form)
    except RequestEntityTooLarge:
        return _too_large(form)
    if request.form.get("language") in LANGUAGES:
        return _in_language(request.form["language"], filled)
    slips = [*_slips_of_the_page(filled), *filled.checked.slips]
    step = request.form.get("step", "review")
    if slips and step != "edit":
        return _page("citizens/form.html", filled, slips=slips, status=422)
    if step == "send":
        return _send(filled)
    template = "citizens/form.html" if step == "edit" else "citizens/review.html"
    return _page(template, filled, slips=[])


fill_in.without_token = True  # type: ignore[attr-defined]  # it carries a signed token of its own, without a cookie


@blueprint.get("/forms/<form_id>/receipt")
def receipt(form_id: str) -> str:
    """That it came in, under which reference."""
    claims = tokens.read_receipt(request.args.get("r", "")) or abort(404)
    return render_template("citizens/receipt.html", form=_form(form_id), **claims)


def _published() -> Any:
    return forms.published(settings_of(current_app).forms)


def _form(form_id: str) -> Form:
    form: Form = _published().get(form_id) or abort(404)
    return form


def _filled(form: Form) -> Filled:
    ticking = tokens.resume(request.form.get("token", ""))
    dropped = set(request.form.getlist("dropped"))
    kept = [token for token in request.form.getlist("kept") if token not in dropped]
    found = uploads.gather(form, request.files.items(multi=True), kept, ticking.submission)
    typed = {each.name: request.form.get(each.name, "") for each in form.fields if each.type != "file"}
    files: dict[str, list[Attachment]] = {}
    for each in found:
        files.setdefault(each.field, []).append(each.attachment)
    return Filled(form, ticking, typed, found, submissions.check(form, typed, files))


def _slips_of_the_page(filled: Filled) -> list[Slip]:
    """A robot fills in what people don't see, and is quicker than they are."""
    slips = [Slip("website", "left_empty")] if request.form.get("website") else []
    timing = filled.ticking.slip
    return [*slips, Slip("", timing)] if timing and request.form.get("step") == "send" else slips


def _send(filled: Filled) -> Response:
    """Takes the contact in, and leads to the receipt once it is committed."""
    submission = filled.ticking.submission
    contact = submissions.contact_of(
        filled.form,
        filled.checked.answers,
        [each.attachment for each in filled.uploads],
        submission=submission,
        received=now(),
        language=language(),
        thread=f"{submissions.CHANNEL}:{submission}",
    )
    try:
        arrivals = intake.receive([contact], channel=submissions.CHANNEL)
    except OperationalError as error:
        log.warning("a form could not be stored", form=filled.form.id, error=type(error).__name__)
        return _page("citizens/review.html", filled, slips=[], not_stored=True, status=503)
    reference = arrivals[0].ticket.reference if arrivals else ""
    shown = tokens.sign_receipt({"reference": reference, "mailed": "@" in contact.sender})
    return _see_other(url_for("web_form.receipt", form_id=filled.form.id, r=shown))


def _page(template: str, filled: Filled, *, slips: list[Slip], status: int = 200, **more: object) -> Response:
    page = render_template(
        template,
        form=filled.form,
        token=filled.ticking.again().signed,
        typed=filled.typed,
        answers=filled.checked.answers,
        uploads=[each for each in filled.uploads if each.token],
        slips=slips,
        shown=submissions.shown,
        **more,
    )
    return make_response(page, status)


def _in_language(wanted: str, filled: Filled) -> Response:
    """The form with all that was filled in, in another language, which the browser keeps."""
    with languages.speaking(wanted):
        page = _page("citizens/form.html", filled, slips=[])
    preferences.remember(page, languages.COOKIE, wanted)
    return page


def _too_large(form: Form) -> Response:
    slip = Slip(form.file_fields[0].name if form.file_fields else "", "post_too_large", {"most": str(LARGEST_FILE >> 20)})
    page = render_template("citizens/form.html", form=form, token=tokens.begin().signed, typed={}, uploads=[], slips=[slip])
    return make_response(page, 413)


def _see_other(address: str) -> Response:
    return make_response(redirect(address, code=303))
