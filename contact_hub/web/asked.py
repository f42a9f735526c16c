"""The operators of the search in words: what each narrows down by, what it can be answered with, and what was wrong."""

import json
from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from contact_hub import editions
from contact_hub.agents import Agent
from contact_hub.queues import Queue
from contact_hub.search.operators import FILES, STATES, Known, Mistake
from contact_hub.tickets import PRIORITIES
from contact_hub.web import languages
from contact_hub.web.words import DOORS

OPERATORS: Mapping[str, object] = {
    "queue": _l("in this queue"),
    "from": _l("of this person: a name or an address"),
    "to": _l("written to this address"),
    "owner": _l("of this colleague"),
    "is": _l("how it stands: open, new, waiting, snoozed (put off), resolved, unread, mine, unassigned, overdue, confidential"),
    "door": _l("came in by this door"),
    "topic": _l("about this topic"),
    "tag": _l("has this tag"),
    "priority": _l("has this priority"),
    "lang": _l("in this language"),
    "on": _l("came in on this day"),
    "before": _l("came in before this day"),
    "after": _l("came in on this day or later"),
    "has": _l("has a file: has:attachment"),
}
WRONG: Mapping[str, object] = {
    "operator_unknown": _l("There is no “%(name)s:”. It was searched for as words."),
    "value_missing": _l("Write behind “%(name)s:” what you look for."),
    "value_unknown": _l("“%(name)s:” takes one of: %(values)s."),
    "queue_unknown": _l("No queue in your sight is called “%(value)s”."),
    "topic_unknown": _l("No topic is called “%(value)s”."),
    "owner_unknown": _l("No colleague is called “%(value)s”."),
    "day_wrong": _l("“%(value)s” is no day. Write it as 2026-11-24."),
}


def known_to(session: Session, agent: Agent, queues: Mapping[str, Queue]) -> Known:
    """What the operators are answered from for somebody who sees these queues."""
    return Known(
        session,
        agent,
        queues,
        doors=tuple(DOORS),
        languages=tuple(languages.NAMES),
        zone=editions.deciding(session).rulebook.municipality.zone,
    )


def in_words(mistakes: Iterable[Mistake]) -> list[str]:
    """Each mistake as a sentence."""
    return [str(WRONG[each.code]) % each.places for each in mistakes]


def completions(known: Known) -> dict[str, list[tuple[str, str]]]:
    """For each operator the values to choose from, with what they are called."""
    here = languages.language()
    topics = sorted(((topic.id, topic.name(here)) for topic in known.topics.values()), key=lambda each: each[1].casefold())
    values: dict[str, list[tuple[str, str]]] = {
        "queue": [(queue.id, queue.name(here)) for queue in known.queues.values() if not queue.retired],
        "owner": [(json.dumps(each.name, ensure_ascii=False), each.name) for each in known.owners if each.active],
        "is": [(state, "") for state in STATES],
        "door": [(door, str(name)) for door, name in DOORS.items()],
        "topic": topics,
        "priority": [(priority, "") for priority in PRIORITIES],
        "lang": list(languages.NAMES.items()),
        "has": [(each, "") for each in FILES],
    }
    return {name: values.get(name, []) for name in OPERATORS}
