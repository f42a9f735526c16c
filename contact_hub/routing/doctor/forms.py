"""Rules that ask for a form nobody can fill in, or for an answer that no form asks for."""

from collections.abc import Collection, Iterator, Mapping

from contact_hub.routing.conditions import Condition, Either, Every, Has, Not, OneOf
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.rules import Rule, Rulebook
from contact_hub.routing.said import said

Forms = Mapping[str, Collection[str]]
"""The forms that citizens can fill in, by id, each with the names of its answers."""
_MOST_NAMED = 20


def unknown_forms(rulebook: Rulebook, forms: Forms) -> Iterator[Finding]:
    """The rules that ask for a form, or for an answer of one, that is not among these."""
    for rule in rulebook.rules:
        for form in dict.fromkeys(name for name in _forms_asked(rule.when) if name not in forms):
            what = said("“%(rule)s” asks for the form “%(form)s”, which the hub does not show.", rule=rule.id, form=form)
            remedy = said(
                "Write one of %(forms)s, or keep it if a door of your own is to bring such a form.", forms=_told(forms)
            )
            yield found("unknown-form", (rule.id,), rule.line, what, remedy)
        yield from _unknown_answers(rule, forms)


def _unknown_answers(rule: Rule, forms: Forms) -> Iterator[Finding]:
    for name, within in dict.fromkeys(_answers_asked(rule.when, frozenset(forms), forms)):
        known = sorted({answer for form in within for answer in forms[form]})
        if name not in known:
            what = said("“%(rule)s” asks for “form.%(field)s”, which no such form asks for.", rule=rule.id, field=name)
            remedy = said(
                "Write one of %(fields)s behind `form.`, or keep it if a door of your own is to bring it.", fields=_told(known)
            )
            yield found("unknown-form-field", (rule.id,), rule.line, what, remedy)


def _forms_asked(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from _forms_asked(part)
    elif isinstance(condition, Not):
        yield from _forms_asked(condition.part)
    elif isinstance(condition, OneOf) and condition.field == "form":
        yield from sorted(condition.values)


def _answers_asked(condition: Condition, within: frozenset[str], forms: Forms) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of answers, each with the forms that it may belong to: those that stand beside it."""
    if isinstance(condition, Every):
        beside = [part.values for part in condition.parts if isinstance(part, OneOf) and part.field == "form"]
        within = within.intersection(*beside) or within
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from _answers_asked(part, within, forms)
    elif isinstance(condition, Not):
        yield from _answers_asked(condition.part, within, forms)
    else:
        asked = condition.fields if isinstance(condition, Has) else (getattr(condition, "field", ""),)
        yield from ((name.removeprefix("form."), within) for name in asked if name.startswith("form."))


def _told(names: Collection[str]) -> str:
    return ", ".join([*sorted(names)[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])])
