"""Conditions made ready to be judged by what was found, rather than by looking into the texts again."""

from collections.abc import Callable, Iterator
from itertools import chain

from contact_hub.routing.conditions import Condition, Contains, Either, Every, Not
from contact_hub.routing.fields import originals_of
from contact_hub.routing.literals import necessary_literals
from contact_hub.routing.sight import Sight, can_be_found
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

Judge = Callable[[Sight], bool]


def judge_of(condition: Condition) -> Judge:
    """Tells what `condition.holds` tells, of a contact whose needles were found already."""
    match condition:
        case Contains(field=field, words=words):
            return _contains(field, words)
        case Every(parts=parts):
            return _every([judge_of(part) for part in sorted(parts, key=_tries_patterns)])
        case Either(parts=parts):
            return _either([judge_of(part) for part in sorted(parts, key=_tries_patterns)])
        case Not(part=part):
            judge = judge_of(part)
            return lambda sight: not judge(sight)
    return lambda sight: condition.holds(sight.reading)


def needles_in(condition: Condition) -> Iterator[str]:
    """What must be looked for so that the condition can be judged."""
    match condition:
        case Contains(words=words):
            yield from _sought_in(words)
        case Every(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from needles_in(part)
        case Not(part=part):
            yield from needles_in(part)


def _sought_in(words: tuple[Word, ...]) -> Iterator[str]:
    for word in words:
        match word:
            case Plain(needle=needle) if can_be_found(needle):
                yield needle
            case Pattern(written=written):
                for literals in necessary_literals(written):
                    yield from literals
            case AtLeast(words=of):
                yield from _sought_in(of)


def _contains(field: str, words: tuple[Word, ...]) -> Judge:
    parts = originals_of(field)
    plain = frozenset([word.needle for word in words if isinstance(word, Plain) and can_be_found(word.needle)])
    others = [_stands(field, word) for word in words if not (isinstance(word, Plain) and word.needle in plain)]
    if len(parts) == 1 and not others:
        (part,) = parts
        return lambda sight: not plain.isdisjoint(sight.found(part))

    def judge(sight: Sight) -> bool:
        for part in parts:
            if not plain.isdisjoint(sight.found(part)):
                return True
        for stands in others:  # noqa: SIM110 - a generator costs more than what it asks
            if stands(sight):
                return True
        return False

    return judge


def _stands(field: str, word: Word) -> Judge:
    match word:
        case Plain(needle=needle) if can_be_found(needle):
            return _contains(field, (word,))
        case Pattern():
            return _fits(originals_of(field), word)
        case AtLeast():
            return _at_least(field, word)
    return lambda sight: word.stands_in(field, sight.reading)


def _at_least(field: str, word: AtLeast) -> Judge:
    number, parts = word.number, originals_of(field)
    plain = frozenset([each.needle for each in word.words if isinstance(each, Plain) and can_be_found(each.needle)])
    if len(plain) == len(word.words):
        return lambda sight: len(plain.intersection(chain.from_iterable([sight.found(part) for part in parts]))) >= number
    judges = [_stands(field, each) for each in word.words]
    return lambda sight: sum([judge(sight) for judge in judges]) >= number


def _fits(parts: tuple[str, ...], pattern: Pattern) -> Judge:
    """Tries the pattern only on texts that hold the letters it cannot do without."""
    literals, search = necessary_literals(pattern.written), pattern.compiled.search

    def judge(sight: Sight) -> bool:
        for part in parts:  # noqa: SIM110 - as above
            if sight.holds(literals, part) and search(sight.reading.encoded(part)):
                return True
        return False

    return judge


def _every(judges: list[Judge]) -> Judge:
    def judge(sight: Sight) -> bool:
        for part in judges:  # noqa: SIM110 - as above
            if not part(sight):
                return False
        return True

    return judge


def _either(judges: list[Judge]) -> Judge:
    def judge(sight: Sight) -> bool:
        for part in judges:  # noqa: SIM110 - as above
            if part(sight):
                return True
        return False

    return judge


def _tries_patterns(condition: Condition) -> bool:
    """What tries patterns is asked last."""
    match condition:
        case Contains(words=words):
            return any(not isinstance(word, Plain) for word in words)
        case Every(parts=parts) | Either(parts=parts):
            return any(map(_tries_patterns, parts))
        case Not(part=part):
            return _tries_patterns(part)
    return False
