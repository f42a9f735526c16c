"""The doctor's proofs held against all there is to see: every message that small rules can tell apart."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contact_hub.contact import Contact
from contact_hub.routing import conditions as c
from contact_hub.routing.doctor import Finding, examine
from contact_hub.routing.fields import Reading
from contact_hub.routing.file.trial import contacts_in
from contact_hub.routing.rules import Rule, Rulebook
from tests.routing.rulebooks import contact, rulebook

TOKENS = [list(some) for size in range(4) for some in combinations(("a", "ax", "ay"), size)]
TEXTS = ["", "q"] + [" ".join(some + more) for some in TOKENS for more in ([], ["b"], ["q", "b"], ["b", "a"]) if some or more]
TEXTS = list(dict.fromkeys(TEXTS))
CONTACTS = [
    contact(message, subject=subject, channel=channel, postcode=postcode)
    for subject, message, channel, postcode in product(TEXTS, TEXTS, ("email", "chat", "counter"), ("", "1000", "9000", "9050"))
]
WORDS = ["a", '"a*"', "b", "a b", "ax", "{at least: 2, of: [a, ax, b]}", "{at least: 2, of: [b, ax, a]}"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(lambda each: f"[{', '.join(each)}]")
leaves = st.one_of(
    st.builds("{{{}: {}}}".format, st.sampled_from(["text", "subject", "message"]), words),
    st.sampled_from(
        [
            "{channel: [email, chat]}",
            "{channel: chat}",
            "{channel: email}",
            "{postcode: [9000-9049]}",
            "{postcode: [9050-9099]}",
            "{postcode: [9000-9099]}",
            "{has: [postcode]}",
            "{has: [subject]}",
            "{has: [text]}",
        ]
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("{{{}: [{}, {}]}}".format, st.sampled_from(["any", "all", "not"]), inner, inner),
        st.builds("{{not: {}}}".format, inner),
    ),
    max_leaves=4,
)
books = st.tuples(
    st.lists(conditions, max_size=1), st.lists(conditions, max_size=1), st.lists(conditions, min_size=2, max_size=5)
)

_readings: list[Reading] = []
_seen: dict[str, frozenset[int]] = {}


def book_of(drawn: tuple[list[str], list[str], list[str]]) -> Rulebook:
    lines = []
    for section, then, rules in zip(
        ("screen", "label", "route"), ("queue: waste", "tags: [x]", "queue: waste"), drawn, strict=True
    ):
        lines += [f"{section}:"] * bool(rules)
        lines += [f"  - {{id: {section[0]}{place}, when: {when}, then: {{{then}}}}}" for place, when in enumerate(rules)]
    return rulebook("\n".join(lines) + "\n")


def holding(book: Rulebook) -> Mapping[str, frozenset[int]]:
    """Which of all contacts each rule holds for."""
    if not _readings:
        _readings.extend(Reading(each, book.municipality.zone) for each in CONTACTS)
    return {rule.id: _held(rule.when) for rule in book.rules}


def _held(condition: c.Condition) -> frozenset[int]:
    if isinstance(condition, c.Every):
        return frozenset(range(len(CONTACTS))).intersection(*map(_held, condition.parts))
    if isinstance(condition, c.Either):
        return frozenset().union(*map(_held, condition.parts))
    if isinstance(condition, c.Not):
        return frozenset(range(len(CONTACTS))) - _held(condition.part)
    known = _seen.get(repr(condition))
    if known is None:
        known = _seen[repr(condition)] = frozenset(place for place, each in enumerate(_readings) if condition.holds(each))
    return known


def above(book: Rulebook, rule: Rule) -> list[str]:
    """The rules that come before one: screens before all, routes before later routes."""
    place = book.rules.index(rule)
    before = {"screen": ("screen",), "label": ("screen",), "route": ("screen", "route")}[rule.section]
    return [other.id for other in book.rules[:place] if other.section in before]


def fewest(wanted: frozenset[int], takers: Sequence[frozenset[int]]) -> int | None:
    """How many takers it needs at least to take all that is wanted; None when they never do."""
    for size in range(len(takers) + 1):
        if any(wanted <= frozenset().union(*some) for some in combinations(takers, size)):
            return size
    return None


def said_dead(findings: Sequence[Finding]) -> dict[str, int]:
    """The rules said to get nothing, with the number of rules to blame."""
    codes = ("contradiction", "never-wins", "duplicate")
    return {each.rules[0]: len(each.rules) - 1 for each in findings if each.code in codes}


@settings(max_examples=30, deadline=None)
@example((["{subject: [a]}"], [], ["{has: [text]}", "{not: {not: {has: [text]}}}", "{message: [a]}", "{text: [a]}"]))
@example((["{not: {channel: chat}}"], [], ["{channel: chat}", "{text: [a]}", "{text: [a]}"]))
@given(books)
def test_a_rule_is_called_dead_exactly_when_no_message_reaches_it_and_the_fewest_are_blamed(
    drawn: tuple[list[str], ...],
) -> None:
    book = book_of(drawn)  # type: ignore[arg-type]
    held = holding(book)
    findings = examine(book)
    dead = said_dead(findings)
    everything = {each.rules[0] for each in findings if each.code in ("takes-everything", "default-unused")}
    for rule in book.rules:
        takers = above(book, rule)
        if everything & set(takers):
            assert rule.id not in dead or not held[rule.id]
        else:
            assert dead.get(rule.id) == fewest(held[rule.id], [held[other] for other in takers]), rule.id


@settings(max_examples=30, deadline=None)
@given(books)
def test_a_made_up_message_shows_what_its_finding_says(drawn: tuple[list[str], ...]) -> None:
    book = book_of(drawn)  # type: ignore[arg-type]
    for finding in examine(book):
        if finding.code in ("never-wins", "duplicate"):
            assert finding.witness
        if finding.witness and finding.code != "counts-twice":
            made = as_contact(finding.witness)
            decided = book.decide_plainly(made)
            rule = next(each for each in book.rules if each.id == finding.rules[0])
            assert rule.holds(Reading(made, book.municipality.zone))
            assert decided.rule != rule.id or finding.code == "takes-missing"


@settings(max_examples=30, deadline=None)
@given(books)
def test_a_rule_is_said_to_hold_always_exactly_when_it_does(drawn: tuple[list[str], ...]) -> None:
    book = book_of(drawn)  # type: ignore[arg-type]
    held = holding(book)
    always = {rule.id for rule in book.rules if len(held[rule.id]) == len(CONTACTS)}
    said = {each.rules[0] for each in examine(book) if each.code in ("takes-everything", "default-unused", "labels-everything")}
    assert said <= always
    first = next((rule.id for rule in book.rules if rule.section != "label" and rule.id in always), None)
    assert first is None or first in said or any(other.id in always for other in book.rules if other.section == "screen")


def as_contact(witness: str) -> Contact:
    """The made-up message, read as an example of the file would be."""
    text = witness if witness.startswith("{") else f"{{text: {witness}}}"
    [(_, made)] = contacts_in(f"[{{id: x, {text[1:]}]")
    return made
