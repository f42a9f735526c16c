"""The log of calls and of visits to the counter: one short page, filled in while the citizen is there."""

import json
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contact_hub import arrivals, editions, intake, live, people, texts
from contact_hub.agents import Agent
from contact_hub.contact import Contact
from contact_hub.database import now, reading
from contact_hub.history import OUTCOMES
from contact_hub.queues import Queue, Topic
from contact_hub.tickets import Refused, Ticket
from contact_hub.web.languages import language
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence

CHANNELS = ("phone", "counter")
SETTLEMENTS = ("rules", "solved", "hand_over")  # what becomes of it: the rules decide, solved on the spot, or passed on
MOST_TEXT = 10_000  # characters

blueprint = Blueprint("phone", __name__)
menu = (Entry("phone.blank", _l("Log a call"), position=20),)


@dataclass(frozen=True)
class Call:
    """A call or a visit as the agent wrote it down."""

    id: str
    channel: str = "phone"
    name: str = ""
    address: str = ""
    topic: str = ""
    text: str = ""
    settlement: str = "rules"
    outcome: str = "resolved_first_line"
    queue: str = ""
    because: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def signed(self) -> str:
        """Its id, as the page carries it: sent twice, it is still one call."""
        return str(_signer("call").dumps(self.id))


@blueprint.get("/calls/new")
@for_agents
def blank() -> str:
    """An empty log."""
    return _page(Call(secrets.token_urlsafe(12), channel=_one_of(CHANNELS, request.args.get("channel", ""))))


@blueprint.post("/calls")
@for_agents
def log() -> Response:
    """Takes the call in, with what became of it, in one transaction."""
    call = _written()
    if call.wrong:
        return make_response(_page(call), 422)
    try:
        ticket = _taken_in(call, me().id)
    except Refused as refused:
        return make_response(_page(call, sentence(refused)), 409)
    told = _signer("logged").dumps({"reference": ticket.reference, "queue": ticket.queue_id, "status": ticket.status})
    return make_response(redirect(url_for("phone.logged", r=told, channel=call.channel), code=303))


@blueprint.get("/calls/logged")
@for_agents
def logged() -> str:
    """The reference, to say aloud, and where the ticket is."""
    try:
        told = _signer("logged").loads(request.args.get("r", ""))
    except BadData:
        abort(404)
    with reading() as session:
        queue = session.get(Queue, told["queue"])
    channel = _one_of(CHANNELS, request.args.get("channel", ""))
    return render_template(
        "doors/logged.html", queue=queue, channel=channel, reference=told["reference"], status=told["status"]
    )


def contact_of(call: Call, topic: str) -> Contact:
    """The contact that a logged call is."""
    written = {"channel": call.channel, "name": call.name, "address": call.address, "topic": topic, "text": call.text}
    return Contact(
        channel=call.channel,
        external_id=call.id,
        received=now(),
        subject=texts.first_line(call.text),
        message=call.text,
        sender=call.address,
        sender_name=call.name,
        topic=topic,
        raw=json.dumps(written, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"),
        raw_type="application/json",
    )


def _written() -> Call:
    """What the agent filled in, with its mistakes."""
    given = {name: request.form.get(name, "").strip() for name in ("name", "address", "topic", "text", "queue", "because")}
    try:
        identity = str(_signer("call").loads(request.form.get("call", "")))
    except BadData:
        abort(400)
    settlement = _one_of(SETTLEMENTS, request.form.get("settlement", ""))
    outcome = request.form.get("outcome", "")
    return Call(
        id=identity,
        channel=_one_of(CHANNELS, request.form.get("channel", "")),
        settlement=settlement,
        outcome=outcome if outcome in OUTCOMES else Call.outcome,
        wrong=_mistakes(given, settlement),
        **given,
    )


def _mistakes(given: Mapping[str, str], settlement: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not given["text"]:
        wrong["text"] = _("Write in a line what the call was about.")
    if len(given["text"]) > MOST_TEXT:
        wrong["text"] = _("This is too long. At most %(most)s characters fit here.", most=MOST_TEXT)
    if given["address"] and "@" not in given["address"] and not people.e164(given["address"]):
        wrong["address"] = _("This is neither a telephone number nor an e-mail address.")
    if given["topic"] and not _topic_named(given["topic"]):
        wrong["topic"] = _("Choose a topic from the list, or leave it empty.")
    if settlement == "hand_over" and not given["queue"]:
        wrong["queue"] = _("Choose the queue that will take over.")
    if settlement == "hand_over" and not given["because"]:
        wrong["because"] = _("Say why: whoever takes over reads it first.")
    return wrong


def _topic_named(words: str) -> str:
    """The id of the topic that is called so in any language; empty where there is none."""
    with reading() as session:
        topics = session.scalars(select(Topic)).all()
    wanted = words.casefold()
    named = (each.id for each in topics if wanted in {each.id, *(str(name).casefold() for name in each.names.values())})
    return next(named, "")


def _taken_in(call: Call, agent_id: int) -> Ticket:
    """The ticket of the call; one that was sent twice at the same moment is looked up again."""
    try:
        return _take_in(call, agent_id)
    except IntegrityError:
        return _take_in(call, agent_id)


def _take_in(call: Call, agent_id: int) -> Ticket:
    with live.change() as session:
        arrival = intake.take_in(session, [contact_of(call, _topic_named(call.topic))])[0]
        arrivals.count(session, call.channel, intake.today(session), Counter(offered=1))
        if not arrival.known:
            _settle(session, arrival.ticket, call, session.get_one(Agent, agent_id))
        return arrival.ticket


def _settle(session: Session, ticket: Ticket, call: Call, agent: Agent) -> None:
    """What became of it while the citizen was there. A confidential question is nobody's to keep."""
    if call.settlement == "rules":
        return
    if ticket.queue.tier == "back" and ticket.queue.visibility != "confidential" and not ticket.confidential:
        ticket.keep(_own_queue(session, agent), agent)
    if call.settlement == "solved":
        ticket.claim(agent)
        ticket.resolve(by=agent, outcome=call.outcome)
        return
    to = session.get(Queue, call.queue)
    if to is None:
        raise Refused("queue_missing")
    if to.id != ticket.queue_id:
        ticket.claim(agent)
        ticket.hand_over(to=to, by=agent, because=call.because)


def _own_queue(session: Session, agent: Agent) -> Queue:
    """The front-office queue this agent works in, else the one where everything unknown begins."""
    own = select(Queue).where(Queue.id.in_(sorted(agent.queue_ids)), Queue.tier == "front", Queue.retired.is_(False))
    found = session.scalars(own.order_by(Queue.position)).first()
    return found or session.get_one(Queue, editions.deciding(session).rulebook.default.queue)


def _page(call: Call, refusal: str = "") -> str:
    with reading() as session:
        queues = session.scalars(select(Queue).where(Queue.retired.is_(False)).order_by(Queue.position)).all()
        topics = session.scalars(select(Topic).order_by(Topic.id)).all()
    names = sorted({topic.name(language()) for topic in topics}, key=str.casefold)
    return render_template("doors/call.html", call=call, queues=queues, topics=names, refusal=refusal)


def _one_of(known: tuple[str, ...], value: str) -> str:
    return value if value in known else known[0]


def _signer(kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"phone {kind}")
