"""Why a ticket is where it is: the rule of its edition, and the words that made it win, marked where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from contact_hub.editions import Edition
from contact_hub.routing.rulebook import RulebookError, read_rulebook
from contact_hub.routing.rules import DEFAULT, Rulebook
from contact_hub.tickets import Ticket

Span = tuple[int, int]
EDITIONS_READ = 8  # an edition never changes; the last few are read once


@dataclass(frozen=True)
class Why:
    """The rule that decided, in the words of its author, and what it says to the agent.

    `spans` tells by field where its words stand in the contact.
    """

    contact_id: int
    edition: int
    rule: str
    name: str
    because: str
    note: str
    words: Sequence[str]
    spans: Mapping[str, Sequence[Span]]

    @property
    def by_default(self) -> bool:
        """Whether no rule took it."""
        return self.rule == DEFAULT


def why_here(session: Session, ticket: Ticket) -> Why | None:
    """How the ticket was routed when it came in; None where nothing recorded it."""
    decision = ticket.decision
    if decision is None:
        return None
    edition = session.get(Edition, decision.edition_id)
    rulebook = _read(edition.text) if edition else None
    rule = next((rule for rule in rulebook.rules if rule.id == decision.rule), None) if rulebook else None
    evidence = decision.record.get("evidence", [])
    return Why(
        contact_id=decision.contact_id,
        edition=decision.edition_id,
        rule=decision.rule,
        name=rule.name if rule else "",
        because=rule.why if rule else "",
        note=str(decision.record.get("note", "")),
        words=list(dict.fromkeys(str(each["word"]) for each in evidence)),
        spans=_by_field(evidence),
    )


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """The text, escaped, with these places highlighted; places that overlap become one, made-up ones are left out."""
    parts, at = [], 0
    for start, end in _apart(spans, len(text)):
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def _apart(spans: Iterable[Span], length: int) -> list[Span]:
    apart: list[Span] = []
    for start, end in sorted(span for span in spans if 0 <= span[0] < span[1] <= length):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _by_field(evidence: Iterable[Mapping[str, int | str]]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    for each in evidence:
        spans.setdefault(str(each["field"]), []).append((int(each["start"]), int(each["end"])))
    return spans


@lru_cache(EDITIONS_READ)
def _read(text: str) -> Rulebook | None:
    try:
        return read_rulebook(text)
    except RulebookError:
        return None  # written for another version of the hub: its rule has no words any more
