"""What is known of fields compared as a whole: channels and such, addresses, postcodes, the person."""

from collections.abc import Callable, Iterable
from itertools import combinations, islice, product

from contact_hub.contact import CHANNELS
from contact_hub.routing.conditions import Address, Known, OneOf, OpenTickets, Postcode
from contact_hub.routing.doctor.logic import TRUE, Logic
from contact_hub.routing.doctor.made_up import Draft
from contact_hub.routing.fields import ADDRESSES, EXACT

_MOST_PAIRS = 100_000


class Exact:
    """Propositions such as “the channel is chat”: a field has one value or none; the channel has one."""

    def __init__(self, logic: Logic) -> None:
        self._logic = logic
        self._values: dict[str, dict[str, int]] = {field: {} for field in EXACT}
        self._has: dict[str, int] = {}

    def of(self, condition: OneOf) -> int:
        values = self._values[condition.field]
        return self._logic.either([values.setdefault(value, self._logic.new()) for value in sorted(condition.values)])

    def has(self, field: str) -> int:
        return self._has.setdefault(field, self._logic.new())

    def settle(self) -> None:
        for values in self._values.values():
            self._logic.at_most_one(list(values.values()))
        for field, has in self._has.items():
            for value in self._values[field].values():
                self._logic.knows(-value, has)
        if "channel" in self._has:
            self._logic.knows(self._has["channel"])

    def write(self, model: frozenset[int], draft: Draft) -> None:
        for field, values in self._values.items():
            draft.values.update((field, value) for value, atom in values.items() if atom in model)
        for field, has in self._has.items():
            if has in model:
                draft.values.setdefault(
                    field, _other_than(self._values[field], ("auto-reply",) if field == "automatic" else ("other",))
                )
        draft.values.setdefault("channel", _other_than(self._values["channel"], (*CHANNELS, "letter", "app")))


def _other_than(values: dict[str, int], choices: tuple[str, ...]) -> str:
    return next((each for each in choices if each not in values), "other")


class Addresses:
    """Propositions such as “the sender's domain is example.be”: there is one sender, but there may be many recipients.

    A value is known by the text that must occur in the address between two marks; so one brings another along where its
    text holds the other's.
    """

    def __init__(self, logic: Logic) -> None:
        self._logic = logic
        self._values: dict[str, dict[str, int]] = {field: {} for field in ADDRESSES}
        self._has: dict[str, int] = {}

    def of(self, condition: Address) -> int:
        values = self._values[condition.field]
        return self._logic.either([values.setdefault(value, self._logic.new()) for value in condition.values])

    def has(self, field: str) -> int:
        return self._has.setdefault(field, self._logic.new())

    def settle(self) -> None:
        for field, values in self._values.items():
            for value, atom in values.items():
                if field in self._has:
                    self._logic.knows(-atom, self._has[field])
                self._relate(field, value, atom)
        if {"sender", "sender domain"} <= self._has.keys():
            self._logic.knows(-self._has["sender domain"], self._has["sender"])
        for atom in self._values["sender domain"].values():
            if "sender" in self._has:
                self._logic.knows(-atom, self._has["sender"])
        senders, domains = self._values["sender"].items(), self._values["sender domain"].items()
        self._keep_apart(combinations(senders, 2), _are_two_senders)
        self._keep_apart(combinations(domains, 2), _are_two_domains)
        self._keep_apart(product(senders, domains), _is_elsewhere)

    def write(self, model: frozenset[int], draft: Draft) -> None:
        senders, domains, recipients = (
            [value for value, atom in self._values[field].items() if atom in model]
            for field in ("sender", "sender domain", "recipient")
        )
        domain = max((value.strip("*") for value in domains), key=len, default="")
        sender = max((value for value in senders), key=len, default="")
        if sender and "*" not in sender:
            draft.values["sender"] = sender
        elif sender or domain or any(self._has.get(field) in model for field in ("sender", "sender domain")):
            begin = sender.strip("*") if sender.endswith("*") else ""
            end = sender.strip("*") if sender.startswith("*") and not begin else ""
            told = f"{begin}{'' if '@' in begin else '' if '@' in end else '@'}{end}"
            local, _, behind = told.rpartition("@")
            draft.values["sender"] = f"{local or 'citizen'}@{behind or domain or 'nobody.example'}"
        if recipients or self._has.get("recipient") in model:
            draft.recipients.extend([value.strip("*") for value in recipients] or ["desk@town.example"])

    def _relate(self, field: str, value: str, atom: int) -> None:
        """What one address says of the others. A value with a star is related only where it is plain to see."""
        if "*" in value and not (field == "sender" and value.startswith("*@") and not value.endswith("*")):
            return
        made = value if field != "sender domain" else f"x@{value}"
        for other_field in ("recipient",) if field == "recipient" else ("sender", "sender domain"):
            if field == "sender domain" and other_field == "sender":
                continue
            for other, brought in self._values[other_field].items():
                if brought != atom and _brings(made, other_field, other):
                    self._logic.knows(-atom, brought)

    def _keep_apart(
        self, pairs: Iterable[tuple[tuple[str, int], tuple[str, int]]], are_two: Callable[[str, str], bool]
    ) -> None:
        """There is one sender only, so two that differ never hold together. Past so many pairs, the rest stays unsaid."""
        for (one, first), (other, second) in islice(pairs, _MOST_PAIRS):
            if are_two(one, other):
                self._logic.knows(-first, -second)


def _brings(address: str, field: str, value: str) -> bool:
    """Whether every address like this one (`*@…` stands for any before the @) fulfils a value."""
    domain = address.rpartition("@")[2]
    bare = value.strip("*")
    if field == "sender domain":
        return "@" in address and "*" not in value and f".{domain}".endswith(f".{bare}")
    if value.startswith("*"):
        return bare in address.strip("*") if value.endswith("*") else address.strip("*").endswith(bare)
    return "*" not in address and (address.startswith(bare) if value.endswith("*") else address == value)


def _are_two_senders(one: str, other: str) -> bool:
    """Whether no single sender fulfils both."""
    return "*" not in one + other and one != other


def _are_two_domains(one: str, other: str) -> bool:
    return "*" not in one + other and not f".{one}".endswith(f".{other}") and not f".{other}".endswith(f".{one}")


def _is_elsewhere(sender: str, domain: str) -> bool:
    return "*" not in sender + domain and not _brings(sender, "sender domain", domain)


class Numbers:
    """Propositions such as “the postcode lies in 9000-9099”: numbers on a line, cut where any rule begins or ends a range."""

    def __init__(self, logic: Logic) -> None:
        self._logic = logic
        self._up_to: dict[str, dict[int, int]] = {"postcode": {}, "open tickets": {}}
        self.has_postcode = logic.new()
        self.known = logic.new()

    def of(self, condition: Postcode | OpenTickets | Known) -> int:
        if isinstance(condition, Known):
            return self.known if condition.known else -self.known
        if isinstance(condition, OpenTickets):
            return self._logic.either([self._within("open tickets", *span) for span in condition.ranges])
        spans = [self._within("postcode", *span) for span in condition.ranges]
        return self._logic.every([self.has_postcode, self._logic.either(spans)])

    def has_open_tickets(self) -> int:
        return -self._at_most("open tickets", 0)

    def settle(self) -> None:
        for known in self._up_to.values():
            self._logic.ascending([known[number] for number in sorted(known)])

    def write(self, model: frozenset[int], draft: Draft) -> None:
        draft.known = self.known in model
        draft.open_tickets = self._chosen("open tickets", model)
        if self.has_postcode in model:
            draft.values["postcode"] = f"{self._chosen('postcode', model):04}"

    def _within(self, what: str, first: int, last: int) -> int:
        return self._logic.every([-self._at_most(what, first - 1), self._at_most(what, last)])

    def _at_most(self, what: str, number: int) -> int:
        return -TRUE if number < 0 else self._up_to[what].setdefault(number, self._logic.new())

    def _chosen(self, what: str, model: frozenset[int]) -> int:
        exceeded = [number for number, atom in self._up_to[what].items() if atom not in model]
        return max(exceeded, default=-1) + 1
