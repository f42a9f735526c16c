"""All that is to be known of a rules text before anybody depends on it: mistakes, examples that do not hold, findings."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.rules import Astray, Rulebook
from contact_hub.routing.said import said

if TYPE_CHECKING:
    from contact_hub.routing.doctor import Finding, Forms


@dataclass(frozen=True)
class Checked:
    """What the check of a text says; `rulebook` is None where mistakes keep it from being read."""

    text: str
    rulebook: Rulebook | None
    mistakes: tuple[Mistake, ...] = ()
    astray: tuple[Astray, ...] = ()
    findings: "tuple[Finding, ...]" = ()
    packed: bytes = b""
    """The rulebook as `compiled.dumps` gives it, where that was made already."""

    @cached_property
    def in_the_way(self) -> list[Mistake]:
        """Everything that must be mended before the text may decide; empty when it may."""
        blocking = (each for each in self.findings if each.severity == "blocks")
        return [*self.mistakes, *self.broken_promises, *(Mistake(each.line, 1, each.what, each.remedy) for each in blocking)]

    @property
    def broken_promises(self) -> list[Mistake]:
        """The examples and tests that do not hold, each with what to do."""
        return [_as_mistake(each) for each in self.astray]

    def counts(self) -> Mapping[str, object]:
        """What was tested: how many rules, examples and tests, and how much the doctor found, by severity."""
        if self.rulebook is None:
            return {}
        examples = sum(len(rule.yes) + len(rule.no) for rule in self.rulebook.rules)
        found = Counter(each.severity for each in self.findings)
        tried = {"rules": len(self.rulebook.rules), "examples": examples, "tests": len(self.rulebook.promises)}
        return {**tried, "findings": {**found}}


def checked(text: str, at: datetime, forms: "Forms | None" = None) -> Checked:
    """Reads the text, tries its examples and tests and asks the doctor, as of this moment; takes as long as that takes.

    `forms` are those that citizens can fill in, where that is known.
    """
    from contact_hub.routing.doctor import examine  # only here: its solver costs a process that never checks 15 MB

    try:
        rulebook = read_rulebook(text)
    except RulebookError as error:
        return Checked(text, None, tuple(error.mistakes))
    today = at.astimezone(rulebook.municipality.zone).date()
    return Checked(text, rulebook, (), tuple(rulebook.examples_astray()), tuple(examine(rulebook, today, forms)))


def _as_mistake(astray: Astray) -> Mistake:
    what = said("%(rule)s: “%(example)s” %(what)s.", rule=astray.rule, example=astray.example, what=astray.what)
    return Mistake(astray.line, 1, what, said("Change the rules, or the example if it asks for too much."))
