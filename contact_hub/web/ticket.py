"""The page of one ticket: what was said, what happened, why it is here, and what can be done."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contact_hub import agents, answers, asking, editions, live, mentions, outcomes, slips, unsent, wrong_decisions
from contact_hub.agents import Agent
from contact_hub.calls import CallBack
from contact_hub.conditions import written_out
from contact_hub.database import now, reading
from contact_hub.identity import perhaps_the_same
from contact_hub.meanwhile import WentOn
from contact_hub.pauses import is_resting
from contact_hub.queues import Queue, Topic, all_queues, in_language
from contact_hub.sharing_out import colleagues
from contact_hub.tickets import Refused, Ticket, linked_with
from contact_hub.visibility import Sight, by_queue, knows_queue, part_of, sight_of
from contact_hub.web import in_sight, seldom, verbs
from contact_hub.web.addresses import id_in
from contact_hub.web.answer_box import BEGINNINGS, Kept, box_for, brought_back
from contact_hub.web.conversation import Turn, answered_in, by_citizens, conversation, folded, opening
from contact_hub.web.form_answers import filled_in
from contact_hub.web.happened import Happened, names_of, told
from contact_hub.web.kin import kin_of
from contact_hub.web.languages import language
from contact_hub.web.later import moments
from contact_hub.web.marking import marked
from contact_hub.web.names import called
from contact_hub.web.own_desk import DESKS, OwnSight
from contact_hub.web.people_at_work import for_agents, is_refresh, me
from contact_hub.web.refusals import ASK_AGAIN, sentence
from contact_hub.web.regrouping import home_in
from contact_hub.web.said import Said
from contact_hub.web.whose import parted_again
from contact_hub.web.why_here import rule_address, why_here

blueprint = Blueprint("ticket", __name__)
EARLIER = 10  # other tickets of the person to show
STRETCHES = {
    "routed": _l("Routed by the rules"),
    "kept": _l("Kept by who took it in"),
    "handed_over": _l("Handed over"),
    "returned": _l("Sent back"),
    "reopened": _l("Reopened"),
    "claimed": _l("Taken"),
    "released": _l("Given back"),
    "assigned": _l("Given to a colleague"),
}


@blueprint.get("/tickets")
@for_agents
def find() -> Response:
    """Leads to the ticket whose reference somebody typed, however they wrote it."""
    return redirect(url_for("ticket.page", reference=request.args.get("reference", "").strip() or "-"))


@blueprint.get("/tickets/<reference>")
@for_agents
def page(reference: str) -> str:
    """The whole ticket, or only how it stands."""
    with reading() as session:
        ticket, seen = in_sight.find(session, reference, me())
        if seen < Sight.FULL:
            return _less_than_whole(session, ticket, seen)
        there = seldom.there(session, ticket, me())
        unseen = "mentions" in there and mentions.has_unseen(session, ticket, me())
        html = shown(session, ticket, there=there)
    if unseen:
        with live.change() as session:
            mentions.look(session, ticket, me())
    return html


def _less_than_whole(session: Session, ticket: Ticket, seen: Sight) -> str:
    """How it stands; for the first line that took it in also what was there until it left."""
    known = {"ticket": ticket, "knows_queue": knows_queue(me(), ticket), "slip": slips.slip_of(ticket, me())}
    part = part_of(session, me(), ticket)
    if seen == Sight.STATE or part is None:
        return render_template("desk/state.html", **known)
    return render_template(
        "desk/part.html",
        turns=conversation(session, ticket, me(), part),
        why=None,
        kin=None,
        marked=marked,
        filled_in=filled_in,
        **known,
    )


def refused(reference: str, why: Refused, *, verb: str, typed: Mapping[str, str], kept: Sequence[Kept] = ()) -> str:
    """The ticket's page after a verb was refused: why, what happened that whoever did it did not know, and what they typed."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        happened = told(session, why.events, me()) if isinstance(why, WentOn) else []
        words, again = sentence(why), why.code in ASK_AGAIN
        return shown(session, ticket, typed=typed, verb=verb, refusal=words, happened=happened, kept=kept, asks_again=again)


def shown(
    session: Session,
    ticket: Ticket,
    *,
    there: Container[str] | None = None,
    typed: Mapping[str, str] | None = None,
    verb: str = "",
    refusal: str = "",
    happened: Sequence[Happened] = (),
    kept: Sequence[Kept] = (),
    asks_again: bool = False,
) -> str:
    """The ticket's page; after a refusal with what was `typed` for which verb, the files `kept`, and why it was refused.

    `happened` is what whoever did it did not know; `asks_again` where a second time does it.
    """
    there = seldom.there(session, ticket, me()) if there is None else there
    meanwhile = _meanwhile(session, ticket, typed or {}) if verb == "answers" and refusal else []
    turns = conversation(session, ticket, me())
    said = by_citizens(turns)
    return render_template(
        "desk/ticket_live.html" if is_refresh() else "desk/ticket.html",
        ticket=ticket,
        typed=typed or {},
        verb=verb,
        refusal=refusal,
        happened=happened,
        asks_again=asks_again,
        meanwhile=meanwhile,
        other=home_in(session, me(), typed or {}) if verb == "merging" else None,
        **_as_told(session, ticket, turns, said, there, meanwhile),
        **_beside(session, ticket, said, there),
        **_answer(session, ticket, said, answered_in(turns), there, verb, kept),
        **_to_do(session, ticket, there),
    )


def _as_told(
    session: Session,
    ticket: Ticket,
    turns: Sequence[Turn],
    said: Sequence[Said],
    there: Container[str],
    meanwhile: Collection[int],
) -> dict[str, Any]:
    """What was said and what happened, and why the ticket is where it is."""
    opens = opening(turns, unread=ticket.unread)
    unseen = {*meanwhile, opens.message} if opens else meanwhile
    return {
        "turns": turns,
        "opens": opens,
        "fold": folded(turns, unseen, id_in(request.args.get("all", "")) or 0),
        "unfolded": "all" in request.args,
        "why": why_here(session, ticket, said),
        "found_wrong": wrong_decisions.of_ticket(session, ticket) if "found_wrong" in there else {},
        "rule_address": rule_address(ticket),
        "marked": marked,
        "filled_in": filled_in,
        "names": names_of(session, {segment.by_id for segment in ticket.segments if segment.by_id}),
        "stretches": STRETCHES,
    }


def _beside(session: Session, ticket: Ticket, said: Sequence[Said], there: Container[str]) -> dict[str, Any]:
    """Whom it is of, and the tickets that have to do with it."""
    person, sight = ticket.person, OwnSight.by_queues(session, me())
    return {
        "alike": perhaps_the_same(session, person, sight.whole) if person else [],
        "merged": parted_again(session, person, me()) if person and "merges" in there else [],
        "earlier": _earlier(session, ticket, sight),
        "linked": _linked(session, ticket, me()) if "linked" in there else [],
        "kin": kin_of(session, ticket, me(), said, there),
        "call_back": session.get(CallBack, ticket.id) if "call_back" in there else None,
    }


def _answer(
    session: Session,
    ticket: Ticket,
    said: Sequence[Said],
    before: str,
    there: Container[str],
    verb: str,
    kept: Sequence[Kept],
) -> dict[str, Any]:
    """The box for an answer, with the files `kept` or those of an answer that was not sent; answered in `before` last."""
    unsent_yet = unsent.of_ticket(session, me().id, ticket.id) if "unsent" in there else {}
    if verb != "answers" and "answers" in unsent_yet:
        kept = brought_back(ticket, unsent_yet["answers"].typed.get("kept", "").split())
    senders = (each.contact.sender for each in said if each.contact)
    return {
        "way": answers.way_of(session, ticket, opened_by=next(senders, "")),
        "box": box_for(session, ticket, before, kept),
        "beginnings": BEGINNINGS,
        "unsent": unsent_yet,
        "may_be_lost": verbs.VERBS,
    }


def _to_do(session: Session, ticket: Ticket, there: Container[str]) -> dict[str, Any]:
    """What the verbs let choose from."""
    everyone = agents.at_work(session)
    asked = mentions.questions(session, ticket) if "mentions" in there else []
    rulebook = editions.deciding(session).rulebook
    topics = {each.id: in_language(each.names, language()) or each.id for each in rulebook.topics.values()}
    if ticket.topic_id and ticket.topic_id not in topics and (topic := session.get(Topic, ticket.topic_id)):
        topics[topic.id] = topic.name(language())
    return {
        "topic": topics.get(ticket.topic_id),
        "topics": sorted(topics.items(), key=itemgetter(1)),
        "queues": {queue.id: queue for queue in all_queues(session)},
        "outcomes": outcomes.possible(outcomes.past_of(ticket)) if ticket.status != "resolved" else [],
        "advised": any(each.done_at for each in asked),
        "asked": {each.message_id for each in mentions.to_answer(asked, me())},
        "is_theirs": by_queue(me(), ticket) == Sight.FULL or ticket.owner_id == me().id,
        "whom": asking.whom_to_ask(session, ticket, everyone, me()),
        "may_be_named": _called(asking.who_may_be_named(session, ticket, everyone).values()),
        "colleagues": colleagues(ticket, everyone),
        "is_resting": is_resting(ticket),
        "slip": slips.slip_of(ticket, me()) if "slip" in there else None,
        "later": moments(rulebook, ticket.queue_id, now()),
        "can_return": any(segment.why == "handed_over" for segment in ticket.segments),
    }


def _meanwhile(session: Session, ticket: Ticket, typed: Mapping[str, str]) -> list[int]:
    seen = id_in(typed.get("seen", ""))
    return [] if seen is None else answers.unseen(session, ticket, seen, me())


def _called(named: Iterable[asking.Named]) -> list[str]:
    """What is offered after an @: people first, each by one name."""
    once = dict.fromkeys(named)
    return [called(each) for each in sorted(once, key=lambda each: isinstance(each, Queue))]


def _linked(session: Session, ticket: Ticket, agent: Agent) -> list[tuple[Ticket, bool]]:
    """The other tickets of the same contact that the agent may know of, and whether they are seen whole."""
    seen = ((other, sight_of(agent, other)) for other in linked_with(session, ticket))
    return [(other, sees == Sight.FULL) for other, sees in seen if sees > Sight.NONE]


@blueprint.app_template_filter("knows_queue")
def _knows_queue(agent: Agent, ticket: Ticket) -> bool:
    return knows_queue(agent, ticket)


def _earlier(session: Session, ticket: Ticket, sight: OwnSight) -> list[tuple[Ticket, bool]]:
    """The person's tickets by other contacts that the agent may know of, and whether they are seen whole."""
    if ticket.person_id is None:
        return []
    about = {"person": ticket.person_id, "ticket": ticket.id, "first": ticket.linked_to_id or ticket.id}
    return [(each, bool(whole)) for each, whole in session.execute(_others(sight), about)]


@lru_cache(maxsize=DESKS)
def _others(sight: OwnSight) -> Select[Ticket, bool]:
    """The tickets of a `person` but for this `ticket`, the `first` of its contact, and the others of that."""
    mine, first = bindparam("ticket", type_=Integer), bindparam("first", type_=Integer)
    apart = and_(Ticket.id != mine, Ticket.id != first, func.coalesce(Ticket.linked_to_id, 0) != first)
    others = select(Ticket, sight.of_few).where(Ticket.person_id == bindparam("person"), apart, sight.of_persons)
    return others.order_by(Ticket.status == "resolved", Ticket.id.desc()).limit(written_out(EARLIER))
