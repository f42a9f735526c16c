"""Says in a few lines what an invitation is for, when and where (RFC 5545); dates stay as unambiguous as they came."""

import re
from collections.abc import Iterator

from channels.email.charsets import text_of

KINDS = frozenset({"text/calendar", "application/ics"})

_LONGEST_READ = 200_000
_MOST_EVENTS = 10
_PROPERTY = re.compile(r'([A-Za-z-]{1,40})((?:;[^:;="]{1,60}=(?:"[^"\n]{0,200}"|[^:;"\n]{0,200}))*+):(.*)')
_ZONE = re.compile(r';TZID="?([^";:]+)', re.IGNORECASE)
_STATE = re.compile(r';PARTSTAT="?([A-Za-z-]+)', re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_REPLIES = frozenset({"REPLY", "COUNTER"})


def text_of_calendar(content: bytes) -> str:
    """Title, from when to when, place and answers of each event; '' where there is none."""
    lines = re.sub(r"\r?\n[ \t]", "", text_of(content[:_LONGEST_READ], "utf-8")).splitlines()
    method = next((line.partition(":")[2].strip().upper() for line in lines if line.upper().startswith("METHOD:")), "")
    return "\n\n".join("\n".join(_said(event, method)) for event in _events(lines))


def _events(lines: list[str]) -> Iterator[dict[str, list[tuple[str, str]]]]:
    """The properties of each event by name: (parameters, value)."""
    event: dict[str, list[tuple[str, str]]] | None = None
    found = inner = 0
    for line in lines:
        mark = line.strip().upper()
        if mark == "BEGIN:VEVENT" and found < _MOST_EVENTS:
            event, found, inner = {}, found + 1, 0
        elif mark == "END:VEVENT" and event is not None:
            yield event
            event = None
        elif event is not None:
            inner += mark.startswith("BEGIN:") - mark.startswith("END:")  # an alarm within the event
            matched = _PROPERTY.match(line) if not inner else None
            if matched:
                event.setdefault(matched[1].upper(), []).append((matched[2], _ESCAPED.sub(_unescaped, matched[3]).strip()))


def _said(event: dict[str, list[tuple[str, str]]], method: str) -> Iterator[str]:
    for name in ("SUMMARY", "", "LOCATION", "RRULE"):
        text = _when(event) if not name else event.get(name, [("", "")])[0][1]
        if text:
            yield text
    if method == "CANCEL":
        yield "cancelled"
    if method in _REPLIES:
        states = (_STATE.search(parameters) for parameters, _ in event.get("ATTENDEE", []))
        yield from (state[1].lower() for state in states if state)


def _when(event: dict[str, list[tuple[str, str]]]) -> str:
    """`2025-03-10 10:00 – 11:00 (Europe/Brussels)`, or the dates where it lasts whole days."""
    parameters, start = event.get("DTSTART", [("", "")])[0]
    end = _moment(event.get("DTEND", [("", "")])[0][1])
    zone = _ZONE.search(parameters)
    begin = _moment(start)
    if end[:11] == begin[:11] and len(end) > len(begin[:11]):
        end = end[11:]
    span = f"{begin} – {end}" if begin and end and end != begin else begin
    named = zone[1] if zone else "UTC" if start.endswith("Z") else ""
    return f"{span} ({named})" if span and named else span


def _moment(value: str) -> str:
    found = _MOMENT.match(value)
    if not found:
        return ""
    year, month, day, hour, minute, _ = found.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
