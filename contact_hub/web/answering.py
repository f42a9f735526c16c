"""Answering a citizen at the desk: writing, beginning with a letter, taking back before it leaves, and trying again."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import answers, live
from contact_hub.database import now, reading
from contact_hub.letters import beginnings
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight
from contact_hub.web import answer_box, in_sight
from contact_hub.web import ticket as ticket_page
from contact_hub.web.addresses import id_in
from contact_hub.web.answer_box import Kept
from contact_hub.web.doing import VERBS, do, must_fit
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.toasts import Way, say

blueprint = Blueprint("answering", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.post("/tickets/<reference>/answers")
@for_agents
def answer(reference: str) -> Answer:
    """Answers the citizen, and resolves the ticket where that was asked for too; refused, the page keeps all that was typed."""
    kept = _carried(reference)
    try:
        must_fit(request.form)
        kept += _sent_now(reference)
        form = {**request.form, "kept": " ".join(each.token for each in kept)}
        ticket, seen, place, way_back = do(reference, "answers", form, seen=id_in(request.form.get("known", "")), tell=_tell)
    except Refused as refused:
        return ticket_page.refused(reference, refused, verb="answers", typed=request.form, kept=kept), 409
    if seen == Sight.NONE:
        return render_template("desk/gone.html", ticket=ticket, verb="answers")
    say(VERBS["answers"].done, "answers", way_back)
    return redirect(url_for("ticket.page", reference=ticket.reference, _anchor=place), 303)


@blueprint.post("/tickets/<reference>/letter")
@for_agents
def letter(reference: str) -> Answer:
    """Puts the beginning and the end of a letter around what was typed so far, in the chosen language."""
    name, language, text = (request.form.get(each, "") for each in ("letter", "language", "text"))
    return _rewritten(
        reference, lambda session, ticket: beginnings.begin(name, language, text, answer_box.writing_of(session, ticket))
    )


@blueprint.post("/tickets/<reference>/template")
@for_agents
def template(reference: str) -> Answer:
    """Puts a template, with its fields filled in, behind what was typed so far."""
    return _rewritten(reference, lambda session, ticket: answer_box.with_template(session, ticket, request.form))


@blueprint.post("/tickets/<reference>/answers/<int:number>/taken-back")
@for_agents
def take_back(reference: str, number: int) -> Answer:
    """Takes an answer back; what stood in it is in the box again."""
    try:
        with live.change() as session:
            ticket = in_sight.find_whole(session, reference, me(), to_change=True)
            typed = answer_box.take_back(session, ticket, number)
    except Refused as refused:
        return ticket_page.refused(reference, refused, verb="answers", typed={}), 409
    flash(_("Taken back: nothing was sent, and your text is in the box again."), "taken-back")
    return _page(reference, typed, answer_box.brought_back(ticket, typed["kept"].split()))


@blueprint.post("/tickets/<reference>/answers/<int:number>/tries")
@for_agents
def try_again(reference: str, number: int) -> Answer:
    """Sends once more what did not arrive."""
    try:
        with live.change() as session:
            ticket = in_sight.find_whole(session, reference, me(), to_change=True)
            answers.try_again(session, ticket, number)
    except Refused as refused:
        return ticket_page.refused(reference, refused, verb="answers", typed={}), 409
    return redirect(url_for("ticket.page", reference=ticket.reference, _anchor=f"delivery-{number}"), 303)


def _rewritten(reference: str, rewrite: Callable[[Session, Ticket], str]) -> Answer:
    """The page with another text in the box, and with all else that was typed."""
    kept = _carried(reference)
    try:
        must_fit(request.form)
        kept += _sent_now(reference)
        with reading() as session:
            text = rewrite(session, in_sight.find_whole(session, reference, me()))
    except Refused as refused:
        return ticket_page.refused(reference, refused, verb="answers", typed=request.form, kept=kept), 409
    return _page(reference, {**request.form, "text": text}, kept)


def _carried(reference: str) -> list[Kept]:
    """The files that an earlier page sent and that are still wanted."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return answer_box.brought_back(ticket, request.form.getlist("kept"))


def _sent_now(reference: str) -> list[Kept]:
    """The files sent with this page, stored. Raises Refused."""
    sent = [each for each in request.files.getlist("files") if each.filename]
    if not sent:
        return []
    with live.change() as session:
        return answer_box.keep(session, in_sight.find_whole(session, reference, me()), sent)


def _tell(session: Session, ticket: Ticket, seen: Sight) -> tuple[Ticket, Sight, str, Way | None]:
    """With where on the page the answer stands, and the way back as long as it did not leave."""
    mine = select(Message).where(Message.ticket_id == ticket.id, Message.kind == "answer", Message.author_id == me().id)
    said = session.scalars(mine.order_by(Message.id.desc()).limit(1)).one()
    mail = session.get(Outgoing, said.id)
    if mail is None or seen < Sight.FULL or not mail.can_be_taken_back:
        return ticket, seen, f"{'delivery' if mail else 'message'}-{said.id}", None
    address = url_for("answering.take_back", reference=ticket.reference, number=said.id)
    seconds = max(ceil((mail.due_at - now()).total_seconds()), 1)
    return ticket, seen, f"delivery-{said.id}", Way(address, _("Take it back"), "take-back", seconds)


def _page(reference: str, typed: Mapping[str, str], kept: Sequence[Kept]) -> str:
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        return ticket_page.shown(session, ticket, typed=typed, verb="answers", kept=kept)
