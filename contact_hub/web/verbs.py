"""What somebody does with a ticket: each verb is a resource to post to, done in one transaction or refused in words."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import answers, asking, editions, live, manners, pauses, receipts, sharing_out, unsent
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.days import day_in, moment_in
from contact_hub.marks import Marks, mark_anew
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import in_sight, names
from contact_hub.web import ticket as ticket_page
from contact_hub.web.addresses import id_in
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.refusals import sentence

blueprint = Blueprint("verbs", __name__)

Form = Mapping[str, str]
Verb = Callable[[Session, Ticket, Agent, Form], None]
Answer = str | Response | tuple[str, int]
DAYS_END = time(17)
MOST_TEXT = 50_000  # characters somebody may write at once

DONE = {
    "claim": _l("This ticket is yours."),
    "release": _l("Back in the queue."),
    "notes": _l("Your note is kept."),
    "consultations": _l("Asked. The ticket stays where it is."),
    "advice": _l("Your colleague can go on."),
    "hand-overs": _l("Handed over."),
    "returns": _l("Sent back."),
    "resolution": _l("Resolved."),
    "reopening": _l("Open again."),
    "marks": _l("Changed."),
    "waits": _l("The clock stands still until the citizen writes."),
    "snoozes": _l("Put off."),
    "resumption": _l("Back in the lists of work."),
    "assignment": _l("Given to your colleague."),
}


def claim(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Takes the ticket."""
    ticket.claim(by)


def release(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Gives it back to its queue."""
    ticket.release(by)


def note(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Leaves a note for colleagues."""
    called = asking.note(session, ticket, form.get("text", ""), by=by)
    if called:
        flash(str(_("Called in: %(names)s", names=", ".join(map(names.called, called)))), "called")


def ask(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Asks a colleague or a team, and keeps the ticket."""
    kind, _colon, name = form.get("whom", "").partition(":")
    whom = session.get(Queue, name) if kind == "queue" else _agent(session, name)
    asking.ask(session, ticket, whom, form.get("question", ""), by=by)


def advise(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Answers what a colleague asked."""
    asking.advise(session, ticket, form.get("text", ""), by=by)


def hand_over(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Passes it to another queue."""
    to = session.get(Queue, form.get("queue", ""))
    if to is None:
        raise Refused("queue_missing")
    ticket.hand_over(to=to, by=by, because=form.get("reason", ""), promise=form.get("promise", "").strip())
    if form.get("tell"):
        _tell_of_hand_over(session, ticket)


def _tell_of_hand_over(session: Session, ticket: Ticket) -> None:
    way = answers.way_of(session, ticket)
    if way is None or not way.recipient:
        raise Refused("no_address")
    rulebook = editions.deciding(session).rulebook
    language = manners.languages_of(session, rulebook, ticket)[0]
    receipts.tell_of_hand_over(session, rulebook, ticket, recipient=way.recipient, language=language)


def send_back(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Returns it to the queue it came from."""
    ticket.send_back(by=by, because=form.get("reason", ""))


def resolve(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Closes it with an outcome."""
    ticket.resolve(by=by, outcome=form.get("outcome", ""))


def reopen(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Begins anew, with a reason."""
    reason = form.get("reason", "").strip()
    if not reason:
        raise Refused("reason_missing")
    ticket.reopen(because=reason, by=by)


def mark(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Changes its topic, priority, tags or due date, with a reason."""
    tags = dict.fromkeys(filter(None, map(str.strip, form.get("tags", "").split(","))))
    due = _due(form.get("due", ""), ticket, editions.deciding(session).rulebook.municipality.zone)
    wanted = Marks(topic=form.get("topic", ""), priority=form.get("priority", ""), tags=tuple(tags), due=due)
    mark_anew(ticket, wanted, by=by, because=form.get("reason", ""))


def wait(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Stops its clock until the citizen says something."""
    pauses.wait(ticket, by=by, because=form.get("reason", ""))


def put_off(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Takes it out of the lists of work until a moment."""
    try:
        chosen = moment_in(form.get("until", ""))
    except ValueError:
        raise Refused("moment_wrong") from None
    zone = editions.deciding(session).rulebook.municipality.zone
    pauses.put_off(ticket, until=chosen.replace(tzinfo=zone).astimezone(UTC), by=by)


def go_on(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Puts it back into the lists of work."""
    pauses.go_on(ticket, by=by)


def assign(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Gives it to a colleague."""
    sharing_out.assign(ticket, _agent(session, form.get("agent", "")), by=by)


def _agent(session: Session, number: str) -> Agent | None:
    return session.get(Agent, id_in(number) or 0)


def _due(day: str, ticket: Ticket, zone: ZoneInfo) -> datetime | None:
    """The day somebody chose, at the time of day at which it was due before, else at the end of an ordinary working day."""
    if not day:
        return None
    before = ticket.due_at.astimezone(zone) if ticket.due_at else None
    try:
        chosen = day_in(day)
    except ValueError:
        raise Refused("day_wrong") from None
    if before and before.date() == chosen:
        return ticket.due_at
    return datetime.combine(chosen, before.time() if before else DAYS_END, zone).astimezone(UTC)


VERBS: Mapping[str, Verb] = {
    "claim": claim,
    "release": release,
    "notes": note,
    "consultations": ask,
    "advice": advise,
    "hand-overs": hand_over,
    "returns": send_back,
    "resolution": resolve,
    "reopening": reopen,
    "marks": mark,
    "waits": wait,
    "snoozes": put_off,
    "resumption": go_on,
    "assignment": assign,
}


@blueprint.post(f"/tickets/<reference>/<any({', '.join(map(repr, VERBS))}):verb>")
@for_agents
def do(reference: str, verb: str) -> Answer:
    """Does it, and goes back to the ticket; refused, the page says why and keeps what was typed."""
    agent = me()
    try:
        with live.change() as session:
            must_fit(request.form)
            ticket = in_sight.find_whole(session, reference, agent, to_change=True)
            VERBS[verb](session, ticket, agent, request.form)
            unsent.forget(session, agent.id, ticket.id, verb)
            seen = sight_of(agent, ticket)
    except Refused as refused:
        return _refused(reference, verb, sentence(refused)), 409
    if seen == Sight.NONE:
        return render_template("desk/gone.html", ticket=ticket)
    flash(str(DONE[verb]), verb)
    return redirect(url_for("ticket.page", reference=ticket.reference), 303)


@blueprint.put("/tickets/<reference>/unsent/<form>")
@for_agents
def keep_unsent(reference: str, form: str) -> Response:
    """Keeps what somebody is writing, for them alone; an empty text is forgotten. `{"kept": true}` or false."""
    if form not in (*VERBS, "answers"):
        abort(404)
    left_out = {"csrf_token", "seen", "kept"}
    typed = {name: value for name, value in request.form.items() if name not in left_out}
    typed["kept"] = " ".join(request.form.getlist("kept"))
    if sum(map(len, typed.values())) > MOST_TEXT:
        abort(413)
    with live.change() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return jsonify(kept=unsent.keep(session, me().id, ticket.id, form, typed))


def must_fit(form: Form) -> None:
    """Refuses a text without end."""
    if any(len(text) > MOST_TEXT for text in form.values()):
        raise Refused("too_long", most=f"{MOST_TEXT}")


def _refused(reference: str, verb: str, why: str) -> str:
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return ticket_page.shown(session, ticket, typed=request.form, verb=verb, refusal=why)
