"""A condition said in the languages of other rule engines."""

from abc import ABC, abstractmethod

from contact_hub.routing.conditions import Address, Condition, Contains, Either, Every, Not, OneOf, Postcode
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word


class Tongue(ABC):
    """How an engine says things; what all say alike stands here."""

    and_, or_, not_ = " and ", " or ", "not "

    def quoted(self, text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def contains(self, field: str, needle: str) -> str:
        return f"{self.quoted(needle)} in {field}"

    @abstractmethod
    def fits(self, field: str, pattern: str) -> str: ...

    @abstractmethod
    def begins(self, field: str, start: str) -> str: ...

    @abstractmethod
    def ends(self, field: str, end: str) -> str: ...

    @abstractmethod
    def at_least(self, number: int, parts: list[str]) -> str: ...

    def said(self, condition: Condition) -> str:
        """A condition in the engine's language."""
        match condition:
            case Contains(field=field, words=words):
                return self._either([self._word(field, word) for word in words])
            case OneOf(field=field, values=values):
                return self._either([f"{field} == {self.quoted(value)}" for value in sorted(values)])
            case Address(field=field, values=values):
                return self._either([self._address(field, value) for value in values])
            case Postcode(ranges=ranges):
                return self._either([f"(postcode >= {first}{self.and_}postcode <= {last})" for first, last in ranges])
            case Every(parts=parts):
                return "(" + self.and_.join([self.said(part) for part in parts]) + ")"
            case Either(parts=parts):
                return self._either([self.said(part) for part in parts])
            case Not(part=part):
                return f"{self.not_}({self.said(part)})"
        raise TypeError(condition)

    def _either(self, parts: list[str]) -> str:
        return "(" + self.or_.join(parts) + ")"

    def _word(self, field: str, word: Word) -> str:
        match word:
            case Plain(needle=needle):
                return self.contains(field, needle)
            case Pattern(written=written):
                return self.fits(f"raw_{field}", f"(?i){written}")
            case AtLeast(number=number, words=words):
                return self.at_least(number, [self._word(field, each) for each in words])
        raise TypeError(word)

    def _address(self, field: str, value: str) -> str:
        name, bare = field.replace(" ", "_"), value.strip("*")
        equal = self.begins(name, bare) if value.endswith("*") else f"{name} == {self.quoted(value)}"
        return self._either([equal, self.ends(name, f".{bare}")]) if field == "sender domain" else equal


class RuleEngine(Tongue):
    def fits(self, field: str, pattern: str) -> str:
        return f"{field} =~~ {self.quoted(pattern)}"

    def begins(self, field: str, start: str) -> str:
        return f"{field}.starts_with({self.quoted(start)})"

    def ends(self, field: str, end: str) -> str:
        return f"{field}.ends_with({self.quoted(end)})"

    def at_least(self, number: int, parts: list[str]) -> str:
        return f"[each for each in [{', '.join(parts)}] if each].length >= {number}"


class Zen(Tongue):
    def contains(self, field: str, needle: str) -> str:
        return f"contains({field}, {self.quoted(needle)})"

    def fits(self, field: str, pattern: str) -> str:
        return f"matches({field}, {self.quoted(pattern)})"

    def begins(self, field: str, start: str) -> str:
        return f"startsWith({field}, {self.quoted(start)})"

    def ends(self, field: str, end: str) -> str:
        return f"endsWith({field}, {self.quoted(end)})"

    def at_least(self, number: int, parts: list[str]) -> str:
        return f"count([{', '.join(parts)}], # == true) >= {number}"


class Cel(Tongue):
    and_, or_, not_ = " && ", " || ", "!"

    def contains(self, field: str, needle: str) -> str:
        return f"{field}.contains({self.quoted(needle)})"

    def fits(self, field: str, pattern: str) -> str:
        return f"{field}.matches({self.quoted(pattern)})"

    def begins(self, field: str, start: str) -> str:
        return f"{field}.startsWith({self.quoted(start)})"

    def ends(self, field: str, end: str) -> str:
        return f"{field}.endsWith({self.quoted(end)})"

    def at_least(self, number: int, parts: list[str]) -> str:
        return f"[{', '.join(parts)}].filter(each, each).size() >= {number}"
