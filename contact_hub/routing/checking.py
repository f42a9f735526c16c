"""All that is to be known of a rules text before anybody depends on it: mistakes, examples that do not hold, findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from contact_hub.routing.mistakes import Mistake, RulebookError
from contact_hub.routing.rulebook import read_rulebook
from contact_hub.routing.rules import Astray, Rulebook
from contact_hub.routing.said import said


@dataclass(frozen=True)
class Checked:
    """What the check of a text says; `rulebook` is None where mistakes keep it from being read."""

    text: str
    rulebook: Rulebook | None
    mistakes: tuple[Mistake, ...] = ()
    astray: tuple[Astray, ...] = ()

    @cached_property
    def in_the_way(self) -> list[Mistake]:
        """Everything that must be mended before the text may decide; empty when it may."""
        return [*self.mistakes, *map(_as_mistake, self.astray)]

    def counts(self) -> Mapping[str, int]:
        """What was tested: how many rules, examples and tests."""
        if self.rulebook is None:
            return {}
        examples = sum(len(rule.yes) + len(rule.no) for rule in self.rulebook.rules)
        return {"rules": len(self.rulebook.rules), "examples": examples, "tests": len(self.rulebook.promises)}


def checked(text: str) -> Checked:
    """Reads the text and tries its examples and tests; takes as long as that takes."""
    try:
        rulebook = read_rulebook(text)
    except RulebookError as error:
        return Checked(text, None, tuple(error.mistakes))
    return Checked(text, rulebook, (), tuple(rulebook.examples_astray()))


def _as_mistake(astray: Astray) -> Mistake:
    what = said("%(rule)s: “%(example)s” %(what)s.", rule=astray.rule, example=astray.example, what=astray.what)
    return Mistake(astray.line, 1, what, said("Change the rules, or the example if it asks for too much."))
