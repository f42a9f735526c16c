"""Takes a call in, with what became of it while the citizen was there, in one transaction."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from channels.phone.call import Call, contact_of
from contact_hub import arrivals, avoidable, calls, editions, intake, live, people, tickets
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.batch import Arrival
from contact_hub.calls import CallBack, LoggedCall
from contact_hub.messages import Message
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import verbs


def taken_in(call: Call, topic: str, agent_id: int) -> Ticket:
    """The ticket of the call; one that was sent twice at the same moment is looked up again. Raises Refused."""
    try:
        return _take_in(call, topic, agent_id)
    except IntegrityError:
        return _take_in(call, topic, agent_id)


def _take_in(call: Call, topic: str, agent_id: int) -> Ticket:
    with live.change() as session:
        agent = session.get_one(Agent, agent_id)
        _must_see(session, agent, call.ticket)
        arrival = intake.take_in(session, [contact_of(call, topic)])[0]
        arrivals.count(session, call.channel, intake.today(session), Counter(offered=1))
        calls.forget(session, call.id, agent.id)
        if not arrival.known:
            session.add(LoggedCall(contact_id=arrival.contact_id, agent_id=agent.id, seconds=call.seconds))
            _keep_why(session, arrival, call)
            _link(session, arrival, call.after, agent)
            _settle(session, arrival.ticket, call, agent)
        return arrival.ticket


def _must_see(session: Session, agent: Agent, reference: str) -> None:
    """A call can only be about a ticket that the agent sees whole."""
    if not reference:
        return
    ticket = tickets.find(session, reference)
    if ticket is None or sight_of(agent, ticket) != Sight.FULL:
        raise Refused("ticket_missing")


def _keep_why(session: Session, arrival: Arrival, call: Call) -> None:
    """Why the citizen got in touch: as the agent says, or to hear how an open ticket stands. Of a call of ours nothing."""
    contact = session.get_one(TakenContact, arrival.contact_id)
    if call.settlement == "solved" and call.outcome == "callback_done":
        contact.heard = "ours"
    elif call.why:
        contact.reason = "" if call.why == avoidable.NEW else call.why
    elif call.ticket:
        avoidable.chases(contact, arrival.ticket)


def _link(session: Session, arrival: Arrival, after: str, agent: Agent) -> None:
    """Several questions of one call are linked, each with a ticket of its own: none of them is a repeat of another."""
    ticket, first = arrival.ticket, tickets.find(session, after) if after else None
    if first and sight_of(agent, first) >= Sight.PART:
        session.get_one(TakenContact, arrival.contact_id).leg_of_id = _first_leg(session, first, agent)
    if first and first.id != ticket.id and ticket.linked_to_id is None and sight_of(agent, first) >= Sight.PART:
        ticket.linked_to_id = first.linked_to_id or first.id


def _first_leg(session: Session, first: Ticket, agent: Agent) -> int | None:
    """The contact that this call began with: the last one that the agent logged in the ticket of its first question."""
    logged = select(TakenContact.id, TakenContact.leg_of_id).join(Message, Message.contact_id == TakenContact.id)
    logged = logged.join(LoggedCall, LoggedCall.contact_id == TakenContact.id).where(LoggedCall.agent_id == agent.id)
    row = session.execute(logged.where(Message.ticket_id == first.id).order_by(TakenContact.id.desc()).limit(1)).first()
    return None if row is None else row.leg_of_id or row.id


def _settle(session: Session, ticket: Ticket, call: Call, agent: Agent) -> None:
    """What became of it while the citizen was there. A confidential question is nobody's to keep."""
    if call.settlement == "rules":
        return
    is_new = not call.ticket and ticket.last_event == 1
    if is_new and ticket.queue.tier == "back" and not ticket.is_confidential:
        ticket.keep(_own_queue(session, agent), agent)
    if call.settlement == "solved":
        ticket.claim(agent)
        verbs.end(session, ticket, agent, call.outcome, call.elsewhere)
    elif call.settlement == "call_back":
        _promise_call_back(session, ticket, call, agent)
    else:
        _hand_over(session, ticket, call, agent)


def _hand_over(session: Session, ticket: Ticket, call: Call, agent: Agent) -> None:
    to = session.get(Queue, call.queue)
    if to is None:
        raise Refused("queue_missing")
    if to.id != ticket.queue_id:
        ticket.claim(agent)
        ticket.hand_over(to=to, by=agent, because=call.because, promise=call.promise)


def _promise_call_back(session: Session, ticket: Ticket, call: Call, agent: Agent) -> None:
    """The ticket is due when the window closes; a later promise takes the place of an earlier one."""
    opens_at, closes_at = call.window(editions.deciding(session).rulebook.municipality.zone)
    number = people.e164(call.number or call.address)
    not_number = people.e164(call.not_number)
    session.merge(CallBack(ticket_id=ticket.id, opens_at=opens_at, closes_at=closes_at, number=number, not_number=not_number))
    ticket.is_due(closes_at)
    ticket.record("call_back_promised", by=agent, opens=opens_at.isoformat(), closes=closes_at.isoformat())


def _own_queue(session: Session, agent: Agent) -> Queue:
    """The front-office queue this agent works in, else the one where everything unknown begins."""
    own = select(Queue).where(Queue.id.in_(sorted(agent.queue_ids)), Queue.tier == "front", Queue.retired.is_(False))
    found = session.scalars(own.order_by(Queue.position)).first()
    return found or session.get_one(Queue, editions.deciding(session).rulebook.default.queue)
