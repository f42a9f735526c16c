"""What separates two rulebooks where it matters for the queue: which rules stand where they stood, and which do not."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from contact_hub.routing.conditions import Condition, Every
from contact_hub.routing.decisions import DEFAULT
from contact_hub.routing.rules import Rulebook


class Taker(NamedTuple):
    """What may take a contact: an active screen or route rule, or the default, with all that decides its queue."""

    rule: str
    queue: str
    screened: bool
    until: date | None
    when: Condition

    @property
    def decides(self) -> tuple[str, str, bool]:
        """What it makes of a contact."""
        return self[:3]


@dataclass(frozen=True, slots=True)
class Edit:
    """The way from one row of takers to another: `kept` gives new places by old ones, ascending on both sides."""

    kept: Mapping[int, int]
    gone: Sequence[int]
    come: Sequence[int]


def takers(rulebook: Rulebook) -> tuple[Taker, ...]:
    """All that may take a contact, in the order in which they are asked; the last one, the default, takes the rest."""
    active = [rule for section in ("screen", "route") for rule in rulebook.rules if rule.section == section]
    return (
        *[
            Taker(rule.id, rule.then.queue, rule.section == "screen", rule.until, rule.when)
            for rule in active
            if rule.status == "active"
        ],
        Taker(DEFAULT, rulebook.default.queue, False, None, Every(())),
    )


def edit(before: Sequence[Taker], after: Sequence[Taker]) -> Edit:
    """The smallest such way: as many as can be are kept, in their order."""
    begin, end = _same_at_both_ends(before, after)
    places = {taker.rule: place for place, taker in enumerate(before[begin : len(before) - end], begin)}
    pairs = [
        (places[taker.rule], place)
        for place, taker in enumerate(after[begin : len(after) - end], begin)
        if taker.rule in places and before[places[taker.rule]] == taker
    ]
    ends = zip(range(len(before) - end, len(before)), range(len(after) - end, len(after)), strict=True)
    kept = {**{place: place for place in range(begin)}, **dict(_longest_ascending(pairs)), **dict(ends)}
    standing = set(kept.values())
    return Edit(
        kept=kept,
        gone=[place for place in range(len(before)) if place not in kept],
        come=[place for place in range(len(after)) if place not in standing],
    )


def _same_at_both_ends(before: Sequence[Taker], after: Sequence[Taker]) -> tuple[int, int]:
    shorter = min(len(before), len(after))
    begin = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    rest = shorter - begin
    end = next((place for place in range(rest) if before[-1 - place] != after[-1 - place]), rest)
    return begin, end


def _longest_ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, ascending by their second, that ascends by the first too (patience sorting)."""
    last: list[tuple[int, int]] = []  # by length: the lowest pair a chain of so many can end with
    earlier: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in pairs:
        length = bisect_left(last, pair)
        earlier[pair] = last[length - 1] if length else None
        last[length : length + 1] = [pair]
    chain: list[tuple[int, int]] = []
    link = last[-1] if last else None
    while link:
        chain.append(link)
        link = earlier[link]
    return chain[::-1]
