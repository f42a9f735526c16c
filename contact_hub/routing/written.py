"""What a rules file says beside its rules: the named lists, whether anything uses them, and words written twice."""

from dataclasses import dataclass

from contact_hub.routing.words import Word


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list of the file under its name; `used` when a rule, or a list that a rule uses, names it."""

    name: str
    words: tuple[Word, ...]
    line: int
    used: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The named lists in their order, and each word that stands a second time in one list."""

    lists: tuple[NamedList, ...] = ()
    repeated: tuple[Word, ...] = ()
