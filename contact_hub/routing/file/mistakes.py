"""Mistakes of a rules file: where, what, and how to mend it; all of them in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contact_hub.routing.said import Said

MOST_MISTAKES = 200


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake; line and column count from 1."""

    line: int
    column: int
    what: Said
    mend: Said

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.what} {self.mend}"

    def as_record(self) -> dict[str, object]:
        """The mistake as it is stored: values JSON knows."""
        return {"line": self.line, "column": self.column, "what": self.what.as_record(), "mend": self.mend.as_record()}


def from_top_to_bottom(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """The mistakes in the order of the file, each once."""
    return sorted(set(mistakes), key=lambda each: (each.line, each.column, str(each)))


class RulebookError(Exception):
    """The rules file cannot be used; `mistakes` says all that is wrong with it, from top to bottom."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = from_top_to_bottom(mistakes)[:MOST_MISTAKES]
        super().__init__("\n".join(map(str, self.mistakes)))
