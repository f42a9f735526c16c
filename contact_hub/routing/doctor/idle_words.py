"""Words that can never count, and single words that count for several."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from contact_hub.routing.conditions import Condition, Contains, Either, Every, Not
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.protection.verdicts import Finder
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.said import said
from contact_hub.routing.words import AtLeast, Plain, Word
from contact_hub.routing.written import NamedList

MOST_SHOWN = 8
_Idle = tuple[Word, Word]
"""A word that never counts, and the one that finds all it finds."""


def idle_words(rulebook: Rulebook) -> Iterator[Finding]:
    """Words whose every place another word of the same list takes as well; one finding a list or rule."""
    homes = _homes(rulebook.written.lists)
    counted = {id(word) for rule in rulebook.rules for word in _counted(rule.when)}
    again = _written_again(rulebook, homes)
    pairs: list[_Idle]
    for each in rulebook.written.lists:
        own = [word for word in each.words if homes[id(word)] == each.name and id(word) not in counted]
        pairs = [*again.get(each.line, ()), *_idle(own, each.words)]
        if pairs:
            what = said(
                "In the list “%(list)s”, these words can never count, for another finds all they find: %(words)s.",
                list=each.name,
                words=_told(pairs),
            )
            yield found("idle-word", (), pairs[0][0].line, what, _REMEDY)
    for rule in rulebook.rules:
        pairs = [
            *again.get(rule.line, ()),
            *(pair for leaf in _leaves(rule.when) for pair in _idle_inline(leaf, homes)),
        ]
        if pairs:
            what = said(
                "In “%(rule)s”, these words can never count, for another of the same list finds all they find: %(words)s.",
                rule=rule.id,
                words=_told(pairs),
            )
            yield found("idle-word", (rule.id,), pairs[0][0].line, what, _REMEDY)


def counting_twice(rulebook: Rulebook) -> Iterator[Finding]:
    """Where one word alone is as many as `at least` asks for."""
    for rule in rulebook.rules:
        for each in (word for leaf in _leaves(rule.when) for word in leaf.words if isinstance(word, AtLeast)):
            plain = [word for word in each.words if isinstance(word, Plain)]
            finder = Finder(word.needle for word in plain)
            enough = [word for word in plain if each.number > 1 and _count(plain, finder.found_in(word.needle)) >= each.number]
            if enough:
                what = said(
                    "In “%(rule)s”, one of these words alone counts as %(number)s of the list: %(words)s.",
                    rule=rule.id,
                    number=each.number,
                    words=_few(f"“{word.written}”" for word in enough),
                )
                remedy = said("Take out the shorter words that stand inside them, or the longer ones.")
                yield found("counts-twice", (rule.id,), enough[0].line, what, remedy, enough[0].written.strip("*"))


_REMEDY = said("Take them out, or correct the word that finds too much.")


def _homes(lists: Sequence[NamedList]) -> Mapping[int, str]:
    """The list in which each word of the named lists is written, by the identity of the word."""
    homes: dict[int, str] = {}
    for each in sorted(lists, key=lambda named: len(named.words)):
        for word in each.words:
            homes.setdefault(id(word), each.name)
    return homes


def _written_again(rulebook: Rulebook, homes: Mapping[int, str]) -> Mapping[int, list[_Idle]]:
    """Words that stand a second time in one list, by the line where the rule or the named list begins."""
    begins = sorted([*(rule.line for rule in rulebook.rules), *(each.line for each in rulebook.written.lists)])
    again: dict[int, list[_Idle]] = defaultdict(list)
    for word in rulebook.written.repeated:
        place = bisect_right(begins, word.line)
        if id(word) not in homes and place:
            again[begins[place - 1]].append((word, word))
    return again


def _idle_inline(leaf: Contains, homes: Mapping[int, str]) -> Iterator[_Idle]:
    yield from _idle([word for word in leaf.words if id(word) not in homes], leaf.words)


def _idle(own: Sequence[Word], words: Sequence[Word]) -> Iterator[_Idle]:
    first: dict[str, Plain] = {}
    for word in words:
        if isinstance(word, Plain):
            first.setdefault(word.needle, word)
    finder = Finder(first)
    for word in own:
        if isinstance(word, Plain):
            others = sorted(finder.found_in(word.needle) - {word.needle}, key=len)
            if others:
                yield word, first[others[0]]
            elif first[word.needle] is not word:
                yield word, first[word.needle]


def _count(words: Iterable[Plain], needles: frozenset[str]) -> int:
    return sum(word.needle in needles for word in words)


def _counted(condition: Condition) -> Iterator[Word]:
    """The words of an `at least`, where a word counts though another finds it too."""
    for leaf in _leaves(condition):
        yield from (word for each in leaf.words if isinstance(each, AtLeast) for word in each.words)


def _leaves(condition: Condition) -> Iterator[Contains]:
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from _leaves(part)
    elif isinstance(condition, Not):
        yield from _leaves(condition.part)
    elif isinstance(condition, Contains):
        yield condition


def _told(pairs: Sequence[_Idle]) -> str:
    return _few(f"“{word.written}” (“{other.written}”)" for word, other in pairs)


def _few(told: Iterable[str]) -> str:
    every = list(told)
    rest = len(every) - MOST_SHOWN
    return ", ".join([*every[:MOST_SHOWN], *([f"… (+{rest})"] if rest > 0 else [])])
