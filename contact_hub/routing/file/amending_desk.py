"""Changes one queue or one calendar in the text of the rules file, or adds one, and leaves all else as a person wrote it."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import groupby

from yaml import MappingNode, Node, SequenceNode

from contact_hub.routing.calendars import DAYS_END, WEEKDAYS, Calendar, Hours
from contact_hub.routing.file import in_place
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.municipality import Clock, Queue
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.said import said

HOLIDAYS = "belgian holidays"
_PART = re.compile(r"^([A-Za-z]\w*)[ \t]*:", re.MULTILINE)


def with_queue(text: str, before: Rulebook, queue: Queue) -> str:
    """The text, which reads as `before`, with this queue so; one that it does not have comes last. Raises RulebookError."""
    is_now = before.queues.get(queue.id)

    def write() -> str:
        return _within(text, "queues", lambda part: _changed_queue(part, is_now, queue) if is_now else _new_queue(part, queue))

    return _checked(write, before, is_now.line if is_now else 1, queues={**before.queues, queue.id: queue})


def with_calendar(text: str, before: Rulebook, calendar: Calendar) -> str:
    """The text, which reads as `before`, with this calendar so; one that it does not have comes last. Raises RulebookError."""

    def write() -> str:
        if not before.calendars and _place_of(text, "calendars") is None:
            begin, _ = _place_of(text, "queues") or (0, 0)
            return f"{text[:begin]}calendars: {{{calendar.id}: {_in_braces(calendar)}}}\n{text[begin:]}"
        return _within(text, "calendars", lambda part: _put_calendar(part, calendar))

    line = line_of_calendar(text, calendar.id)
    return _checked(write, before, line, calendars={**before.calendars, calendar.id: calendar})


def line_of_calendar(text: str, name: str) -> int:
    """The line on which a calendar stands, in a text without mistakes; the first where it has none of that name."""
    begin, end = _place_of(text, "calendars") or (0, 0)
    calendars = in_place.value(in_place.document(text[begin:end]), "calendars") if end else None
    found = in_place.value(calendars, name)
    return text.count("\n", 0, begin) + found.start_mark.line + 1 if found else 1


def written_span(span: Hours) -> str:
    """Opening hours as the file has them; the end of a day is 24:00."""
    opens, closes = span
    return f"{opens:%H:%M}-{'24:00' if closes == DAYS_END else f'{closes:%H:%M}'}"


def _checked(
    write: Callable[[], str],
    before: Rulebook,
    line: int,
    *,
    queues: Mapping[str, Queue] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> str:
    """What was written, when its queues and calendars are as they were but for what was wanted."""
    what = said("This can't be changed by a form: comments stand within it, or it is written in a way of its own.")
    by_hand = RulebookError([Mistake(line, 1, what, said("Change it in the text."))])
    try:
        found = write()
        after = read_rulebook(found)
    except (in_place.Tangled, RulebookError) as error:
        raise by_hand from error
    if after.queues != (queues or before.queues) or _pairs_of(after.calendars) != _pairs_of(calendars or before.calendars):
        raise by_hand
    return found


def _within(text: str, name: str, change: Callable[[str], str]) -> str:
    """The text with one of its parts changed, and every byte around it as it was. Raises Tangled where it has none such."""
    place = _place_of(text, name)
    if place is None:
        raise in_place.Tangled
    begin, end = place
    return text[:begin] + change(text[begin:end]) + text[end:]


def _place_of(text: str, name: str) -> tuple[int, int] | None:
    """From where to where a part goes that begins with this key at the margin."""
    begins = [(found.start(), found[1]) for found in _PART.finditer(text)]
    ends = [*(begin for begin, _ in begins[1:]), len(text)]
    return next(((begin, end) for (begin, key), end in zip(begins, ends, strict=True) if key == name), None)


def _new_queue(text: str, queue: Queue) -> str:
    members = in_place.value(in_place.document(text), "queues")
    assert isinstance(members, SequenceNode)  # no rulebook is without
    pairs = {"id": queue.id, "name": _names(queue.names), **_said(queue)}
    return in_place.with_member(text, members, {key: words for key, words in pairs.items() if words})


def _changed_queue(text: str, is_now: Queue, queue: Queue) -> str:
    for language in dict.fromkeys((*is_now.names, *queue.names)):
        text = _with(text, queue.id, language, _quoted(queue.names.get(language, "")), is_now.names.get(language), of="name")
    now = _said(is_now)
    for key, words in _said(queue).items():
        text = text if words == now[key] else _with(text, queue.id, key, words, now[key])
    return text


def _with(text: str, queue: str, key: str, words: str, is_now: str | None, *, of: str = "") -> str:
    """The text with a key of a queue, or of its name, put so or taken out."""
    if of and words == _quoted(is_now or ""):
        return text
    block: object = _queue(text, queue)
    if of:
        block = in_place.value(_queue(text, queue), of)
    assert isinstance(block, MappingNode)  # it was read as one
    if words:
        return in_place.put(text, block, key, words, behind="" if of else "tier")
    return in_place.without(text, block, key) if in_place.value(block, key) else text


def _queue(text: str, queue: str) -> MappingNode:
    members = in_place.value(in_place.document(text), "queues")
    assert isinstance(members, SequenceNode)  # no rulebook is without
    queues: list[MappingNode] = members.value
    return next(each for each in queues if (named := in_place.value(each, "id")) and named.value == queue)


def _said(queue: Queue) -> dict[str, str]:
    """What a queue says behind its keys, in their order, as it is written; empty for what goes without saying."""
    return {
        "tier": queue.tier,
        "visibility": "" if queue.visibility == "default" else queue.visibility,
        "clock": written_clock(queue.clock),
        "contact": _quoted(queue.contact),
        "deputy": _quoted(queue.deputy),
        "calendar": queue.calendar,
    }


def written_clock(clock: Clock | None) -> str:
    """A span of time as the file has it: `1 working day`."""
    return f"{clock.amount} {clock.unit.removesuffix('s') if clock.amount == 1 else clock.unit}" if clock else ""


def _names(names: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{language}: {_quoted(name)}' for language, name in names.items())}}}"


def _quoted(words: str) -> str:
    """What JSON quotes, YAML reads as it was."""
    return json.dumps(words, ensure_ascii=False) if words else ""


def _put_calendar(text: str, calendar: Calendar) -> str:
    root = in_place.document(text)
    calendars = in_place.value(root, "calendars")
    if not isinstance(calendars, MappingNode) or not calendars.value:
        return in_place.put(text, root, "calendars", f"{{{calendar.id}: {_in_braces(calendar)}}}")
    block = in_place.value(calendars, calendar.id)
    if isinstance(block, MappingNode) and not block.flow_style:
        return _lines_of(text, block, calendar)
    return in_place.put(text, calendars, calendar.id, _in_braces(calendar))


def _lines_of(text: str, block: MappingNode, calendar: Calendar) -> str:
    """The text with the lines of a calendar so; those that say the same already stay as they are."""
    pairs, kept, edits = _pairs(calendar), set(), []
    for named, given in block.value:
        if pairs.get(named.value) == _as_written(given):
            kept.add(named.value)
            continue
        if in_place.has_comment(text, given):
            raise in_place.Tangled
        begin, end = in_place.lines_around(text, named.start_mark.index, in_place.end_of(given))
        edits.append((begin, end, ""))
    _, last = block.value[-1]
    indent = " " * block.start_mark.column
    new = [f"{indent}{key}: {words}" for key, words in pairs.items() if key not in kept]
    if new and new[0].startswith(f"{indent}name:"):
        edits.append(in_place.line_above(text, block, new.pop(0)))
    return in_place.applied(text, [*edits, in_place.line_below(text, last, *new)] if new else edits)


def _as_written(given: Node) -> str:
    """What stands there, as it would be written anew; empty of what would not be."""
    if isinstance(given, MappingNode):
        return _names({language.value: name.value for language, name in given.value})
    return _listed([each.value for each in given.value]) if isinstance(given, SequenceNode) else ""


def _in_braces(calendar: Calendar) -> str:
    return f"{{{', '.join(f'{key}: {words}' for key, words in _pairs(calendar).items())}}}"


def _pairs(calendar: Calendar) -> dict[str, str]:
    """What a calendar says, as it is written: its name, days with the same hours together, then what is closed."""
    pairs = {"name": _names(calendar.names)} if calendar.names else {}
    for hours, group in groupby(range(len(WEEKDAYS)), lambda day: calendar.opening_hours.get(day, ())):
        days = [WEEKDAYS[day] for day in group]
        if hours:
            key = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
            pairs[key] = _listed([written_span(span) for span in hours])
    closed = [HOLIDAYS] * calendar.belgian_holidays + [str(day) for day in sorted(calendar.closed)]
    return {**pairs, "closed": _listed(closed)} if closed else pairs


def _pairs_of(calendars: Mapping[str, Calendar]) -> dict[str, dict[str, str]]:
    return {name: _pairs(calendar) for name, calendar in calendars.items()}


def _listed(words: list[str]) -> str:
    return f"[{', '.join(each if each == HOLIDAYS else _quoted(each) for each in words)}]"
