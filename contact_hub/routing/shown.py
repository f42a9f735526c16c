"""Conditions as the rules file writes them, on one short line."""

from collections.abc import Iterable
from typing import cast

from contact_hub.routing import conditions as c
from contact_hub.routing.asking import asked
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

MOST_SHOWN = 4
"""So many members of a list are written out; the rest is an ellipsis."""


def shown(what: c.Condition | Word) -> str:
    """A condition or a word in the syntax of the file: `text: [gas, gaz, …]`."""
    if isinstance(what, c.Every | c.Either):
        name = "all" if isinstance(what, c.Every) else "any"
        return shown(what.parts[0]) if len(what.parts) == 1 else f"{name}: {_several(map(_braced, what.parts))}"
    if isinstance(what, c.Not):
        return f"not: {_braced(what.part)}"
    if isinstance(what, AtLeast):
        return f"{{at least: {what.number}, of: {_several(map(shown, what.words))}}}"
    if isinstance(what, Pattern):
        return f"{{pattern: {what.written}}}"
    return what.written if isinstance(what, Plain) else _leaf(cast(c.Condition, what))


def _leaf(condition: c.Condition) -> str:
    field, values = asked(condition)
    if isinstance(condition, c.Contains):
        return f"{field}: {_listed(map(shown, condition.words))}"
    part, _, kind = field.partition(" ")
    return f"received: {{{kind}: {_listed(values)}}}" if part == "received" else f"{field}: {_listed(values)}"


def _braced(condition: c.Condition) -> str:
    return f"{{{shown(condition)}}}"


def _listed(members: Iterable[str]) -> str:
    written = list(members)
    return written[0] if len(written) == 1 else _several(written)


def _several(members: Iterable[str]) -> str:
    written = list(members)
    return f"[{', '.join([*written[:MOST_SHOWN], *(['…'] if len(written) > MOST_SHOWN else [])])}]"
