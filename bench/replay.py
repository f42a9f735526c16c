"""One edited rule over many past tickets: the replay that decides only what the edit can touch, against the whole one."""

import gc
import random
import time
from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bench import rules_workload
from contact_hub.routing.conditions import Condition, Contains
from contact_hub.routing.decisions import Action
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.replay import Past, Replay
from contact_hub.routing.replay.replayed import Report
from contact_hub.routing.rules import Rule, Rulebook
from contact_hub.routing.text import needle_of
from contact_hub.routing.words import Pattern, Plain

GOAL = 100  # times faster
TYPED = 100  # milliseconds within which a report follows the typing
TIMES = 7  # each delta is taken so often, each full replay twice; the best counts, as for timeit

_Result = TypeVar("_Result")


def measure(console: Console, tickets: int = 10_000, rules: int = 1_000, edits: int = 20) -> None:
    """Prints the seconds of both for edits of every kind of rule, and whether their reports are the same."""
    with console.status(f"{tickets} tickets, {rules} rules"):
        text = rules_workload.rules(rules)
        before, draft = read_rulebook(text), read_rulebook(text)  # a draft is read anew: it shares nothing with what decides
        past = _past(tickets, before)
    took, replay = _timed(lambda: Replay(before, past))
    one_by_one, _ = _timed(lambda: [draft.decide(each.contact) for each in past])
    console.print(f"[bold]Replay of one edited rule over {tickets} tickets, {rules} rules[/] (made ready in {took:.1f} s)")
    table = Table("the edit", "moved", "full, s", "delta, ms", "times faster", "identical")
    runs = [(name, *_run(replay, after)) for name, after in _edits(draft, edits)]
    for name, full, delta, report, same in runs:
        identical = "yes" if same else "[bold red]NO[/]"
        table.add_row(name, str(report.moved), f"{full:.2f}", f"{delta * 1000:.1f}", f"{full / delta:.0f}", identical)
    console.print(table)
    ratios, deltas = [full / delta for _, full, delta, *_ in runs], [delta for _, _, delta, *_ in runs]
    typical = median(deltas)
    console.print(
        f"delta: median {typical * 1000:.1f} ms, worst {max(deltas) * 1000:.1f} ms (typing wants {TYPED} ms)\n"
        f"full, on the same prepared texts: median {median(ratios):.0f} times slower (goal {GOAL})\n"
        f"full, every ticket through Rulebook.decide: {one_by_one:.1f} s, {one_by_one / typical:.0f} times slower\n"
    )


def _run(replay: Replay, after: Rulebook) -> tuple[float, float, Report, bool]:
    """Seconds of the full replay and of the delta, the report, and whether both say the same."""
    gc.collect()
    gc.disable()  # as timeit does: a collection belongs to whoever made the garbage
    try:
        wholes = [_timed(lambda: replay.full(after)) for _ in range(2)]
        deltas = [_timed(lambda: replay.delta(after)) for _ in range(TIMES)]
    finally:
        gc.enable()
    (full, report), (delta, _) = min(wholes, key=itemgetter(0)), min(deltas, key=itemgetter(0))
    return full, delta, report, all(each == report for _, each in (*wholes, *deltas))


def _past(tickets: int, before: Rulebook) -> list[Past]:
    """Tickets of which people moved one in five."""
    dice = random.Random(7)
    queues = sorted(before.queues)
    return [
        Past(number, f"26-{number:06d}", contact, "q0", dice.choice(queues) if dice.random() < 0.2 else "q0")
        for number, contact in enumerate(rules_workload.contacts(tickets), 1)
    ]


def _edits(draft: Rulebook, count: int) -> list[tuple[str, Rulebook]]:
    """Rules that take what the next one in the file wants, rules that move to the top, and rules that go."""
    dice = random.Random(9)
    found = []
    for number in range(count):
        place = dice.randrange(len(draft.rules) - 1)
        rule, other = draft.rules[place : place + 2]
        changed = replace(rule, when=other.when, then=replace(rule.then, queue=f"q{number % 20}"))
        found.append((f"{rule.id} takes {_kind(other.when)}", _with(draft, place, [changed])))
    place = dice.randrange(len(draft.rules))
    rule, without = draft.rules[place], _with(draft, place, [])
    found += [(f"{rule.id} goes", without), (f"{rule.id} moves to the top", replace(without, rules=(rule, *without.rules)))]
    common = rules_workload.FUNCTION["nl"][0]
    broad = Rule("broad", "route", Contains("text", (Plain(common, needle_of(common)),)), Action(queue="q1"))
    return [*found, (f"a new rule takes “{common}”", replace(draft, rules=(broad, *draft.rules)))]


def _kind(condition: Condition) -> str:
    if isinstance(condition, Contains):
        return "a pattern" if any(isinstance(word, Pattern) for word in condition.words) else f"{len(condition.words)} words"
    return type(condition).__name__


def _with(book: Rulebook, place: int, rules: list[Rule]) -> Rulebook:
    return replace(book, rules=(*book.rules[:place], *rules, *book.rules[place + 1 :]))


def _timed(do: Callable[[], _Result]) -> tuple[float, _Result]:
    """The seconds the processor spent on it, whatever else the machine does, and what came of it."""
    begin = time.process_time()
    result = do()
    return time.process_time() - begin, result
