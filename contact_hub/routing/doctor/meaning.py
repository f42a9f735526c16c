"""The rules as propositions: what each means, and what is known of all of them together."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from contact_hub.contact import Contact
from contact_hub.routing import conditions as c
from contact_hub.routing.doctor.logic import Logic
from contact_hub.routing.doctor.made_up import Draft
from contact_hub.routing.doctor.moments import Moments
from contact_hub.routing.doctor.texts import Texts
from contact_hub.routing.doctor.values import Addresses, Exact, Numbers
from contact_hub.routing.fields import ADDRESSES, EXACT
from contact_hub.routing.rules import Rule


class Meaning:
    """What conditions mean. Nothing is taken as known that could be otherwise: what cannot be, cannot be.

    Name all conditions first, then `settle`; a proposition named later is true to its parts, but its parts are not
    related to the others.
    """

    def __init__(self, zone: ZoneInfo, today: date | None = None) -> None:
        self.logic = Logic()
        self._texts = Texts(self.logic)
        self._exact = Exact(self.logic)
        self._addresses = Addresses(self.logic)
        self._numbers = Numbers(self.logic)
        self._moments = Moments(self.logic, zone, today)
        self._known: dict[int, int] = {}
        self._kept: list[c.Condition] = []
        self._theories = (self._texts, self._exact, self._addresses, self._numbers, self._moments)

    def of_rule(self, rule: Rule) -> int:
        """The proposition that the rule holds on a day on which it counts."""
        return self.logic.every([self._moments.up_to(rule.until), self.of(rule.when)])

    def of(self, condition: c.Condition) -> int:
        """The proposition that the condition holds."""
        known = self._known.get(id(condition))
        if known is None:
            known = self._of(condition)
            self._known[id(condition)] = known
            self._kept.append(condition)
        return known

    def has(self, field: str) -> int:
        """The proposition that the contact has something in this field."""
        if field in EXACT:
            return self._exact.has(field)
        if field in ADDRESSES:
            return self._addresses.has(field)
        if field == "postcode":
            return self._numbers.has_postcode
        if field == "person.known":
            return self._numbers.known
        return self._numbers.has_open_tickets() if field == "person.open tickets" else self._texts.has(field)

    def settle(self) -> None:
        """Makes known how all that was named hangs together."""
        for theory in self._theories:
            theory.settle()

    def contacts(self, model: frozenset[int]) -> Iterator[Contact]:
        """Made-up contacts that should be as the model says, the most natural first; to be tried, for words may join."""
        draft = Draft()
        for theory in self._theories:
            theory.write(model, draft)
        return draft.contacts()

    def _of(self, condition: c.Condition) -> int:
        match condition:
            case c.Every(parts):
                return self.logic.every([self.of(part) for part in parts])
            case c.Either(parts):
                return self.logic.either([self.of(part) for part in parts])
            case c.Not(part):
                return -self.of(part)
            case c.Contains(field, words):
                return self.logic.either([self._texts.stands(field, word) for word in words])
            case c.Has(fields):
                return self.logic.either([self.has(field) for field in fields])
            case c.OneOf():
                return self._exact.of(condition)
            case c.Address():
                return self._addresses.of(condition)
            case c.Postcode() | c.OpenTickets() | c.Known():
                return self._numbers.of(condition)
            case c.Open() | c.Weekday() | c.Hours():
                return self._moments.of(condition)
        return self.logic.new()
