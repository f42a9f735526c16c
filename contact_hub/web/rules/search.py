"""Finds rules among hundreds: by what they are called, by the words they look for, by queue and by status."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from contact_hub.routing import conditions as c
from contact_hub.routing.asking import asked
from contact_hub.routing.rules import Rule, Rulebook
from contact_hub.routing.text import fold
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word


class Hit(NamedTuple):
    """A word that was asked for, as the file has it; the rule looks for it, or leaves alone what has it."""

    word: str
    keeps_off: bool = False


@dataclass(frozen=True)
class Search:
    """What is looked for; empty where that does not matter."""

    words: str = ""
    queue: str = ""
    status: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether every rule is wanted."""
        return not (self.words or self.queue or self.status)

    def found(self, rulebook: Rulebook) -> Mapping[str, list[Hit]]:
        """The ids of the rules that fit, in their order, each with the words it looks for that were asked for."""
        seeker = _Seeker(rulebook, self.words)
        fitting = (rule for rule in rulebook.rules if self.has_queue(rule.then.queue) and self.status in ("", rule.status))
        hits = ((rule.id, seeker.hit(rule)) for rule in fitting)
        return {name: words for name, words in hits if words is not None}

    def has_queue(self, queue: str) -> bool:
        """Whether what goes there is wanted."""
        return self.queue in ("", queue)


class _Seeker:
    """Compares as the rules themselves do: whatever the case and the accents."""

    def __init__(self, rulebook: Rulebook, words: str) -> None:
        self._rulebook = rulebook
        self._phrase = fold(words).strip()
        self._single = self._phrase.split()
        self._written = words.encode(errors="replace")
        self._unwritten = ("·" * len(words)).encode()  # a pattern that fits this too looks for a length, and no word
        self._known: dict[int, bool] = {}

    def hit(self, rule: Rule) -> list[Hit] | None:
        """The words of the rule that were asked for; none when it fits by what it is called, None when it does not fit."""
        if not self._phrase:
            return []
        looked_for = list(dict.fromkeys(self._hits(rule.when)))
        called = self._called(rule)
        return looked_for if looked_for or all(word in called for word in self._single) else None

    def _called(self, rule: Rule) -> str:
        """What the rule and its queue and topic are called, in every language."""
        then, known = rule.then, self._rulebook
        goes_to = [known.queues.get(then.queue), known.topics.get(then.topic)]
        names = [name for each in goes_to if each for name in (each.id, *each.names.values())]
        return fold(" ".join([rule.id, rule.name, rule.why, rule.owner, *names, *then.tags]))

    def _hits(self, condition: c.Condition, *, keeps_off: bool = False) -> Iterator[Hit]:
        """The words and values of a condition that were asked for."""
        if isinstance(condition, c.Every | c.Either):
            for part in condition.parts:
                yield from self._hits(part, keeps_off=keeps_off)
        elif isinstance(condition, c.Not):
            yield from self._hits(condition.part, keeps_off=not keeps_off)
        elif isinstance(condition, c.Contains):
            yield from (Hit(word, keeps_off) for word in self._asked(condition.words))
        else:
            yield from (Hit(value, keeps_off) for value in asked(condition)[1] if self._phrase in fold(value))

    def _asked(self, words: tuple[Word, ...]) -> Iterator[str]:
        for word in words:
            if isinstance(word, AtLeast):
                yield from self._asked(word.words)
            elif self._is_asked(word):
                yield word.written

    def _is_asked(self, word: Word) -> bool:
        """Whether the word has in it what was asked for, or would be found in it; a list's words are judged once."""
        known = self._known.get(id(word))
        if known is None:
            known = self._known[id(word)] = self._phrase in fold(word.written) or self._finds(word)
        return known

    def _finds(self, word: Word) -> bool:
        if isinstance(word, Plain):
            return word.needle in f" {self._phrase} "
        if not isinstance(word, Pattern) or word.compiled.search(self._unwritten):
            return False
        return word.compiled.search(self._written) is not None
