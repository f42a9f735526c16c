"""Asks colleagues without handing over: a name in a note calls them in, and a question waits for an answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contact_hub import agents, live, mentions
from contact_hub.agents import Agent, Colleague, Membership
from contact_hub.database import now
from contact_hub.mentions import Mention, questions, to_answer
from contact_hub.messages import Message
from contact_hub.queues import Queue, queues_in_use
from contact_hub.sharing_out import colleagues
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, by_queue, sight_of

Named = Agent | Colleague | Queue
_AT = re.compile(r"(?<!\w)@(?=(\w+))")


def note(session: Session, ticket: Ticket, text: str, *, by: Agent) -> list[Named]:
    """Leaves a note for colleagues; gives those it names after an @, who then find the ticket among what waits for them."""
    if not text.strip():
        raise Refused("note_empty")
    mentions.write(session, ticket, by)
    message = _noted(session, ticket, text, by)
    among = who_may_be_named(session, ticket, agents.at_work(session))
    called = [each for each in named(text, among) if isinstance(each, Queue) or each.id != by.id]
    session.add_all(_mention(ticket, message, each, by) for each in called)
    return called


def called_by(session: Session, ticket: Ticket, by: Agent) -> list[Named]:
    """Whom this person's latest note in the ticket names."""
    notes = select(func.max(Message.id)).where(
        Message.ticket_id == ticket.id, Message.author_id == by.id, Message.kind == "note"
    )
    calls = session.scalars(select(Mention).where(Mention.message_id == notes.scalar_subquery()).order_by(Mention.id))
    return [_whom(session, each) for each in calls]


def asked_yet(session: Session, ticket: Ticket) -> list[Named]:
    """Who was asked something here and did not answer yet."""
    return list(dict.fromkeys(_whom(session, each) for each in mentions.questions(session, ticket) if each.done_at is None))


def passed_over(session: Session, ticket: Ticket, text: str) -> list[Agent]:
    """The people at work whom the text names after an @ though they do not see the ticket: they are not called in."""
    people = {person.name: person for person in agents.at_work(session)} if "@" in text else {}
    people_named = (session.get_one(Agent, each.id) for each in named(text, people))
    return [each for each in people_named if sight_of(each, ticket) != Sight.FULL]


def nobody_called(session: Session, text: str) -> list[str]:
    """The words after an @ that are no whole name of anybody at work or of a team: they call nobody in."""
    if "@" not in text:
        return []
    names = [person.name for person in agents.at_work(session)]
    names += [name for queue in queues_in_use(session) for name in queue.names.values()]
    return list(dict.fromkeys(f"@{at[1]}" for at in _AT.finditer(text) if not _name_at(text, at.end(), names)))


def ask(session: Session, ticket: Ticket, to: Named | None, question: str, *, by: Agent) -> None:
    """Asks a colleague or a team, who see the ticket until it is resolved; it stays where it is. Raises Refused."""
    ticket.must_be_open()
    if to is None or to is by or (isinstance(to, Agent) and not to.active) or (isinstance(to, Queue) and to.retired):
        raise Refused("asked_nobody")
    if not question.strip():
        raise Refused("question_empty")
    if ticket.is_confidential:
        _must_see_it_already(ticket, to)
    mention = _mention(ticket, _noted(session, ticket, question, by, event="asked", to=to), to, by)
    mention.asks = True
    session.add(mention)
    members = select(Membership.agent_id).where(Membership.queue_id == to.id)
    asked = [to.id] if isinstance(to, Agent) else list(session.scalars(members))
    live.note(session, ticket.news("asks_you") | {"queues": [], "agents": asked})


def advise(session: Session, ticket: Ticket, text: str, *, by: Agent) -> None:
    """Answers what one was asked; the ticket goes on with whoever has it. Raises Refused."""
    asked = to_answer(questions(session, ticket), by)
    if not asked:
        raise Refused("asked_nothing")
    if not text.strip():
        raise Refused("answer_empty")
    _noted(session, ticket, text, by, event="advised")
    for each in asked:
        each.done_at = now()


def who_may_be_named(session: Session, ticket: Ticket, everyone: Sequence[Colleague]) -> dict[str, Named]:
    """By the names to type after an @: the people who see the ticket whole, and the teams all of whose members do."""
    people = [*colleagues(ticket, everyone), *(each for each in everyone if each.id == ticket.owner_id)]
    seeing = {person.id for person in people}
    members: dict[str, set[int]] = defaultdict(set)
    for person in everyone:
        for queue_id in person.queue_ids:
            members[queue_id].add(person.id)
    teams = [queue for queue in queues_in_use(session) if queue.id in members and members[queue.id] <= seeing]
    return {**{name: queue for queue in teams for name in queue.names.values()}, **{person.name: person for person in people}}


def whom_to_ask(
    session: Session, ticket: Ticket, everyone: Sequence[Colleague], by: Agent
) -> tuple[Sequence[Colleague], Sequence[Queue]]:
    """Colleagues and teams that can be asked about it: of a confidential ticket those alone who see it."""
    others = [each for each in everyone if each.id != by.id]
    if ticket.is_confidential:
        return colleagues(ticket, others), []
    return others, [each for each in queues_in_use(session) if not each.is_confidential]


def named(text: str, among: Mapping[str, Named]) -> list[Named]:
    """Whom the text names after an @, each once; the longest name that fits, whatever its capitals."""
    by_length = sorted(among, key=len, reverse=True)
    found = (_name_at(text, at.end(), by_length) for at in _AT.finditer(text))
    return list(dict.fromkeys(among[name] for name in found if name))


def _name_at(text: str, start: int, names: Iterable[str]) -> str:
    for name in names:
        end = start + len(name)
        if text[start:end].casefold() == name.casefold() and not text[end : end + 1].isalnum():
            return name
    return ""


def _noted(session: Session, ticket: Ticket, text: str, by: Agent, *, event: str = "noted", to: Named | None = None) -> Message:
    message = Message(ticket_id=ticket.id, kind="note", channel=ticket.channel, author_id=by.id, author_name=by.name, text=text)
    whom: dict[str, Any] = {} if to is None else {"to": to.id} if isinstance(to, Queue) else {"agent": to.id}
    ticket.remark(message, by, event, **whom)
    session.flush()
    return message


def _mention(ticket: Ticket, message: Message, to: Named, by: Agent) -> Mention:
    whom = {"queue_id": to.id} if isinstance(to, Queue) else {"agent_id": to.id}
    return Mention(ticket_id=ticket.id, message_id=message.id, by_id=by.id, **whom)


def _whom(session: Session, mention: Mention) -> Named:
    return session.get_one(Queue, mention.queue_id) if mention.queue_id else session.get_one(Agent, mention.agent_id)


def _must_see_it_already(ticket: Ticket, to: Named) -> None:
    """A confidential question is not told to others, not even to ask them."""
    sees = isinstance(to, Agent) and by_queue(to, ticket) == Sight.FULL
    if not sees and not (isinstance(to, Queue) and to.id == ticket.queue_id):
        raise Refused("asked_confidential")
