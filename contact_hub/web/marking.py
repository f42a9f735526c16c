"""Texts with the places in them highlighted that a rule or a search found."""

from collections.abc import Iterable

from markupsafe import Markup, escape

Span = tuple[int, int]


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """The text, escaped, with these places highlighted; places that overlap become one, made-up ones are left out."""
    parts, at = [], 0
    for start, end in _apart(spans, len(text)):
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def _apart(spans: Iterable[Span], length: int) -> list[Span]:
    apart: list[Span] = []
    for start, end in sorted(span for span in spans if 0 <= span[0] < span[1] <= length):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
