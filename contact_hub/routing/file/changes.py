"""What one text of the rules says otherwise than another: rule by rule, and line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, unified_diff

from contact_hub.contact import Contact
from contact_hub.routing.calendars import Calendar
from contact_hub.routing.rules import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of what was added, taken away, changed, or only stands elsewhere; and of queues, topics and calendars."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    queues_added: tuple[str, ...] = ()
    queues_removed: tuple[str, ...] = ()
    queues_changed: tuple[str, ...] = ()
    topics_added: tuple[str, ...] = ()
    topics_removed: tuple[str, ...] = ()
    topics_changed: tuple[str, ...] = ()
    calendars_added: tuple[str, ...] = ()
    calendars_removed: tuple[str, ...] = ()
    calendars_changed: tuple[str, ...] = ()
    default_changed: bool = False

    def as_record(self) -> dict[str, object]:
        """The changes as the API says them: values JSON knows."""
        names = (name for name in self.__slots__ if name != "default_changed")
        return {**{name: list(getattr(self, name)) for name in names}, "default_changed": self.default_changed}


def changes(before: Rulebook, after: Rulebook) -> Changes:
    """What `after` says otherwise; a rule that only stands on another line counts as the same."""
    old, new = _by_id(before.rules), _by_id(after.rules)
    both = [name for name in new if name in old]
    changed = tuple(name for name in both if old[name] != new[name])
    return Changes(
        added=_without(new, old),
        removed=_without(old, new),
        changed=changed,
        moved=tuple(name for name in _moved([name for name in old if name in new], both) if name not in changed),
        queues_added=_without(after.queues, before.queues),
        queues_removed=_without(before.queues, after.queues),
        queues_changed=_otherwise(before.queues, after.queues),
        topics_added=_without(after.topics, before.topics),
        topics_removed=_without(before.topics, after.topics),
        topics_changed=_otherwise(before.topics, after.topics),
        calendars_added=_without(after.calendars, before.calendars),
        calendars_removed=_without(before.calendars, after.calendars),
        calendars_changed=_otherwise(_with_names(before.calendars), _with_names(after.calendars)),
        default_changed=before.default != after.default,
    )


def line_by_line(before: str, after: str, names: tuple[str, str] = ("before", "after"), around: int = 3) -> str:
    """A unified diff with `around` lines of context; empty when the texts are the same."""
    lines = unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="", n=around)
    return "\n".join(lines)


def rules_that_need(rulebook: Rulebook, queues: Iterable[str]) -> tuple[str, ...]:
    """The ids of the rules that send contacts to any of these queues."""
    wanted = set(queues)
    return tuple(rule.id for rule in rulebook.rules if rule.then.queue in wanted)


def _by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.id: replace(rule, line=0, yes=_unplaced(rule.yes), no=_unplaced(rule.no)) for rule in rules}


def _unplaced(examples: Iterable[Contact]) -> tuple[Contact, ...]:
    """An example is named for its line; here only what it says counts."""
    return tuple(replace(each, external_id="") for each in examples)


def _without(these: Mapping[str, object], those: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in these if name not in those)


def _otherwise(these: Mapping[str, object], those: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in those if name in these and these[name] != those[name])


def _with_names(calendars: Mapping[str, Calendar]) -> dict[str, object]:
    return {name: (calendar, calendar.names) for name, calendar in calendars.items()}


def _moved(old: list[str], new: list[str]) -> list[str]:
    """What must be taken out of its place to get from one order to the other."""
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {name for block in kept for name in new[block.b : block.b + block.size]}
    return [name for name in new if name not in stayed]
