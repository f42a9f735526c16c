"""Regular expressions of rules: RE2's syntax, in any case, and none dear enough to hold up the other rules."""

import re2

MOST_STEPS = 1_000
"""Instructions one pattern may compile to. RE2 takes at most about so many steps for each character of a text, some
5 nanoseconds each: at worst a second for the longest text that rules read, a few milliseconds for an ordinary one."""

MOST_STEPS_TOGETHER = 300_000
"""Instructions of all patterns of a file."""

_MEMORY = 1 << 20  # bytes for one pattern and what RE2 remembers while it searches


class Expression:
    """A pattern that RE2 accepts, compiled when it is first tried: of thousands only a few are tried on one contact."""

    __slots__ = ("_compiled", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        self._compiled: re2._Regexp | None = None

    def search(self, text: bytes) -> "re2._Match | None":
        """The first place in UTF-8 text that the pattern fits; None where there is none."""
        if self._compiled is None:
            self._compiled = compiled(self.written)
        return self._compiled.search(text)


def compiled(written: str) -> "re2._Regexp":
    """The pattern as RE2 runs it. Raises re2.error, or UnicodeEncodeError for half a surrogate pair."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    return re2.compile(written, options)


def steps_of(pattern: "re2._Regexp") -> int:
    """What a pattern costs: always the same, whatever the machine is busy with."""
    return int(max(pattern.programsize, pattern.reverseprogramsize))
