"""The same rules for engines that know no index: each asked rule by rule, compiled beforehand, on texts folded beforehand."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from bench.rules_tongues import Cel, RuleEngine, Zen
from contact_hub.routing.conditions import Address, Condition, Contains, Either, Every, Not, OneOf, Postcode
from contact_hub.routing.fields import Reading, originals_of
from contact_hub.routing.rules import Rule
from contact_hub.routing.words import AtLeast, Pattern, Plain, Word

Facts = Mapping[str, Any]
Asked = Callable[[Facts], list[int]]
"""Gives the places of the rules that hold for these facts."""


def facts_of(reading: Reading) -> Facts:
    """A contact as the engines get it: texts folded and as written, addresses and values ready to compare."""
    texts = {name: reading.folded(name) for name in ("text", "subject", "message")}
    written = {f"raw_{name}": "\n".join(map(reading.original, originals_of(name))) for name in texts}
    values = {name: reading.exact(name) for name in ("channel", "language", "form")}
    addresses = {
        name.replace(" ", "_"): "".join(reading.addresses(name)[:1]) for name in ("sender", "sender domain", "recipient")
    }
    return {**texts, **written, **values, **addresses, "postcode": reading.postcode or 0}


def rule_engine(rules: Sequence[Rule]) -> Asked:
    """rule-engine: one compiled rule each."""
    from rule_engine import Rule as Compiled

    compiled = [Compiled(RuleEngine().said(rule.when)) for rule in rules]
    return lambda facts: [place for place, rule in enumerate(compiled) if rule.matches(facts)]


def zen_engine(rules: Sequence[Rule]) -> Asked:
    """zen-engine: one compiled expression each."""
    import zen

    compiled = [zen.compile_expression(Zen().said(rule.when)) for rule in rules]
    return lambda facts: [place for place, each in enumerate(compiled) if each.evaluate(facts)]


def zen_table(rules: Sequence[Rule]) -> Asked:
    """zen-engine: one decision table that collects all rows that hold."""
    import zen

    rows = [{"_id": str(place), "if": Zen().said(rule.when), "then": str(place)} for place, rule in enumerate(rules)]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "if", "name": "if"}],
        "outputs": [{"id": "then", "name": "then", "field": "then"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: [int(row["then"]) for row in decision.evaluate(dict(facts))["result"]]


def cel_rust(rules: Sequence[Rule]) -> Asked:
    """CEL in Rust: one compiled program each, over one context for each contact."""
    import cel

    compiled = [cel.compile(Cel().said(rule.when)) for rule in rules]

    def asked(facts: Facts) -> list[int]:
        context = cel.Context(variables=dict(facts))
        return [place for place, program in enumerate(compiled) if program.execute(context)]

    return asked


def cel_python(rules: Sequence[Rule]) -> Asked:
    """CEL in Python: one compiled program each."""
    import celpy

    environment = celpy.Environment()
    compiled = [environment.program(environment.compile(Cel().said(rule.when))) for rule in rules]

    def asked(facts: Facts) -> list[int]:
        typed = {name: celpy.json_to_cel(value) for name, value in facts.items()}
        return [place for place, program in enumerate(compiled) if program.evaluate(typed)]

    return asked


@dataclass(frozen=True)
class Peer:
    """An engine as it is used here; `goal` is how many times slower it should be at 1,000 rules."""

    package: str
    way: str
    made: Callable[[Sequence[Rule]], Asked]
    goal: int
    contacts: int
    """So many contacts are enough to measure it."""

    @property
    def name(self) -> str:
        """The package with its version; raises PackageNotFoundError."""
        return f"{self.package} {version(self.package)}, {self.way}"


PEERS = (
    Peer("rule-engine", "a compiled rule each", rule_engine, 400, 20),
    Peer("zen-engine", "a decision table", zen_table, 1_500, 10),
    Peer("zen-engine", "a compiled expression each", zen_engine, 1_500, 20),
    Peer("cel-python", "a compiled program each", cel_python, 1_500, 2),
    Peer("common-expression-language", "a compiled program each", cel_rust, 1_500, 20),
)


def one_by_one(rules: Sequence[Rule]) -> Asked:
    """Python's `re`: one compiled alternation for each list of words, one expression for each pattern, rule by rule."""
    compiled = [_checked(rule.when) for rule in rules]
    return lambda facts: [place for place, holds in enumerate(compiled) if holds(facts)]


def _checked(condition: Condition) -> Callable[[Facts], Any]:
    match condition:
        case Contains(field=field, words=words):
            plain = [re.escape(word.needle) for word in words if isinstance(word, Plain)]
            checks = [_searched(field, "|".join(plain))] if plain else []
            checks += [_other(field, word) for word in words if not isinstance(word, Plain)]
            return checks[0] if len(checks) == 1 else lambda facts: any(check(facts) for check in checks)
        case OneOf(field=field, values=values):
            return lambda facts: facts[field] in values
        case Address(field=field, values=values):
            shape = "|".join(re.escape(value).replace(r"\*", ".*") for value in values)
            found = re.compile(rf"(?:.*\.)?(?:{shape})" if field == "sender domain" else shape)
            return lambda facts: found.fullmatch(facts[field.replace(" ", "_")])
        case Postcode(ranges=ranges):
            return lambda facts: any(first <= facts["postcode"] <= last for first, last in ranges)
        case Every(parts=parts):
            every = [_checked(part) for part in parts]
            return lambda facts: all(check(facts) for check in every)
        case Either(parts=parts):
            either = [_checked(part) for part in parts]
            return lambda facts: any(check(facts) for check in either)
        case Not(part=part):
            check = _checked(part)
            return lambda facts: not check(facts)
    raise TypeError(condition)


def _other(field: str, word: Word) -> Callable[[Facts], Any]:
    if isinstance(word, Pattern):
        return _searched(f"raw_{field}", f"(?i){word.written}")
    assert isinstance(word, AtLeast)
    checks = [_checked(Contains(field, (each,))) for each in word.words]
    return lambda facts: sum(bool(check(facts)) for check in checks) >= word.number


def _searched(field: str, pattern: str) -> Callable[[Facts], Any]:
    found = re.compile(pattern)
    return lambda facts: found.search(facts[field])
