"""What separates two rulebooks where it matters for the queue: which rules stand where they stood, and which do not."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from contact_hub.routing.conditions import Condition, Contains, Either, Every
from contact_hub.routing.decisions import DEFAULT
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.words import Plain

_COMPARED = 5  # of a taker: all but the condition itself, for which its essence stands
_WRITTEN = attrgetter("written")


class Taker(NamedTuple):
    """What may take a contact: an active screen or route rule, or the default, with all that decides its queue."""

    rule: str
    queue: str
    screened: bool
    until: date | None
    essence: object
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
    active = [rule for rule in rulebook.rules if rule.status == "active"]
    asked = [rule for section in ("screen", "route") for rule in active if rule.section == section]
    return (
        *[_taker(rule.id, rule.then.queue, rule.section == "screen", rule.until, rule.when) for rule in asked],
        _taker(DEFAULT, rulebook.default.queue, False, None, Every(())),
    )


def edit(before: Sequence[Taker], after: Sequence[Taker]) -> Edit:
    """The smallest such way: as many as can be are kept, in their order."""
    old, new = [taker[:_COMPARED] for taker in before], [taker[:_COMPARED] for taker in after]
    begin, end = _same_at_both_ends(old, new)
    places = {taker[0]: place for place, taker in enumerate(old[begin : len(old) - end], begin)}
    pairs = [
        (places[taker[0]], place)
        for place, taker in enumerate(new[begin : len(new) - end], begin)
        if taker[0] in places and old[places[taker[0]]] == taker
    ]
    ends = zip(range(len(old) - end, len(old)), range(len(new) - end, len(new)), strict=True)
    same = _longest_ascending(pairs)
    kept = {**{place: place for place in range(begin)}, **dict(same), **dict(ends)}
    standing = {place for _, place in same}
    return Edit(
        kept=kept,
        gone=[place for place in range(begin, len(old) - end) if place not in kept],
        come=[place for place in range(begin, len(new) - end) if place not in standing],
    )


def _taker(rule: str, queue: str, screened: bool, until: date | None, when: Condition) -> Taker:
    return Taker(rule, queue, screened, until, _essence(when), when)


def _essence(condition: Condition) -> object:
    """Equal for equal conditions, and quicker to compare: plain words as they are written, which is nearly all there is."""
    kind = type(condition)
    if isinstance(condition, Contains) and set(map(type, condition.words)) == {Plain}:
        return condition.field, tuple(map(_WRITTEN, condition.words))
    if isinstance(condition, Every | Either):
        return kind, [_essence(part) for part in condition.parts]
    return condition


def _same_at_both_ends(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    begin = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    rest = shorter - begin
    end = next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)
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
