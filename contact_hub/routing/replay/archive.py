"""Past contacts, kept so that the few which fulfil a condition are found without asking each of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from contact_hub.contact import Contact
from contact_hub.routing.conditions import Address, Condition, Contains, Either, Every, Not, OneOf, Postcode, Weekday
from contact_hub.routing.fields import Reading, originals_of
from contact_hub.routing.index.literals import necessary_literals
from contact_hub.routing.replay.postings import Postings, is_one_word
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

Places = frozenset[int] | set[int]
_FEW = 500  # contacts that are asked one by one sooner than looked up


class Archive:
    """Contacts as the rules read them; `fulfilling` answers as `Condition.holds` does, which stays the definition.

    Words are found by postings, equal values by what they equal; whatever has no index is asked of each contact in question.
    """

    def __init__(self, contacts: Iterable[Contact], zone: ZoneInfo) -> None:
        self.readings: Sequence[Reading] = [Reading(contact, zone) for contact in contacts]
        self.everywhere: Places = frozenset(range(len(self.readings)))
        self._postings: dict[str, Postings] = {}
        self._entities: dict[str, Places] = {}
        self._alike: dict[str, dict[Hashable, list[int]]] = {}

    def prepare(self, field: str) -> None:
        """Makes the words of a text field ready; those of others wait until they are first asked for."""
        for part in originals_of(field):
            self._words_of(part)

    def fulfilling(self, condition: Condition, among: Places) -> Places:
        """The places, out of `among`, of the contacts that fulfil the condition."""
        match condition:
            case Every(parts):
                for part in sorted(parts, key=_effort):
                    among = self.fulfilling(part, among)
                return among
            case Either(parts):
                return set().union(*[self.fulfilling(part, among) for part in parts])
            case Not(part):
                return among - self.fulfilling(part, among)
            case Contains(field, words):
                return self._containing(field, words, among)
            case OneOf(field, values) if len(among) > _FEW:
                kinds = self._kinds(field, lambda reading: reading.exact(field))
                return among & set().union(*[kinds[value] for value in values if value in kinds])
            case Address(field) if len(among) > _FEW:
                return among & self._of_kinds(condition, field, lambda reading: reading.addresses(field))
            case Postcode() if len(among) > _FEW:
                return among & self._of_kinds(condition, "postcode", lambda reading: reading.postcode)
            case Weekday() if len(among) > _FEW:
                return among & self._of_kinds(condition, "weekday", lambda reading: reading.received.weekday())
        return {place for place in among if condition.holds(self.readings[place])}

    def _containing(self, field: str, words: Iterable[Word], among: Places) -> Places:
        """The places whose field contains any of the words."""
        found: set[int] = set()
        for word in sorted(words, key=_effort):
            found |= self._with_word(field, word, among - found if isinstance(word, Pattern) else among)
        return found

    def _with_word(self, field: str, word: Word, among: Places) -> Places:
        match word:
            case Plain(_, needle):
                return set().union(*[self._with_needle(part, needle, among) for part in originals_of(field)])
            case AtLeast(number, words):
                counted = Counter(place for each in words for place in self._with_word(field, each, among))
                return {place for place, count in counted.items() if count >= number}
            case Pattern(written):
                among = self._maybe_fitting(field, written, among)
        return {place for place in among if word.stands_in(field, self.readings[place])}

    def _with_needle(self, part: str, needle: str, among: Places) -> Places:
        found = among & self._words_of(part).around(needle)
        if is_one_word(needle):
            return found
        return {place for place in found if needle in self.readings[place].folded(part)}

    def _maybe_fitting(self, field: str, pattern: str, among: Places) -> Places:
        """The places, out of `among`, without those whose field lacks letters that the pattern needs."""
        needed = necessary_literals(pattern)
        if not needed:
            return among
        maybe: set[int] = set()
        for part in originals_of(field):
            words = self._words_of(part)
            held = [set().union(*[words.around(letters) for letters in group]) for group in needed]
            maybe |= set.intersection(*held) | self._with_entities(part)
        return among & maybe

    def _with_entities(self, part: str) -> Places:
        """The places whose text may hold HTML entities, which patterns read as they are written."""
        known = self._entities.get(part)
        if known is None:
            known = {place for place, reading in enumerate(self.readings) if "&" in reading.original(part)}
            self._entities[part] = known
        return known

    def _words_of(self, part: str) -> Postings:
        known = self._postings.get(part)
        if known is None:
            known = self._postings[part] = Postings(reading.folded(part) for reading in self.readings)
        return known

    def _of_kinds(self, condition: Condition, name: str, look: Callable[[Reading], Hashable]) -> set[int]:
        """The places that fulfil a condition which sees of a contact only what `look` does: each kind is asked once."""
        kinds = self._kinds(name, look)
        return set().union(*[places for places in kinds.values() if condition.holds(self.readings[places[0]])])

    def _kinds(self, name: str, look: Callable[[Reading], Hashable]) -> Mapping[Hashable, Sequence[int]]:
        """The places of the contacts by what `look` sees of them."""
        known = self._alike.get(name)
        if known is None:
            known = self._alike[name] = defaultdict(list)
            for place, reading in enumerate(self.readings):
                known[look(reading)].append(place)
        return known


def _effort(part: Condition | Word) -> int:
    """What is found quickly, and seldom, goes first and leaves little to what must be asked of each contact."""
    match part:
        case Plain() | Address():
            return 0
        case Contains(_, words) | AtLeast(_, words):
            return max(map(_effort, words), default=0)
        case Every(parts) | Either(parts):
            return max(map(_effort, parts), default=0)
        case Not(part):
            return max(1, _effort(part))
        case Pattern():
            return 3
        case OneOf() | Postcode() | Weekday():
            return 1
    return 2
