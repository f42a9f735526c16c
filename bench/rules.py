"""How fast all rules are matched, beside the floor (folding and splitting the same texts) and engines that know no index."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from statistics import median
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bench import rules_memory, rules_workload
from bench.rules_peers import PEERS, Asked, facts_of, one_by_one
from contact_hub.contact import Contact
from contact_hub.database import now
from contact_hub.routing.fields import Reading
from contact_hub.routing.file.checking_apart import checked_apart
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index.compiled import dumps, loads
from contact_hub.routing.index.matcher import Matcher
from contact_hub.routing.rules import Rule, Rulebook
from contact_hub.routing.text import fold

ROUNDS = 40  # the quickest counts: it is the one that other work on the machine disturbed least
GROUP = 50  # contacts timed together, so that a disturbance spoils one group of a round only
SIZES = (10, 1_000, 10_000)
VERDICTS = 5_000_000
ZONE = ZoneInfo("Europe/Brussels")


def measure(console: Console, verdicts: int = VERDICTS) -> None:
    """Prints each row of the table with its goal."""
    contacts = rules_workload.contacts()
    with console.status("reading rules"):
        books = {size: read_rulebook(rules_workload.rules(size)) for size in SIZES}
    matchers = {size: Matcher.of(book.rules) for size, book in books.items()}
    table = Table("measure", "goal", "reached", title="the rules: all that hold, from raw text")
    with console.status("matching"):
        _show_speed(table, contacts, matchers)
    with console.status("one by one"):
        _show_one_by_one(table, contacts, books, matchers)
    with console.status("peers"):
        _show_peers(table, contacts, books[1_000].rules, matchers[1_000])
    with console.status(f"{verdicts} verdicts of the plain evaluator"):
        _show_differences(table, contacts, books[10_000], matchers[10_000], verdicts)
    with console.status("compiling"):
        _show_compiling(table, contacts, books[1_000])
    with console.status("memory"):
        _show_memory(table)
    console.print(table)


def _show_speed(table: Table, contacts: Sequence[Contact], matchers: dict[int, Matcher]) -> None:
    groups = [contacts[start : start + GROUP] for start in range(0, len(contacts), GROUP)]
    runs = [_floor(group) for group in groups]
    runs += [_matching(matcher, group) for matcher in matchers.values() for group in groups]
    with _without_collector():
        taken = _best(runs)
    alone, *times = [sum(taken[start : start + len(groups)]) for start in range(0, len(runs), len(groups))]
    taken_at = dict(zip(matchers, times, strict=True))
    held = sum(len(matchers[1_000].holding(Reading(contact, ZONE))) for contact in contacts) / len(contacts)
    letters = sum(len(contact.message) for contact in contacts) // len(contacts)
    per = 1e6 / len(contacts)
    table.caption = (
        f"{len(contacts)} contacts of {letters} characters on average; {held:.1f} of 1,000 rules hold for one; "
        f"floor {alone * per:.1f} µs a contact, "
        + ", ".join(f"{seconds * per:.1f} µs at {size} rules" for size, seconds in taken_at.items())
    )
    for size, goal in ((1_000, 1.8), (10_000, 4.5)):
        _row(
            table,
            f"{size} rules, against the floor",
            f"≤ {goal}",
            f"{taken_at[size] / alone:.2f}",
            taken_at[size] / alone <= goal,
        )
    growth = taken_at[10_000] / taken_at[10]
    _row(table, "growth from 10 to 10,000 rules", "≤ 5", f"{growth:.2f}", growth <= 5)


def _floor(contacts: Sequence[Contact]) -> Callable[[], None]:
    def fold_and_split() -> None:
        for contact in contacts:
            fold(contact.subject).split()
            fold(contact.message).split()

    return fold_and_split


def _matching(matcher: Matcher, contacts: Sequence[Contact]) -> Callable[[], None]:
    def match() -> None:
        for contact in contacts:
            matcher.holding(Reading(contact, ZONE))

    return match


def _show_one_by_one(
    table: Table, contacts: Sequence[Contact], books: dict[int, Rulebook], matchers: dict[int, Matcher]
) -> None:
    for size, goal, count in ((1_000, 250, 25), (10_000, 800, 10)):
        some = _spread(contacts, count)
        times, _ = _times_slower(one_by_one(books[size].rules), matchers[size], some)
        _row(table, f"one-by-one `re`, {size} rules", f"≥ {goal} × slower", f"{times:.0f} ×", times >= goal)


def _show_peers(table: Table, contacts: Sequence[Contact], rules: Sequence[Rule], matcher: Matcher) -> None:
    for peer in PEERS:
        try:
            name, asked = peer.name, peer.made(rules)
        except (PackageNotFoundError, ImportError):
            table.add_row(peer.package, f"≥ {peer.goal} × slower", "not installed: pip install -e '.[bench]'")
            continue
        some = _spread(contacts, peer.contacts)
        times, seconds = _times_slower(asked, matcher, some)
        held = [(asked(facts_of(reading)), matcher.holding(reading)) for reading in (Reading(each, ZONE) for each in some)]
        apart = sum(len(set(theirs) ^ set(ours)) for theirs, ours in held)
        reached = f"{times:.0f} × ({seconds * 1000:.1f} ms; {apart} of {len(rules) * len(some)} verdicts differ)"
        _row(table, name, f"≥ {peer.goal} × slower", reached, times >= peer.goal)


def _times_slower(asked: Asked, matcher: Matcher, contacts: Sequence[Contact]) -> tuple[float, float]:
    """How many times the matcher's work the same contacts cost, and the seconds of one; the texts are folded beforehand."""
    facts = [facts_of(Reading(contact, ZONE)) for contact in contacts]
    with _without_collector():
        (theirs,) = _best([lambda: [asked(each) for each in facts]], rounds=3)
        (ours,) = _best([lambda: [matcher.holding(Reading(contact, ZONE)) for contact in contacts]])
    return theirs / ours, theirs / len(contacts)


def _show_differences(table: Table, contacts: Sequence[Contact], book: Rulebook, matcher: Matcher, verdicts: int) -> None:
    different = asked = 0
    for contact in contacts:
        if asked >= verdicts:
            break
        plain = Reading(contact, ZONE)
        held = [place for place, rule in enumerate(book.rules) if rule.holds(plain)]
        different += len(set(held) ^ set(matcher.holding(Reading(contact, ZONE))))
        asked += len(book.rules)
    _row(table, f"differences from the plain evaluator in {asked} verdicts", "0", str(different), different == 0)


def _show_compiling(table: Table, contacts: Sequence[Contact], book: Rulebook) -> None:
    text = rules_workload.rules(1_000)
    data = dumps(book)
    with _collector_as_in_a_young_process():
        compiling, loading = _best([lambda: dumps(read_rulebook(text)), lambda: loads(data)], rounds=7)
        _, first = _best([lambda: None, lambda: loads(data).decide(contacts[0])], rounds=7)
    _row(table, "compiling 1,000 rules, from their text to bytes", "< 1 s", f"{compiling:.3f} s", compiling < 1)
    quicker = compiling / loading
    reached = f"{quicker:.1f} × ({loading * 1000:.1f} ms; {first * 1000:.1f} ms with the first decision)"
    _row(table, "loading them again", "≥ 10 × faster", reached, quicker >= 10)
    before = _decisions(book, contacts, lambda: None)
    meanwhile = median(_decisions(book, contacts, lambda: checked_apart(rules_workload.rules(10_000), now())))
    alone = median(before + _decisions(book, contacts, lambda: None))
    change = meanwhile / alone - 1
    reached = f"{alone * 1e6:.0f} µs → {meanwhile * 1e6:.0f} µs ({change:+.0%})"
    _row(table, "p50 of decisions while 10,000 rules are checked and compiled", "unchanged", reached, change < 0.1)


def _decisions(book: Rulebook, contacts: Sequence[Contact], beside: Callable[[], object]) -> list[float]:
    """Seconds of each decision taken until `beside` is done, of four thousand at least."""
    thread = threading.Thread(target=beside)
    thread.start()
    taken: list[float] = []
    while thread.is_alive() or len(taken) < 4_000:
        for contact in contacts:
            start = time.perf_counter()
            book.decide(contact)
            taken.append(time.perf_counter() - start)
    thread.join()
    return taken


def _show_memory(table: Table) -> None:
    for how, grown in rules_memory.apart(10_000).items():
        _row(table, f"memory of 10,000 rules, {how}", "< 60 MB", f"{grown:.0f} MB", grown < 60)


def _best(runs: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """Seconds of work of each, the quickest of several rounds in which they take turns."""
    taken = [float("inf")] * len(runs)
    for _ in range(rounds):
        for place, run in enumerate(runs):
            start = time.process_time()
            run()
            taken[place] = min(taken[place], time.process_time() - start)
    return taken


@contextmanager
def _without_collector() -> Iterator[None]:
    """As timeit does: when garbage is looked for depends on all that the process did before."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _collector_as_in_a_young_process() -> Iterator[None]:
    """Garbage is looked for, but not among all that was made for other measurements."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _spread(contacts: Sequence[Contact], count: int) -> Sequence[Contact]:
    return contacts[:: len(contacts) // count][:count]


def _row(table: Table, what: str, goal: str, reached: str, is_reached: bool) -> None:
    table.add_row(what, goal, reached if is_reached else f"[bold red]{reached}[/]")
