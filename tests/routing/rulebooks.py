"""Small rulebooks to test with: a desk of three queues, and rules as YAML below it."""

from datetime import UTC, datetime

from contact_hub.contact import Contact
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.rules import Rulebook

DESK = """\
format: 1
municipality: {name: Lindervelde, timezone: Europe/Brussels, languages: [nl, fr]}
calendars:
  office: {name: {nl: Kantooruren}, mon-fri: ["09:00-12:00", "13:00-16:30"], closed: [belgian holidays, "2026-12-24"]}
  night: {mon-sun: ["00:00-06:00", "22:00-24:00"]}
queues:
  - {id: reception, name: {nl: Onthaal}, tier: front, clock: 1 working day}
  - {id: waste, name: {nl: Afval, en: Waste}, tier: back, clock: 3 working days, calendar: office}
  - {id: complaints, name: {nl: Klachten}, tier: back, visibility: confidential, clock: 45 days}
topics:
  - {id: collection, name: {nl: Ophaling}, queue: waste, first_line: yes}
default: {queue: reception}
"""


def rulebook(rules: str) -> Rulebook:
    """The small desk with these sections."""
    return read_rulebook(DESK + rules)


def book_when(condition: str) -> Rulebook:
    """One route rule to the waste queue, under this condition."""
    return rulebook(f"route:\n  - {{id: it, when: {condition}, then: {{queue: waste}}}}\n")


def contact(message: str = "", **fields: object) -> Contact:
    """An e-mail of a working Monday morning, unless it says otherwise."""
    given: dict[str, object] = {"channel": "email", "external_id": "1", "received": datetime(2026, 1, 5, 9, 0, tzinfo=UTC)}
    return Contact(**{**given, "message": message, **fields})  # type: ignore[arg-type]


def fits(condition: str, message: str = "", **fields: object) -> bool:
    """Whether a contact fulfils a condition."""
    return book_when(condition).decide(contact(message, **fields)).rule == "it"
