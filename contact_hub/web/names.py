"""What the queues, topics, calendars and rules that a page names by their ids are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contact_hub.asking import Named
from contact_hub.queues import Queue, in_language
from contact_hub.routing.rules import Rulebook
from contact_hub.web.languages import language


@dataclass(frozen=True)
class Names:
    """Names by id, in the language of the page; `lines` says where each rule of the text at hand stands."""

    rules: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def know(self, changes: Mapping[str, Any]) -> bool:
        """Whether whatever changed is called something here; `changes` are those of an edition, as it keeps them."""
        rules = {id for key in ("added", "removed", "changed", "moved") for id in changes.get(key, ())}
        queues = {id for key in ("queues_added", "queues_removed", "queues_changed") for id in changes.get(key, ())}
        topics = {id for key in ("topics_added", "topics_removed", "topics_changed") for id in changes.get(key, ())}
        calendars = {id for key in ("calendars_added", "calendars_removed", "calendars_changed") for id in changes.get(key, ())}
        desk = queues <= self.queues.keys() and topics <= self.topics.keys() and calendars <= self.calendars.keys()
        return desk and rules <= self.lines.keys()


def names_in(*rulebooks: Rulebook | None) -> Names:
    """The names in these rules; where several name the same, the last has its say, and the lines are its own."""
    known, here = [each for each in rulebooks if each is not None], language()
    return Names(
        rules={rule.id: rule.name for each in known for rule in each.rules if rule.name},
        queues={queue.id: in_language(queue.names, here) for each in known for queue in each.queues.values()},
        topics={topic.id: in_language(topic.names, here) for each in known for topic in each.topics.values()},
        calendars={
            calendar.id: in_language(calendar.names, here) or calendar.id
            for each in known
            for calendar in each.calendars.values()
        },
        lines={rule.id: rule.line for rule in known[-1].rules} if known else {},
    )


def called(colleague: Named) -> str:
    """What a colleague or a team is called."""
    return colleague.name(language()) if isinstance(colleague, Queue) else colleague.name
