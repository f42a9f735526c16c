"""Many conditions at once: found by what they need, and only those that may hold are judged."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import partial

from contact_hub.routing.conditions import Condition
from contact_hub.routing.fields import Reading
from contact_hub.routing.index.judges import Judge, judge_of, needles_in
from contact_hub.routing.index.sieves import Sieves
from contact_hub.routing.index.sight import ADDRESSES, Finder, Sight
from contact_hub.routing.index.triggers import Between, Chooser, Found, Triggers

COMMON = 0.02
"""Needles that stand in more texts are not looked for beforehand, unless a rule is found by them or many ask for them."""
FEW = 1
"""So many conditions asking for a common needle do not make it worth looking for beforehand."""

MOST_KNOWN = 1_000
"""Stretches of postcodes whose rules are remembered."""

Places = tuple[int, ...]
Index = dict[str, Places]


class Lookup:
    """Conditions by their places in a list.

    Behind what can be found stand places: those of the conditions that hold by it alone, and, counted on from the length
    of the list, those of the conditions that it takes more to judge.
    """

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._conditions = tuple(conditions)
        self._count = len(self._conditions)
        self._found: dict[str, Index] = {}
        self._written: dict[str, Index] = {}
        self._values: dict[str, Index] = {}
        self._postcodes = Spans()
        self._always: list[int] = []
        self._judges: dict[int, Judge] = {}
        sought = Counter([needle for condition in self._conditions for needle in needles_in(condition)])
        chooser = Chooser(sought)
        for place, condition in enumerate(self._conditions):
            triggers = chooser.triggers_of(condition)
            if triggers is None:
                self._always.append(place + self._count)
            else:
                self._note(triggers, (place if triggers.enough else place + self._count,))
        keys = {needle for part, index in self._found.items() if part != ADDRESSES for needle in index}
        rare = [needle for needle, times in sought.items() if needle not in keys and times <= FEW]
        self._common = frozenset([needle for needle in rare if chooser.share_of(needle) > COMMON])
        self._finder = Finder(keys.union(sought) - self._common)
        self._address_finder = Finder(self._found.get(ADDRESSES, ()))
        self._sieves = Sieves(self._common)

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_judges": {}, "_sieves": Sieves(self._common)}

    def holding(self, reading: Reading) -> list[int]:
        """The places of the conditions that hold, ascending; from here on the reading knows what was found."""
        sight = Sight(reading, self._finder, self._address_finder)
        reading.sieve = partial(self._sieves.sieved, sight.so_far)
        places = sorted(self._touched(sight))
        certain = bisect_left(places, self._count)
        judged = [place for place in [place - self._count for place in places[certain:]] if self._judge(place).holds(sight)]
        return sorted(places[:certain] + judged) if judged else places[:certain]

    def _touched(self, sight: Sight) -> set[int]:
        reading = sight.reading
        touched = set(self._always)
        for part, index in self._found.items():
            touched.update(*filter(None, map(index.get, sight.found(part))))
        for part, index in self._written.items():
            if "&" in reading.original(part):
                touched.update(*filter(None, map(index.get, sight.letters(part))))
        for field, index in self._values.items():
            touched.update(index.get(reading.exact(field), ()))
        if self._postcodes and reading.postcode is not None:
            touched.update(self._postcodes.at(reading.postcode))
        return touched

    def _note(self, triggers: Triggers, noted: Places) -> None:
        for each in triggers.any_of:
            match each:
                case Between(first, last):
                    self._postcodes.add(first, last, noted)
                case Found("value", field, value):
                    _add(self._values, field, value, noted)
                case Found(how, part, needle):
                    _add(self._found, part, needle, noted)
                    if how == "literal":
                        _add(self._written, part, needle, noted)

    def _judge(self, place: int) -> Judge:
        judge = self._judges.get(place)
        if judge is None:
            judge = self._judges[place] = judge_of(self._conditions[place], self._common)
        return judge


class Spans:
    """Ranges of numbers, ends included, each with its places: which of them hold a number."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int, Places]] = []
        self._bounds: list[int] = []
        self._known: dict[int, Places] = {}

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, first: int, last: int, places: Places) -> None:
        """One more range."""
        self._spans.append((first, last, places))
        self._bounds = []

    def at(self, number: int) -> Places:
        """The places of the ranges that hold the number: the same between any two bounds, and so found out only once."""
        if not self._bounds:
            self._bounds = sorted({bound for first, last, _ in self._spans for bound in (first, last + 1)})
        slot = bisect_right(self._bounds, number)
        known = self._known.get(slot)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known = {}
            found = [place for first, last, places in self._spans if first <= number <= last for place in places]
            known = self._known[slot] = tuple(found)
        return known


def _add(indices: dict[str, Index], name: str, needle: str, noted: Places) -> None:
    index = indices.setdefault(name, {})
    known = index.get(needle)
    index[needle] = known + noted if known else noted
