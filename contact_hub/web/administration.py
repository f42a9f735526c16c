"""The administrators' pages: people with roles and queues, channels, and what was changed."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import administration, live, second_factor
from contact_hub.agents import ROLES, Agent
from contact_hub.database import reading
from contact_hub.forms import published
from contact_hub.mailboxes import Mailbox
from contact_hub.queues import Queue, all_queues, queues_in_use
from contact_hub.tickets import Refused
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_administrators, me
from contact_hub.web.refusals import sentence
from contact_hub.web.security import settings_of
from contact_hub.web.words import ROLES as ROLE_WORDS
from contact_hub.web.words import queue_name

blueprint = Blueprint("administration", __name__)
menu = (Entry("administration.people", _l("Administration"), position=90, administrators_only=True),)
Answer = str | Response | tuple[str, int]
VERBS: dict[str, Callable[..., None]] = {
    "close": administration.close,
    "open": administration.open_again,
    "unlock": administration.unlock,
    "link": administration.send_link,
    "factor-off": administration.switch_factor_off,
}
DONE = {
    "close": _l("The account is closed. Their open tickets are back in the queues."),
    "open": _l("The account is open again."),
    "unlock": _l("They can try again at once."),
    "link": _l("A link to choose a password is on its way."),
    "factor-off": _l("No code is asked of them any more."),
}
KINDS = {
    "added": _l("account made"),
    "changed": _l("changed"),
    "closed": _l("account closed"),
    "opened": _l("account opened again"),
    "unlocked": _l("unlocked"),
    "link_sent": _l("link sent to choose a password"),
    "factor_off": _l("second factor switched off"),
}


@blueprint.get("/admin/people")
@for_administrators
def people() -> str:
    """Everybody with an account, those who may sign in first."""
    with reading() as session:
        everyone = session.scalars(select(Agent).order_by(Agent.active.desc(), Agent.name, Agent.id)).all()
        return render_template("admin/people.html", everyone=everyone, queues=_queues(session))


@blueprint.get("/admin/people/new")
@for_administrators
def new() -> str:
    """A form for somebody new."""
    return _form(None)


@blueprint.post("/admin/people")
@for_administrators
def add() -> Answer:
    """Makes an account, and sends a link to choose a password."""
    try:
        with live.change() as session:
            number = administration.add(session, email=request.form.get("email", ""), by=me(), **_typed()).id
    except Refused as refused:
        return _form(None, wrong=sentence(refused)), 422
    flash(str(DONE["link"]))
    return redirect(url_for("administration.person", number=number), 303)


@blueprint.get("/admin/people/<int:number>")
@for_administrators
def person(number: int) -> str:
    """One person, to be changed."""
    return _form(number)


@blueprint.post("/admin/people/<int:number>")
@for_administrators
def change(number: int) -> Answer:
    """Changes address, name, role and queues."""
    try:
        with live.change() as session:
            agent = _agent(session, number)
            administration.change(session, agent, email=request.form.get("email", agent.email), by=me(), **_typed())
    except Refused as refused:
        return _form(number, wrong=sentence(refused)), 422
    flash(str(_l("Changed.")))
    return redirect(url_for("administration.person", number=number), 303)


@blueprint.post(f"/admin/people/<int:number>/<any({', '.join(map(repr, VERBS))}):verb>")
@for_administrators
def do(number: int, verb: str) -> Answer:
    """Closes or opens an account, unlocks it, sends a link, switches a second factor off."""
    try:
        with live.change() as session:
            VERBS[verb](session, _agent(session, number), by=me())
    except Refused as refused:
        return _form(number, wrong=sentence(refused)), 409
    flash(str(DONE[verb]))
    return redirect(url_for("administration.person", number=number), 303)


@blueprint.get("/admin/channels")
@for_administrators
def channels() -> str:
    """The doors: what is watched, by which accounts the hub writes, which forms there are; never a secret."""
    settings = settings_of(current_app)
    accounts = [(account, urlsplit(account.url).hostname or "") for account in settings.mail_accounts]
    with reading() as session:
        mailboxes = session.scalars(select(Mailbox).order_by(Mailbox.name)).all()
        forms = list(published(settings.forms).values())
        return render_template(
            "admin/channels.html", mailboxes=mailboxes, accounts=accounts, forms=forms, queues=_queues(session)
        )


@blueprint.get("/admin/changes")
@for_administrators
def changes() -> str:
    """What administrators changed, newest first."""
    with reading() as session:
        names = dict(session.execute(select(Agent.id, Agent.name)).all())
        queues = {queue.id: str(queue_name(queue)) for queue in all_queues(session)}
        return render_template(
            "admin/changes.html",
            changes=administration.lately(session),
            names=names,
            kinds=KINDS,
            told=lambda part, value: _told(part, value, queues),
        )


def _told(part: str, value: Any, queues: Mapping[str, str]) -> str:
    """What it was or is, as people call it; a dash for nothing."""
    if part == "role":
        return str(ROLE_WORDS.get(value, value) or "–")
    if part == "queues":
        return ", ".join(queues.get(each, each) for each in value) or "–"
    return str(value)


def _form(number: int | None, *, wrong: str = "") -> str:
    with reading() as session:
        agent = _agent(session, number) if number is not None else None
        chosen = set(request.form.getlist("queue")) if wrong else agent.queue_ids if agent else set()
        return render_template(
            "admin/person.html",
            agent=agent,
            has_factor=agent is not None and second_factor.is_on(session, agent.id),
            roles=ROLES,
            queues=_queues(session),
            chosen=chosen,
            typed=request.form if wrong else {},
            wrong=wrong,
        )


def _typed() -> dict[str, Any]:
    form = request.form
    return {"name": form.get("name", ""), "role": form.get("role", ""), "queues": form.getlist("queue")}


def _agent(session: Session, number: int) -> Agent:
    return session.get(Agent, number) or abort(404)


def _queues(session: Session) -> dict[str, Queue]:
    return {queue.id: queue for queue in queues_in_use(session)}
