"""Decides past tickets again with a draft: all of them, or only those that the edit can touch, with the same report."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from contact_hub.routing.fields import Reading
from contact_hub.routing.index.matcher import Matcher
from contact_hub.routing.replay.archive import Archive
from contact_hub.routing.replay.edits import Taker, edit, takers
from contact_hub.routing.replay.reckoning import Counts, Past, Shift, report
from contact_hub.routing.replay.replayed import Report
from contact_hub.routing.rules import Rulebook

__all__ = ["Past", "Replay"]


class Replay:
    """Past tickets, decided once by the rules of `before`; ready to be decided again by drafts."""

    def __init__(self, before: Rulebook, past: Iterable[Past]) -> None:
        self.past: Sequence[Past] = tuple(past)
        self._zone = before.municipality.zone
        self._archive = Archive((each.contact for each in self.past), self._zone)
        self._archive.prepare("text")
        self._takers = takers(before)
        self._holding = _holding(self._takers, self._archive.readings)
        self._won: defaultdict[int, list[int]] = defaultdict(list)
        for place, holding in enumerate(self._holding):
            self._won[holding[0]].append(place)
        self._counts = Counts()
        for taker, places in self._won.items():
            self._counts.add(self._takers[taker], [(place, self.past[place]) for place in places])

    def full(self, after: Rulebook) -> Report:
        """What becomes of the tickets, every one decided anew."""
        zone, drafted = after.municipality.zone, takers(after)
        same = zone == self._zone
        readings = self._archive.readings if same else [Reading(each.contact, zone) for each in self.past]
        taking = [holding[0] for holding in _holding(drafted, readings)]
        return self._report(drafted, dict(enumerate(taking)))

    def delta(self, after: Rulebook) -> Report:
        """The same report, for which only the tickets that the edit can touch are decided anew."""
        if after.municipality.zone != self._zone:
            return self.full(after)
        drafted = takers(after)
        return self._report(drafted, self._taken_anew(drafted))

    def _taken_anew(self, drafted: Sequence[Taker]) -> dict[int, int]:
        """Who of the draft takes each ticket that the edit touches: by place.

        A ticket keeps its taker unless that taker is gone, or one that came stands above it and wants the ticket.
        """
        change = edit(self._takers, drafted)
        comes: dict[int, int] = {}
        for taker in change.come:
            for place in self._wanted_by(drafted[taker]):
                comes.setdefault(place, taker)
        nobody = len(drafted)
        taken = {}
        for place in comes.keys() | set(chain.from_iterable(self._won.get(taker, ()) for taker in change.gone)):
            stays = next((change.kept[taker] for taker in self._holding[place] if taker in change.kept), nobody)
            taken[place] = min(stays, comes.get(place, nobody))
        return taken

    def _wanted_by(self, taker: Taker) -> Iterable[int]:
        wanted = self._archive.fulfilling(taker.when, self._archive.everywhere)
        if taker.until is None:
            return wanted
        return [place for place in wanted if self._archive.readings[place].received.date() <= taker.until]

    def _report(self, drafted: Sequence[Taker], taking: Mapping[int, int]) -> Report:
        """The report, out of who takes tickets in the draft; those not among them keep their taker."""
        tickets: defaultdict[tuple[int, int], list[tuple[int, Past]]] = defaultdict(list)
        for place, taker in taking.items():
            tickets[self._holding[place][0], taker].append((place, self.past[place]))
        shifts = [Shift(self._takers[before], drafted[after], these) for (before, after), these in tickets.items()]
        passing = [shift for shift in shifts if shift.before.decides != shift.after.decides]
        return report(self._counts, passing, [taker.rule for taker in (*drafted, *self._takers)])


def _holding(among: Sequence[Taker], readings: Iterable[Reading]) -> list[tuple[int, ...]]:
    """For each contact the places of those who want it, in their order; the default always does."""
    matcher = Matcher.of(among)
    return [tuple(matcher.holding(reading)) for reading in readings]
