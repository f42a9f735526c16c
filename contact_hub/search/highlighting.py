"""Where in a text the words stand that somebody looked for, in whatever form."""

import re
from collections.abc import Callable, Iterator, Sequence

from contact_hub.search.words import Term
from contact_hub.stems import folded, stems

Span = tuple[int, int]
_TOKEN = re.compile(r"\w+")


def places(given: str, terms: Sequence[Term]) -> list[Span]:
    """Where the wanted words stand: whole, as the beginning of a word, or as another form of one."""
    wanted = [term for term in terms if not term.absent]
    if not wanted:
        return []
    text = folded(given)
    spelled = [term for term in wanted if term.is_exact or not _TOKEN.fullmatch(term.words[0])]
    formed = {term.words[0] for term in wanted} - {term.words[0] for term in spelled}
    found = {place.span() for term in spelled for place in _pattern(term).finditer(text)}
    return _apart(sorted(found | set(_forms(text, formed))))


def _forms(text: str, words: set[str]) -> Iterator[Span]:
    if not words:
        return
    is_form = _test(words)
    for token in _TOKEN.finditer(text):
        if is_form(token[0]):
            yield token.span()


def _test(words: set[str]) -> Callable[[str], bool]:
    """Asks the stemmers only of words that begin alike: they are slow, and texts are long."""
    beginnings = tuple(words)
    alike = (*{word[:2] for word in words}, *{stem[:2] for word in words for stem in stems(word)})
    wanted = words.union(*map(stems, words))
    return lambda token: (
        token.startswith(beginnings) or (token.startswith(alike) and (token in wanted or not wanted.isdisjoint(stems(token))))
    )


def _pattern(term: Term) -> re.Pattern[str]:
    spelled = r"\W+".join(map(re.escape, term.words))
    return re.compile(rf"\b{spelled}\b" if term.is_exact else rf"\b{spelled}\w*")


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Of places that overlap the first, so that each letter is marked once."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
