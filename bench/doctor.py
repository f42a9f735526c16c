"""The rule doctor on a thousand rules with faults planted among them: all found, nothing living called dead, how soon."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import rules_workload
from contact_hub.routing.doctor import Finding, examine
from contact_hub.routing.doctor.proof import Proof
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.protection import protection
from contact_hub.routing.rules import Rule, Rulebook

COUNT = 1_000
TODAY = date(2026, 11, 23)
DEAD = ("contradiction", "never-wins", "duplicate")
SHIPPED = Path(__file__).parent.parent / "routing_rules.yaml"
_GOAL = 2.0  # seconds for a thousand rules
_RULE = re.compile(r"  - \{id: (r\d+), when: (.*), then: \{queue: q\d+\}\}")


@dataclass(frozen=True)
class Planted:
    """A fault put into the file: the rules that make it, and what the doctor must say of it."""

    code: str
    lines: tuple[str, ...]
    rules: tuple[str, ...]


def measure(console: Console) -> None:
    """Prints what was planted and found, the seconds it took, and the mutation score of the shipped file."""
    text, planted = _planted_file()
    rulebook = read_rulebook(text)
    seconds, findings = min((_examined(rulebook) for _ in range(3)), key=lambda each: each[0])
    said = {(each.code, each.rules) for each in findings}
    table = Table("fault", "planted", "found", title=f"the doctor on {len(rulebook.rules):,} rules")
    for code, count in Counter(each.code for each in planted).items():
        table.add_row(code, str(count), str(sum((each.code, each.rules) in said for each in planted if each.code == code)))
    console.print(table)
    meant = {each.rules[0] for each in planted if each.code in DEAD}
    dead = {each.rules[0] for each in findings if each.code in DEAD}
    living, shown = _shown_alive(rulebook, dead)
    console.print(
        f"called dead, but not planted: {len(dead - meant)} (goal 0); of {living} others, {shown} won a made-up message;"
        f" {seconds:.2f} s (goal {_GOAL:.0f})"
    )
    _measure_protection(console)


def _examined(rulebook: Rulebook) -> tuple[float, list[Finding]]:
    start = time.perf_counter()
    findings = examine(rulebook, TODAY)
    return time.perf_counter() - start, findings


def _measure_protection(console: Console) -> None:
    rulebook = read_rulebook(SHIPPED.read_text("utf-8"))
    start = time.perf_counter()
    found = protection(rulebook)
    console.print(
        f"the shipped file: {found.parts.of:,} parts dropped in turn against {found.samples:,} examples and tests in"
        f" {time.perf_counter() - start:.2f} s; mutation score {found.score:.2f}\n"
    )


def _shown_alive(rulebook: Rulebook, dead: set[str]) -> tuple[int, int]:
    """How many rules are not called dead, and for how many of these a made-up message was seen to be won by them."""
    proof = Proof(rulebook, TODAY)
    routes = proof.active("route")
    living = [(place, rule) for place, rule in enumerate(routes) if rule.id not in dead]
    return len(living), sum(_wins(proof, rule, routes[:place]) for place, rule in living)


def _wins(proof: Proof, rule: Rule, above: list[Rule]) -> bool:
    together = [proof.of(rule), *proof.none_of(above)]
    return proof.contact(together, lambda contact: proof.rulebook.decide(contact).rule == rule.id) is not None


def _planted_file() -> tuple[str, list[Planted]]:
    """A file of the workload in which every tenth kind of fault stands, most of them several times."""
    head, _, tail = rules_workload.rules(COUNT).partition("route:\n")
    body, _, end = tail.partition("default:")
    lines = body.splitlines()
    planted = [*_shadows(lines), *_own_faults()]
    lists = 'lists:\n  unused-words: [ongebruikt]\n  idle: ["plantlijst*", plantlijstje]\n'
    topics = "topics:\n  - {id: spare, name: {nl: Over}, queue: q0}\n"
    queues = head.replace("queues:\n", "queues:\n  - {id: lonely, name: {nl: Eenzaam}, tier: back}\n")
    labels = "\n".join(line for each in planted for line in each.lines if line.startswith("  - {id: label"))
    routes = "\n".join(line for each in planted for line in each.lines if not line.startswith("  - {id: label"))
    planted += [Planted("unused-list", (), ()), Planted("unused-topic", (), ()), Planted("unreached-queue", (), ())]
    return f"{queues}{topics}{lists}label:\n{labels}\nroute:\n{body}{routes}\ndefault:{end}", planted


def _shadows(lines: list[str]) -> Iterator[Planted]:
    """Rules of the workload, wanted again further down: the same, narrower, or two of them together."""
    found = [match for match in map(_RULE.fullmatch, lines) if match and "text:" in match[2]]
    for number, match in enumerate(found[5::50]):
        narrow = f"  - {{id: narrow{number}, when: {{all: [{match[2]}, {{text: smal{number}}}]}}, then: {{queue: q1}}}}"
        yield Planted("never-wins", (narrow,), (f"narrow{number}", match[1]))
    for number, match in enumerate(found[9::90]):
        yield Planted("duplicate", (_route(f"again{number}", match[2]),), (f"again{number}", match[1]))
    for number, (one, other) in enumerate(zip(found[13::100], found[57::100], strict=False)):
        when = f"{{any: [{{all: [{one[2]}, {{subject: a{number}}}]}}, {other[2]}]}}"
        yield Planted("never-wins", (_route(f"both{number}", when),), (f"both{number}", one[1], other[1]))


def _own_faults() -> Iterator[Planted]:
    """Faults that need no rule of the workload."""
    ranges = [
        _route(f"range{number}", f"{{postcode: [{9000 + number}0-{9000 + number}9], header.x-plant: yes}}")
        for number in range(5)
    ]
    within = _route("within", "{postcode: [90005-90044], header.x-plant: yes}")
    yield Planted("never-wins", (*ranges, within), ("within", *(f"range{number}" for number in range(5))))
    for number, when in enumerate(_CONTRADICTIONS):
        yield Planted("contradiction", (_route(f"never{number}", when),), (f"never{number}",))
    yield Planted(
        "urgent-not", (_route("urgent", "{text: plantgas, not: {text: plantboete}}", ", priority: urgent"),), ("urgent",)
    )
    yield Planted("takes-missing", (_route("missing", "{text: plantpost, not: {postcode: [9000]}}"),), ("missing",))
    yield Planted("idle-word", (_route("idle", '{text: ["plantvuil*", plantvuilnis, {list: idle}]}'),), ("idle",))
    yield Planted("idle-word", (), ())
    yield Planted("counts-twice", (_route("twice", '{text: {at least: 2, of: ["planttel*", planttelling, x]}}'),), ("twice",))
    yield Planted("idle-condition", (_route("useless", "{subject: plantdubbel, has: subject}"),), ("useless",))
    yield Planted("past-until", (f"{_route('past', '{text: plantoud}')[:-1]}, until: 2026-06-30}}",), ("past",))
    one, other = (_label(f"label{number}", f"{{text: plantlabel{number}}}", f"due: {number} days") for number in (3, 5))
    yield Planted("labels-conflict", (one, other), ("label3", "label5"))
    alike = [_label(f"label{number}", "{text: plantzelfde}", "tags: [x]") for number in (7, 8)]
    yield Planted("same-labels", tuple(alike), ("label8", "label7"))
    yield Planted("default-unused", (_route("rest", "{any: [{text: plantrest}, {not: {text: plantrest}}]}"),), ("rest",))


_CONTRADICTIONS = (
    "{channel: chat, all: [{channel: email}]}",
    "{text: plantniet, not: {everything: plantniet}}",
    "{all: [{postcode: [9000-9010]}, {postcode: [9011]}]}",
    "{all: [{received: {weekday: sat}}, {received: {weekday: [mon, sun]}}]}",
    "{all: [{sender: an@plant.example}, {sender domain: other.example}]}",
)


def _route(name: str, when: str, more: str = "") -> str:
    return f"  - {{id: {name}, when: {when}, then: {{queue: q2{more}}}}}"


def _label(name: str, when: str, then: str) -> str:
    return f"  - {{id: {name}, when: {when}, then: {{{then}}}}}"


if __name__ == "__main__":
    measure(Console(width=130))
