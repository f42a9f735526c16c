"""Tells which letters a text must hold, folded, before a pattern can fit it: so that a pattern need not be tried in vain."""

import re
from dataclasses import dataclass

from contact_hub.routing.text import fold

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789àáâãäåçèéêëìíîïñòóôõöùúûüýÿßœæø")
"""Characters that, with all that RE2 takes for the same in another case, fold to the same letters."""

_MOST = 16
"""Strings a part of a pattern may stand for before they are no longer followed."""
_DEEPEST = 40
_TELLING = 2
"""Characters below which a string stands in every text."""
_ENOUGH = 2
"""Groups that are looked for: the rarest."""
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_GROUP = re.compile(r"\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?(:|(?=\))))")
_FLAGS_ALONE = re.compile(r"\?[imsU]*(?:-[imsU]+)?\)")
_CLASS_NAME = re.compile(r"p\{\^?\w+\}|P\{\^?\w+\}|[pP]\w")
_CODE = re.compile(r"x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[0-7]{1,3}")


class _UnclearError(Exception):
    """The pattern uses what is not followed here."""


Literals = tuple[frozenset[str], ...]
"""Groups of strings; of each group at least one string is held."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a part of a pattern fits: exactly these strings, or something that holds one string of each group of `needed`."""

    exactly: frozenset[str] | None = None
    needed: Literals = ()

    @property
    def necessary(self) -> Literals:
        """Groups of which any text that fits holds one string each."""
        return (self.exactly,) if self.exactly is not None and "" not in self.exactly else self.needed


_NOTHING = _Part(exactly=frozenset({""}))
_ANYTHING = _Part()


def necessary_literals(pattern: str) -> Literals:
    """Groups of strings: wherever the pattern fits, the folded text holds at least one string of each.

    No groups when nothing is known. Holds for texts without HTML entities: `fold` decodes them, and patterns read them as
    they are written.
    """
    try:
        reader = _Reader(pattern)
        part = reader.either()
        reader.expect_end()
    except _UnclearError:
        return ()
    groups = sorted(set(map(_shortest, part.necessary)), key=_rarity, reverse=True)
    return tuple([strings for strings in groups if min(map(len, strings), default=_TELLING) >= _TELLING][:_ENOUGH])


class _Reader:
    """Reads RE2's syntax from left to right; what it does not know for sure makes the pattern unclear."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._place = 0
        self._depth = 0

    def either(self) -> _Part:
        """Alternatives between `|`."""
        parts = [self._row()]
        while self._take("|"):
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else _either(parts)

    def expect_end(self) -> None:
        """Raises when something is left."""
        if self._place < len(self._pattern):
            raise _UnclearError

    def _row(self) -> _Part:
        parts = []
        while self._place < len(self._pattern) and self._pattern[self._place] not in "|)":
            parts.append(self._repeated(self._one()))
        return _row(parts)

    def _one(self) -> _Part:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "^$":
            return _NOTHING
        if character in "*+?{":
            raise _UnclearError
        return _letter(character)

    def _repeated(self, part: _Part) -> _Part:
        while self._place < len(self._pattern) and self._pattern[self._place] in "*+?{":
            part = self._times(part)
        return part

    def _times(self, part: _Part) -> _Part:
        sign = self._next()
        if sign == "{":
            counted = _REPEAT.match(self._pattern, self._place - 1)
            if not counted:
                raise _UnclearError
            self._place = counted.end()
            fewest = int(counted[1])
        else:
            fewest = 1 if sign == "+" else 0
        self._take("?")
        if sign == "?":
            return _either([part, _NOTHING])
        return _Part(needed=part.necessary) if fewest else _ANYTHING

    def _group(self) -> _Part:
        if self._pattern.startswith("?", self._place):
            alone = _FLAGS_ALONE.match(self._pattern, self._place)
            opened = alone or _GROUP.match(self._pattern, self._place)
            if not opened:
                raise _UnclearError
            self._place = opened.end()
            if alone:
                return _NOTHING
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnclearError
        part = self.either()
        self._depth -= 1
        if not self._take(")"):
            raise _UnclearError
        return part

    def _class(self) -> _Part:
        letters: set[str] = set()
        clear = not self._take("^")
        first = True
        while first or not self._take("]"):
            character = self._next()
            if character in "\\[-" or self._pattern.startswith("-", self._place):
                clear = False
            if character == "\\":
                self._next()
            if character == "[" and self._pattern.startswith(":", self._place):
                self._skip_name()
            letters.add(character)
            first = False
        parts = [_letter(letter) for letter in letters]
        return _either(parts) if clear and len(parts) <= _MOST else _ANYTHING

    def _skip_name(self) -> None:
        end = self._pattern.find(":]", self._place + 1)
        if end < 0:
            raise _UnclearError
        self._place = end + 2

    def _escape(self) -> _Part:
        for shape in (_CLASS_NAME, _CODE):
            found = shape.match(self._pattern, self._place)
            if found:
                self._place = found.end()
                return _ANYTHING
        character = self._next()
        if character in "bBAz":
            return _NOTHING
        if character.isalnum() and character not in "dDwWsSafnrtvC":
            raise _UnclearError
        return _ANYTHING

    def _next(self) -> str:
        if self._place >= len(self._pattern):
            raise _UnclearError
        self._place += 1
        return self._pattern[self._place - 1]

    def _take(self, character: str) -> bool:
        taken = self._pattern.startswith(character, self._place)
        self._place += taken
        return taken


def _letter(character: str) -> _Part:
    small = character.lower()
    return _Part(exactly=frozenset({fold(small).strip()})) if small in LETTERS else _ANYTHING


def _either(parts: list[_Part]) -> _Part:
    if all(part.exactly is not None for part in parts):
        together = frozenset[str]().union(*[part.exactly or () for part in parts])
        if len(together) <= _MOST:
            return _Part(exactly=together)
    needed = [part.necessary for part in parts]
    return _Part(needed=(frozenset[str]().union(*map(_longest, needed)),)) if all(needed) else _ANYTHING


def _row(parts: list[_Part]) -> _Part:
    """One part behind the other: strings grow as long as each part stands for a few exactly."""
    running = frozenset({""})
    needed: list[frozenset[str]] = []
    broken = False
    for part in parts:
        if part.exactly is not None and len(running) * len(part.exactly) <= _MOST:
            running = frozenset(begun + more for begun in running for more in part.exactly)
            continue
        broken = True
        needed += [running, *part.needed]
        running = part.exactly if part.exactly is not None else frozenset({""})
    if not broken:
        return _Part(exactly=running)
    return _Part(needed=tuple(strings for strings in [*needed, running] if "" not in strings))


def _longest(groups: Literals) -> frozenset[str]:
    return max(groups, key=_rarity)


def _rarity(strings: frozenset[str]) -> tuple[int, int, list[str]]:
    """The group whose shortest string is the longest is likely found least often."""
    return min(map(len, strings), default=0), -len(strings), sorted(strings)


def _shortest(strings: frozenset[str]) -> frozenset[str]:
    """The strings without those that hold another one."""
    kept: list[str] = []
    for string in sorted(strings, key=len):
        if not any(shorter in string for shorter in kept):
            kept.append(string)
    return frozenset(kept)
