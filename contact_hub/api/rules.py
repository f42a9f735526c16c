"""The rules for supervisors: editions and what they changed, checks and trials of a text, publishing and rolling back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, abort, json
from flask_smorest import Blueprint
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import defer

from contact_hub import editions, publishing, wrong_decisions
from contact_hub.api import rules_schemas as schemas
from contact_hub.api.signed_in import leads_only
from contact_hub.database import reading
from contact_hub.editions import Edition
from contact_hub.next_edition import Overtaken
from contact_hub.routing.explaining import NoSuchRule
from contact_hub.routing.file.changes import changes, line_by_line
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.visibility import readable
from contact_hub.web.people_at_work import me
from contact_hub.web.problem_details import TYPE, problem
from contact_hub.web.rules.found import as_file, edition_of
from contact_hub.web.trials import checks, tried
from contact_hub.web.words import said_words

EDITIONS = 50  # in one answer
MISTAKES = "The text has mistakes, or does not keep its own examples and tests"
OVERTAKEN = "Another edition came in since; look at what it changed"

blueprint = leads_only(
    Blueprint(
        "rules_api",
        __name__,
        url_prefix="/api/v1/rules",
        description="The routing rules, for supervisors who are signed in; a change brings the page's token in X-CSRFToken",
    )
)


@blueprint.route("/editions", methods=["GET"])
@blueprint.arguments(schemas.BeforeSchema, location="query")
@blueprint.response(200, schemas.EditionSummarySchema(many=True))
def list_editions(asked: Mapping[str, int]) -> list[Edition]:
    """The editions, newest first, at most 50."""
    wanted = select(Edition).options(defer(Edition.text), defer(Edition.diff)).order_by(Edition.id.desc()).limit(EDITIONS)
    if "before" in asked:
        wanted = wanted.where(Edition.id < asked["before"])
    with reading() as session:
        return list(session.scalars(wanted))


@blueprint.route("/editions/<int:number>", methods=["GET"])
@blueprint.response(200, schemas.EditionSchema)
@blueprint.alt_response(404, description="No such edition")
def show_edition(number: int) -> Edition:
    """One edition, with its text and what it changed."""
    with reading() as session:
        return edition_of(session, number)


@blueprint.route("/editions/<int:number>/file", methods=["GET"])
@blueprint.response(200, content_type="application/yaml", description="The text as it was written, comments and all")
@blueprint.alt_response(404, description="No such edition")
def export(number: int) -> Response:
    """The rules file of an edition, byte for byte."""
    with reading() as session:
        return as_file(edition_of(session, number))


@blueprint.route("/diff", methods=["GET"])
@blueprint.arguments(schemas.BetweenSchema, location="query")
@blueprint.response(200, schemas.DiffSchema)
@blueprint.alt_response(404, description="No such edition")
def diff(asked: Mapping[str, int]) -> dict[str, Any]:
    """What one edition says otherwise than another: line by line and rule by rule."""
    with reading() as session:
        older, newer = edition_of(session, asked["older"]), edition_of(session, asked["newer"])
        told = changes(editions.rulebook_of(session, older.id), editions.rulebook_of(session, newer.id))
    lines = line_by_line(older.text, newer.text, (f"edition {older.id}", f"edition {newer.id}"))
    return {**asked, "diff": lines, "changes": told.as_record()}


@blueprint.route("/check", methods=["POST"])
@blueprint.arguments(schemas.CheckSchema)
@blueprint.response(200, schemas.CheckedSchema)
def check(sent: Mapping[str, str]) -> dict[str, Any]:
    """All that is to be known of a text before it is published."""
    return checks(sent["text"])


@blueprint.route("/try", methods=["POST"])
@blueprint.arguments(schemas.TrySchema)
@blueprint.response(200, schemas.TriedSchema)
@blueprint.alt_response(422, description=MISTAKES)
def try_(sent: Mapping[str, Any]) -> Any:
    """Where a contact would go, and why; nothing is stored."""
    try:
        return tried(sent.get("text"), sent["contact"], sent["rule"])
    except RulebookError as error:
        return mistaken(error)
    except NoSuchRule:
        return problem(422, "Unprocessable Content", detail="There is no such rule.")


@blueprint.route("/editions", methods=["POST"])
@blueprint.arguments(schemas.PublishSchema)
@blueprint.response(201, schemas.EditionSchema)
@blueprint.alt_response(409, schema=schemas.OvertakenSchema, description=OVERTAKEN)
@blueprint.alt_response(422, description=MISTAKES)
def publish(sent: Mapping[str, Any]) -> Any:
    """Puts a text in force; every process decides by it within two seconds."""
    return _published(
        lambda: publishing.publish(
            sent["text"], author=me().name, reason=sent["reason"], onto=sent["onto"], draft=sent["draft"]
        )
    )


@blueprint.route("/editions/<int:number>/rollback", methods=["POST"])
@blueprint.arguments(schemas.AgainSchema)
@blueprint.response(201, schemas.EditionSchema)
@blueprint.alt_response(404, description="No such edition")
@blueprint.alt_response(409, schema=schemas.OvertakenSchema, description=OVERTAKEN)
@blueprint.alt_response(422, description=MISTAKES)
def roll_back(sent: Mapping[str, Any], number: int) -> Any:
    """Publishes the text of an earlier edition again, as a new one."""
    return _published(lambda: publishing.roll_back(number, author=me().name, reason=sent["reason"], onto=sent["onto"]))


@blueprint.route("/rules/<rule>", methods=["PATCH"])
@blueprint.arguments(schemas.AmendSchema)
@blueprint.response(201, schemas.EditionSchema)
@blueprint.alt_response(404, description="No such rule")
@blueprint.alt_response(409, schema=schemas.OvertakenSchema, description=OVERTAKEN)
@blueprint.alt_response(422, description=MISTAKES)
def amend(sent: Mapping[str, Any], rule: str) -> Any:
    """Gives one rule another status and last day, in a new edition whose text is otherwise the same, comments too."""
    until: date | None = sent["until"]
    return _published(
        lambda: publishing.amend(
            rule, status=sent["status"], until=until, author=me().name, reason=sent["reason"], onto=sent["onto"]
        )
    )


@blueprint.route("/found-wrong", methods=["GET"])
@blueprint.response(200, schemas.FoundWrongSchema(many=True))
def found_wrong() -> list[dict[str, Any]]:
    """How often people found each rule wrong, by edition, the latest first; of the tickets that you know of."""
    with reading() as session:
        seen = readable(session, me())
        counts = wrong_decisions.counted(session, seen)
    return [{"rule": rule, "edition": edition, "count": count} for (rule, edition), count in counts.items()]


def mistaken(error: RulebookError) -> Response:
    """All that is wrong with a text, in the language of whoever sent it."""
    errors = [
        {"detail": f"{said_words(each.what)} {said_words(each.mend)}", "line": str(each.line), "column": str(each.column)}
        for each in error.mistakes
    ]
    return problem(422, "Unprocessable Content", detail="Mend what is listed and send it again.", errors=errors)


def _published(publish: Any) -> Any:
    """The new edition, or why there is none."""
    try:
        return publish()
    except Overtaken as error:
        return _overtaken(error)
    except RulebookError as error:
        return mistaken(error)
    except publishing.Unchanged:
        return problem(422, "Unprocessable Content", detail="This is the text that decides already.")
    except (NoResultFound, NoSuchRule):
        abort(404)


def _overtaken(error: Overtaken) -> Response:
    details = {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": f"Edition {error.came.id} came in since: look at what it changed, and publish on top of it.",
        "came": schemas.EditionSummarySchema().dump(error.came),
        "diff": error.diff,
        "changes": error.changes.as_record(),
        "homeless": list(error.homeless),
    }
    return Response(json.dumps(details), status=409, mimetype=TYPE)
