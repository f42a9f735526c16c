"""Mistakes of a rules file: where, what, and how to mend it; all of them in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_MISTAKES = 200


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake; line and column count from 1."""

    line: int
    column: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.what} {self.mend}"


class RulebookError(Exception):
    """The rules file cannot be used; `mistakes` says all that is wrong with it, from top to bottom."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))[:MOST_MISTAKES]
        super().__init__("\n".join(map(str, self.mistakes)))
