"""Brings what two people changed in one text together, line by line."""

from dataclasses import dataclass

from merge3 import Merge3


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with both changes; where they meet, `conflicts` places hold both between marked lines."""

    text: str
    conflicts: int


def merged(base: str, mine: str, theirs: str, *, names: tuple[str, str] = ("mine", "theirs")) -> Merged:
    """What I changed in `base`, put into what they made of it."""
    three = Merge3(_lines(base), _lines(mine), _lines(theirs))
    conflicts = sum(1 for group in three.merge_groups() if group[0] == "conflict")
    lines = three.merge_lines(name_a=names[0], name_b=names[1])
    return Merged("".join(line if line.endswith("\n") else f"{line}\n" for line in lines), conflicts)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
