"""Makes up a short text that a pattern finds, so that a made-up message can hold it."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import re2

from contact_hub.routing.words import Pattern

_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+\))?)?)|(?P<close>\))|(?P<bar>\|)|(?P<edge>\\[bBAz]|[\^$])"
    r"|(?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})\??)|(?P<one>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\\[pP](?:\w|\{\^?\w+\})"
    r"|\\x(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]+\})|\\.|.)",
    re.DOTALL,
)
"""What a pattern is made of, in RE2's syntax; it reads patterns, and never texts with them."""

_CANDIDATES = "ae1 0-.,/bcdfghijklmnopqrstuvwxyz23456789:;@_#&'\"()[]{}!?+*=<>|\\^$~%é€ß\n"
_LONGEST = 500
_DEEPEST = 50


@lru_cache(maxsize=2_000)
def text_for(pattern: Pattern) -> str:
    """A text in which the pattern finds something; empty when none could be made up."""
    for eager, anything in ((0, "a"), (1, "a"), (1, " ")):
        made = _Maker(pattern.written, eager, anything).made()
        for text in (made.strip(), f"a{made}a"):
            if made and pattern.compiled.search(text.encode()):
                return text
    return ""


@dataclass
class _Maker:
    pattern: str
    eager: int
    anything: str
    _at: int = 0
    _depth: int = 0

    def made(self) -> str:
        """A text for the first alternative of the group that begins here; what may be left out is, unless `eager`."""
        pieces: list[str] = []
        length = None
        while self._at < len(self.pattern) and len(pieces) < _LONGEST:
            token = _TOKEN.match(self.pattern, self._at)
            if token is None or token.lastgroup == "close":
                break
            self._at = token.end()
            if token.lastgroup == "bar" and length is None:
                length = len(pieces)
            elif token.lastgroup == "times" and pieces:
                pieces[-1] *= _times(token.group(), self.eager)
            else:
                pieces.append(self._piece(token))
        return "".join(pieces[:length])

    def _piece(self, token: re.Match[str]) -> str:
        written = token.group()
        if token.lastgroup == "one":
            return self.anything if written == "." else _character(written)
        if token.lastgroup == "open" and not written.endswith(")") and self._depth < _DEEPEST:
            self._depth += 1
            inner = self.made()
            self._depth -= 1
            self._at += 1
            return inner
        return ""


def _times(written: str, eager: int) -> int:
    if written[0] == "{":
        least, *most = re.findall(r"\d+", written)
        return max(int(least), min(eager, int(most[0]) if most else eager))
    return 1 if written[0] == "+" else eager


@cache
def _character(written: str) -> str:
    if len(written) == 1:
        return written
    compiled = re2.compile(written)
    return next((each for each in _CANDIDATES if compiled.fullmatch(each)), "")
