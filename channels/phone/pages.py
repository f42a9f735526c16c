"""The pages of the log: the form, who may be calling, what is half written, and the reference to say aloud."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.phone import callers
from channels.phone.call import CHANNELS, Call, as_typed, one_of, written_in
from channels.phone.settling import taken_in
from contact_hub import calls, editions, live, outcomes, tickets
from contact_hub.calls import HalfWritten
from contact_hub.database import now, reading
from contact_hub.queues import Queue, Topic, queues_in_use
from contact_hub.tickets import Refused
from contact_hub.visibility import Sight, sight_of
from contact_hub.web.languages import language
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence

blueprint = Blueprint("phone", __name__)
menu = (Entry("phone.blank", _l("Log a call"), position=20),)


@blueprint.get("/calls/new")
@for_agents
def blank() -> str:
    """An empty log; one that goes on with a half-written call, or with the next question of a call just logged."""
    with reading() as session:
        draft = session.get(HalfWritten, request.args.get("draft", ""))
        if draft and draft.agent_id == me().id:
            return _page(session, Call(draft.id, began=draft.began_at, **draft.typed))
        return _page(session, _next_question() or _empty())


@blueprint.post("/calls")
@for_agents
def log() -> Response:
    """Takes the call in, with what became of it, in one transaction."""
    with reading() as session:
        call, topic = _written(session)
        if call.wrong:
            return make_response(_page(session, call), 422)
    try:
        ticket = taken_in(call, topic, me().id)
    except Refused as refused:
        with reading() as session:
            return make_response(_page(session, call, sentence(refused)), 409)
    told = {"reference": ticket.reference, "queue": ticket.queue_id, "status": ticket.status}
    told |= {"call": call.id, "name": call.name, "address": call.address, "first": call.after or ticket.reference}
    if request.form.get("then") == "another":
        return _see_other("phone.blank", after=_signer("logged").dumps(told), channel=call.channel)
    return _see_other("phone.logged", r=_signer("logged").dumps(told), channel=call.channel)


@blueprint.get("/calls/logged")
@for_agents
def logged() -> str:
    """The reference, to say aloud, and where the ticket is."""
    told = _signed("logged", request.args.get("r", ""))
    if told is None:
        abort(404)
    with reading() as session:
        queue = session.get(Queue, told["queue"])
    return render_template(
        "doors/logged.html",
        queue=queue,
        channel=one_of(CHANNELS, request.args.get("channel", "")),
        reference=told["reference"],
        status=told["status"],
        again=request.args["r"],
        call=told["call"],
    )


@blueprint.post("/calls/callers")
@for_agents
def who() -> str:
    """Who may be calling, by what is typed so far; a part of the page. Posted, so that no address of a page holds a name."""
    typed = request.form.get("address", "").strip() or request.form.get("name", "").strip()
    with reading() as session:
        return render_template("doors/callers.html", callers=callers.found(session, me(), typed), ticket="")


@blueprint.put("/calls/half-written")
@for_agents
def keep() -> Response:
    """Keeps what is typed so far on the server, so that no lost line loses it: `{"kept": …}`, whether it is a draft now."""
    with live.change() as session:
        call, _topic = _written(session)
        kept = calls.keep(session, call.id, me().id, as_typed(call), call.began)
    return jsonify(kept=kept)


@blueprint.get("/calls/half-written")
@for_agents
def waiting() -> str:
    """What is half written, but for the call of the page that asks; a part of the page."""
    with reading() as session:
        return render_template("doors/half_written.html", half_written=_half_written(session, request.args.get("but", "")))


@blueprint.post("/calls/half-written/<call>/thrown-away")
@for_agents
def throw_away(call: str) -> Response:
    """Forgets a half-written call."""
    with live.change() as session:
        calls.forget(session, call, me().id)
    return _see_other("phone.blank")


def _empty() -> Call:
    return Call(secrets.token_urlsafe(12), channel=one_of(CHANNELS, request.args.get("channel", "")))


def _next_question() -> Call | None:
    """The next question of the citizen whose first one was just logged."""
    told = _signed("logged", request.args.get("after", ""))
    if told is None:
        return None
    channel = one_of(CHANNELS, request.args.get("channel", ""))
    return Call(secrets.token_urlsafe(12), channel=channel, name=told["name"], address=told["address"], after=told["first"])


def _written(session: Session) -> tuple[Call, str]:
    """What the agent filled in, with its mistakes, and the id of its topic."""
    known = _signed("call", request.form.get("call", ""))
    if known is None:
        abort(400)
    topics = _topics(session)
    blank_call = Call(str(known["id"]), began=datetime.fromisoformat(known["began"]), after=known["after"])
    call = written_in(request.form, blank_call, editions.deciding(session).rulebook.municipality.zone, topics)
    return call, topics.get(call.topic.casefold(), "")


def _topics(session: Session) -> dict[str, str]:
    """The ids of the topics, by their ids and by their names in any language, in small letters."""
    every = session.scalars(select(Topic)).all()
    return {name.casefold(): topic.id for topic in every for name in (topic.id, *map(str, topic.names.values()))}


def _page(session: Session, call: Call, refusal: str = "") -> str:
    queues = queues_in_use(session)
    topics = session.scalars(select(Topic).order_by(Topic.id)).all()
    return render_template(
        "doors/call.html",
        call=call,
        signed=_signer("call").dumps({"id": call.id, "began": call.began.isoformat(), "after": call.after}),
        callers=callers.found(session, me(), call.ticket or call.address or call.name),
        half_written=_half_written(session, call.id),
        queues=queues,
        topics=sorted(([topic.name(language()), *map(str, topic.names.values())] for topic in topics), key=_in_order),
        today=now().astimezone(editions.deciding(session).rulebook.municipality.zone).date(),
        outcomes=_outcomes(session, call),
        refusal=refusal,
        done=(_signed("logged", request.args.get("after", "")) or {}).get("call", ""),
    )


def _in_order(names: list[str]) -> str:
    return names[0].casefold()


def _half_written(session: Session, but: str) -> list[HalfWritten]:
    return [each for each in calls.half_written(session, me().id) if each.id != but]


def _outcomes(session: Session, call: Call) -> list[str]:
    """How the call can end; one about a ticket of before may be the call back that was promised."""
    ticket = tickets.find(session, call.ticket) if call.ticket else None
    if ticket is None or sight_of(me(), ticket) != Sight.FULL:
        return [*outcomes.at_once(call.channel), "callback_done"]
    return outcomes.possible(replace(outcomes.past_of(ticket), called=True, spoken=True))


def _see_other(endpoint: str, **values: Any) -> Response:
    return make_response(redirect(url_for(endpoint, **values), code=303))


def _signed(kind: str, text: str) -> dict[str, str] | None:
    """What this hub signed; None for anything else."""
    try:
        told = _signer(kind).loads(text)
    except BadData:
        return None
    return told if isinstance(told, dict) else None


def _signer(kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"phone {kind}")
