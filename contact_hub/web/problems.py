"""Error pages that say what happened and how to go on; for the API the same as problem details (RFC 9457)."""

from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as Answer

from contact_hub.database import reading
from contact_hub.forms import LANGUAGES
from contact_hub.logs import places_of
from contact_hub.meanwhile import WentOn
from contact_hub.tickets import Refused
from contact_hub.web import happened
from contact_hub.web.languages import speaking
from contact_hub.web.page_above import page_above
from contact_hub.web.people_at_work import is_refresh, me
from contact_hub.web.problem_details import as_problem, problem, with_headers_of
from contact_hub.web.refusals import sentence
from contact_hub.web.security import API

log = structlog.get_logger()
Failure = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
PLACES = 12  # lines of code that a log entry names, the innermost ones

# What happened, and how to go on.
EXPLAINED = {
    400: (_l("We could not read that request"), _l("Go back, check what you filled in and try again.")),
    401: (_l("You are not signed in"), _l("Sign in and try again.")),
    403: (_l("This page is not for your account"), _l("Ask your supervisor if you need it for your work.")),
    404: (_l("There is nothing here"), _l("Check the address. A ticket may have been handed over to a queue you don't see.")),
    405: (_l("That can't be done here"), _l("Go back and use the buttons on the page.")),
    409: (_l("That can't be done now"), _l("Something changed meanwhile. Go back, look at it anew and try again.")),
    410: (_l("This is not there any more"), _l("Ask for a new one where you found the old one.")),
    413: (_l("That is too large"), _l("Files may be 30 MB together. Send fewer or smaller ones.")),
    415: (_l("We can't read what was sent"), _l("Send it in the form that is described for it.")),
    422: (_l("Something is missing or wrong"), _l("Go back, mend what you filled in and send it again.")),
    429: (_l("Too many attempts"), _l("Wait a minute and try again.")),
    500: (_l("Something went wrong on our side"), _l("It has been noted. Try again; if it keeps on, tell your administrator.")),
    503: (_l("The hub is busy or being looked after"), _l("Wait a minute and try again. Nothing that was kept is lost.")),
}
EXPIRED = (_l("This form is out of date"), _l("Open the page anew and send it again; what you typed stands here to be copied."))
UNSAID = {"csrf_token", "password", "now", "code"}  # fields that are never shown again
SHORTEST = 20  # characters of what is worth to be copied


def explain(app: Flask) -> None:
    """Answers every error with a readable page."""
    app.log_exception = _log  # type: ignore[method-assign,assignment]  # the usual one logs what the database was given
    for code in EXPLAINED:
        app.register_error_handler(code, answer)
    app.register_error_handler(MethodNotAllowed, _go_above)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(ClientDisconnected, _gone)
    app.register_error_handler(Refused, refuse)
    for unkeepable in (DataError, UnicodeEncodeError):
        app.register_error_handler(unkeepable, _not_kept)


def answer(error: HTTPException) -> Response:
    """The page, or the problem details, for an error."""
    code = error.code or 500
    title, advice = EXPLAINED[code]
    if request.path.startswith(API):
        return as_problem(error)
    if code == InternalServerError.code:
        return Response(_without_database(title, advice), status=code)
    return with_headers_of(error, _page(code, title, advice))


def _go_above(error: MethodNotAllowed) -> Answer:
    """Who opens anew where a form was sent, by the back button or a kept address, finds the page that it belongs to."""
    opens = request.method in ("GET", "HEAD") and not request.path.startswith(API) and not is_refresh()
    above = page_above() if opens else ""
    return redirect(above, 303) if above else answer(error)


def _page(code: int, title: object, advice: object) -> Response:
    """What went wrong and how to go on, with what was typed; only that where a part of a page was asked for."""
    told = {"code": code, "title": title, "advice": advice}
    if is_refresh():
        return Response(render_template("problem_part.html", **told), status=code)
    return Response(render_template("problem.html", typed=_typed(code), **told), status=code)


def _typed(code: int) -> list[str]:
    """What somebody wrote in the form that was sent: a page that refuses it is no reason to lose it."""
    if code == RequestEntityTooLarge.code:
        return []
    return [text for name, text in request.form.items() if name not in UNSAID and len(text.strip()) >= SHORTEST]


def _without_database(title: object, advice: object) -> str:
    """A page that can be made when nothing else works: it asks nobody who looks at it."""
    with speaking(request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]):
        page = "problem_part.html" if is_refresh() else "broken.html"
        return str(render_template(page, code=500, title=title, advice=advice))


def refuse(refused: Refused) -> Response:
    """What a verb refuses: for the API with its code, and what happened meanwhile; on a page that shows no better one."""
    if not request.path.startswith(API):
        return _page(409, EXPLAINED[409][0], sentence(refused))
    told: list[dict[str, Any]] = []
    if isinstance(refused, WentOn):
        with reading() as session:
            told = [each.as_record() for each in happened.told(session, refused.events, me())]
    mistake = {"code": refused.code, "detail": sentence(refused)}
    return problem(409, "Conflict", detail=sentence(refused), errors=[mistake], meanwhile=told)


def _not_kept(error: Exception) -> Response:
    """What somebody sent holds a character or a number that no database keeps, as a zero byte in an id."""
    log.warning("what was sent can't be kept", endpoint=request.endpoint, error=type(error).__name__)
    return answer(BadRequest())


def _expired(error: CSRFError) -> Response:
    return _page(400, *EXPIRED)


def _gone(error: ClientDisconnected) -> Response:
    """Whoever asked left before all of it was here: there is nothing to read again, and nobody to tell."""
    return Response(status=error.code)


def _log(failure: Failure) -> None:
    """Where it went wrong and of which kind; never what it was about."""
    kind, _, trace = failure
    at = places_of(trace)[-PLACES:]
    log.error("a request failed", endpoint=request.endpoint, error=kind.__name__ if kind else "", at=at)
