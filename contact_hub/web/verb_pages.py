"""The verbs of a ticket from its page: each is a resource to post to, and what is typed is kept until it is sent."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import asking, live, unsent
from contact_hub.agents import Agent
from contact_hub.asking import Named
from contact_hub.messages import Message
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight
from contact_hub.web import in_sight, names
from contact_hub.web import ticket as ticket_page
from contact_hub.web.addresses import id_in
from contact_hub.web.doing import VERBS, do
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.toasts import Way, say
from contact_hub.web.verb_schemas import MOST_TEXT

blueprint = Blueprint("verbs", __name__)

Answer = str | Response | tuple[str, int]
WRITTEN = ("notes", "consultations", "advice")  # what stands in the conversation then, where the page goes on
NAMES = [name for name in VERBS if name != "answers"]  # which brings files along: `answering`


@blueprint.post(f"/tickets/<reference>/<any({', '.join(map(repr, NAMES))}):verb>")
@for_agents
def post(reference: str, verb: str) -> Answer:
    """Does it, and goes on to where things go on; refused, the page says why and keeps what was typed."""
    try:
        ticket, seen, place, (called, passed_over, nobody) = do(
            reference, verb, request.form, seen=id_in(request.form.get("known", "")), tell=_tell
        )
    except Refused as refused:
        return ticket_page.refused(reference, refused, verb=verb, typed=request.form), 409
    if seen == Sight.NONE:
        return render_template("desk/gone.html", ticket=ticket, verb=verb)
    say(VERBS[verb].done, verb, _way_back(reference, verb) if seen == Sight.FULL else None)
    if verb == "notes" and called:
        flash(str(_("Called in: %(names)s", names=", ".join(map(names.called, called)))), "called")
    if verb == "notes" and passed_over:
        not_called = ", ".join(map(names.called, passed_over))
        flash(str(_("Not called in, as they do not see this ticket: %(names)s", names=not_called)), "passed-over")
    if verb == "notes" and nobody:
        flash(str(_("Nobody has this whole name: %(names)s", names=", ".join(nobody))), "passed-over")
    return redirect(url_for("ticket.page", reference=ticket.reference, _anchor=place if verb in WRITTEN else None), 303)


@blueprint.put("/tickets/<reference>/unsent/<form>")
@for_agents
def keep_unsent(reference: str, form: str) -> Response:
    """Keeps what somebody is writing, for them alone; an empty text is forgotten. `{"kept": true}` or false."""
    if form not in VERBS:
        abort(404)
    left_out = {"csrf_token", "seen", "known", "kept"}
    typed = {name: value for name, value in request.form.items() if name not in left_out}
    typed["kept"] = " ".join(request.form.getlist("kept"))
    if sum(map(len, typed.values())) > MOST_TEXT:
        abort(413)
    with live.change() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return jsonify(kept=unsent.keep(session, me().id, ticket.id, form, typed))


def _way_back(reference: str, verb: str) -> Way | None:
    """Of what was joined to the ticket on whose page one goes on."""
    if verb not in ("merging", "joining"):
        return None
    address = url_for("verbs.post", reference=reference, verb="parting")
    return Way(address, _("Take it apart again"), verb="undo")


def _tell(
    session: Session, ticket: Ticket, seen: Sight
) -> tuple[Ticket, Sight, str, tuple[list[Named], list[Agent], list[str]]]:
    """With where what was written last stands, whom the note called in, and whom it named in vain."""
    written = request.form.get("text", "")
    mine = select(func.max(Message.id)).where(Message.ticket_id == ticket.id, Message.author_id == me().id)
    passed_over, nobody = asking.passed_over(session, ticket, written), asking.nobody_called(session, written)
    named = (asking.called_by(session, ticket, me()), passed_over, nobody)
    return ticket, seen, f"message-{session.scalar(mine)}", named
