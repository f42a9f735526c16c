"""The pages where supervisors and administrators keep the texts that answers are made from."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session as SessionType
from werkzeug.wrappers import Response

from contact_hub import answer_templates
from contact_hub.answer_templates import FIELDS, AnswerTemplate
from contact_hub.database import Session, reading
from contact_hub.queues import Queue, queues_in_use
from contact_hub.tickets import Refused
from contact_hub.web.languages import NAMES
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.refusals import sentence

blueprint = Blueprint("answer_templates", __name__)
menu = (Entry("answer_templates.page", _l("Templates"), position=80, leads_only=True),)
Answer = str | Response | tuple[str, int]


@blueprint.get("/templates")
@for_leads
def page() -> str:
    """All templates, those in use first."""
    with reading() as session:
        found = session.scalars(select(AnswerTemplate).order_by(AnswerTemplate.retired, AnswerTemplate.name)).all()
        return render_template("supervisor/templates.html", templates=found, queues=_queues(session))


@blueprint.get("/templates/new")
@for_leads
def new() -> str:
    """A form for a new one."""
    return _form(None)


@blueprint.get("/templates/<int:number>")
@for_leads
def show(number: int) -> str:
    """One template, to be changed."""
    return _form(number)


@blueprint.post("/templates")
@for_leads
def add() -> Answer:
    """Keeps a new one."""
    return _kept(None)


@blueprint.post("/templates/<int:number>")
@for_leads
def change(number: int) -> Answer:
    """Keeps it as it is written now, retires it, or takes it into use again."""
    if request.form.get("do") not in {"retire", "use"}:
        return _kept(number)
    with Session.begin() as session:
        _template(session, number).retired = request.form["do"] == "retire"
    flash(_("Changed."))
    return redirect(url_for("answer_templates.page"), 303)


def _kept(number: int | None) -> Answer:
    form = request.form
    texts = {language: form.get(f"text-{language}", "") for language in NAMES}
    try:
        with Session.begin() as session:
            template = AnswerTemplate() if number is None else _template(session, number)
            answer_templates.keep(
                session, template, name=form.get("name", ""), queue=form.get("queue", ""), texts=texts, by=me()
            )
    except Refused as refused:
        return _form(number, wrong=sentence(refused)), 422
    flash(_("Saved."))
    return redirect(url_for("answer_templates.page"), 303)


def _form(number: int | None, *, wrong: str = "") -> str:
    with reading() as session:
        template = None if number is None else _template(session, number)
        texts = {language: request.form.get(f"text-{language}", "") for language in NAMES} if wrong else None
        return render_template(
            "supervisor/template.html",
            template=template,
            texts=texts or (template.texts if template else {}),
            typed=request.form if wrong else {},
            queues=_queues(session),
            fields=FIELDS,
            wrong=wrong,
        )


def _template(session: SessionType, number: int) -> AnswerTemplate:
    return session.get(AnswerTemplate, number) or abort(404)


def _queues(session: SessionType) -> dict[str, Queue]:
    found = queues_in_use(session)
    return {queue.id: queue for queue in found}
