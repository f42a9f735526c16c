"""What examples and tests protect: the quick way must say what trying each changed file would say."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contact_hub.routing import conditions as c
from contact_hub.routing.protection import protection
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.shown import shown
from contact_hub.routing.words import AtLeast, Word
from tests.routing.rulebooks import DESK, rulebook

WASTE = """
route:
  - id: waste
    when: {text: [afval, vuilnis], channel: email}
    then: {queue: waste}
    examples:
      yes: ["Mijn afval ligt er nog"]
      no: ["Een vraag"]
"""

FIRST = DESK.count("\n") + 1


def unprotected(rules: str) -> list[str]:
    return [part.written for part in protection(rulebook(rules)).unprotected]


def test_a_word_and_a_condition_that_no_example_needs_are_unprotected() -> None:
    found = protection(rulebook(WASTE))
    assert [(part.written, part.line) for part in found.unprotected] == [
        ("channel: email", FIRST + 2),
        ("vuilnis", FIRST + 3),
    ]
    assert found.parts.of == 4
    assert found.score == 0.5
    assert found.parts.exercised == 2


def test_a_test_of_the_whole_file_protects_too() -> None:
    promise = "tests: [{name: a, contact: {channel: chat, text: afval}, expect: {queue: reception}}]\n"
    assert unprotected(WASTE + promise) == ["vuilnis"]


def test_a_not_that_no_example_needs_is_unprotected() -> None:
    rule = "{id: a, when: {text: gas, not: {text: factuur}}, then: {queue: waste}, examples: {yes: [gas], no: [hallo%s]}}"
    assert unprotected(f"route: [{rule % ''}]\n") == ["not: {text: factuur}"]
    assert unprotected(f"route: [{rule % ', gas factuur'}]\n") == []


def test_a_number_is_unprotected_while_one_less_would_do() -> None:
    rule = "{id: a, when: {text: {at least: 2, of: [a, b, c]}}, then: {queue: waste}, examples: {yes: [a b], no: [%s]}}"
    assert unprotected(f"route: [{rule % 'd'}]\n") == ["c", "at least: 2"]
    assert unprotected(f"route: [{rule % 'c'}]\n") == ["c"]


def test_a_word_of_a_named_list_is_one_part_of_all_rules_that_use_it() -> None:
    found = protection(
        rulebook("""
lists:
  waste: [afval, vuilnis]
route:
  - {id: a, when: {subject: {list: waste}}, then: {queue: waste}, examples: {yes: [{subject: afval}]}}
  - {id: b, when: {quoted: {list: waste}}, then: {queue: complaints}}
""")
    )
    assert [(part.written, part.rules, part.line) for part in found.unprotected] == [("vuilnis", ("a", "b"), FIRST + 2)]


def test_an_example_that_fails_already_protects_nothing() -> None:
    rule = "{id: a, when: {text: gas}, then: {queue: waste}, examples: {yes: [water], no: [gas]}}"
    assert unprotected(f"route: [{rule}]\n") == ["gas"]


WORDS = [
    "a",
    "b",
    "c",
    '"a*"',
    "a b",
    "{pattern: 'b+'}",
    "{list: one}",
    "{list: two}",
    "{at least: 2, of: [a, b, {list: one}]}",
]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(lambda each: f"[{', '.join(each)}]")
leaves = st.one_of(
    st.builds("{{{}: {}}}".format, st.sampled_from(["text", "subject", "quoted"]), words),
    st.sampled_from(["{channel: [email, chat]}", "{postcode: [9000, 9050]}", "{channel: chat}", "{has: [subject, quoted]}"]),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("{{{}: [{}, {}]}}".format, st.sampled_from(["any", "all", "not"]), inner, inner),
        st.builds("{{not: {}}}".format, inner),
    ),
    max_leaves=5,
)
texts = st.lists(st.sampled_from("abcd"), max_size=3).map(" ".join)
contacts = st.fixed_dictionaries(
    {"text": texts},
    optional={"subject": texts, "quoted": texts, "channel": st.sampled_from(["email", "chat"]), "postcode": st.just("9050")},
)
samples = st.lists(contacts, max_size=3)
promises = st.lists(st.tuples(contacts, st.sampled_from(["waste", "reception", "complaints"])), max_size=2)
rules = st.tuples(st.sampled_from(["screen", "label", "route", "route", "route"]), conditions, samples, samples)


def written(drawn: list[tuple[str, str, list[object], list[object]]], tests: list[tuple[object, str]]) -> str:
    lines = ["lists: {one: [a, c], two: [b, {list: one}]}"]
    for section in ("screen", "label", "route"):
        lines.append(f"{section}:")
        for place, (where, when, yes, no) in enumerate(drawn):
            if where == section:
                then = "{tags: [x]}" if section == "label" else f"{{queue: {'waste' if place % 2 else 'complaints'}}}"
                status = "shadow" if place == 3 else "active"
                lines.append(
                    f"  - {{id: r{place}, status: {status}, when: {when}, then: {then}, examples: {{yes: {yes}, no: {no}}}}}"
                )
        if lines[-1] == f"{section}:":
            lines.pop()
    lines.append(f"tests: {[{'name': 'x', 'contact': each, 'expect': {'queue': queue}} for each, queue in tests]}")
    return "\n".join(lines) + "\n"


@settings(max_examples=100, deadline=None)
@given(st.lists(rules, min_size=1, max_size=4), promises)
def test_it_says_what_trying_each_changed_file_would_say(drawn: list[object], tests: list[object]) -> None:
    book = rulebook(written(drawn, tests))  # type: ignore[arg-type]
    kept = {place for place, held in enumerate(outcomes(book)) if held}
    assert len(book.examples_astray()) == len(list(outcomes(book))) - len(kept)
    naive = [name for name, changed in changed_books(book) if kept <= {n for n, held in enumerate(outcomes(changed)) if held}]
    assert sorted(part.written for part in protection(book).unprotected) == sorted(naive)


def outcomes(book: Rulebook) -> Iterator[bool]:
    """Whether each example and each test holds, found the plain way."""
    for rule in book.rules:
        for wanted, contacts in ((True, rule.yes), (False, rule.no)):
            for decided in map(book.decide_plainly, contacts):
                shadows = decided.shadows if rule.status == "shadow" else ()
                yield (rule.id in (decided.rule, *decided.labels, *shadows)) == wanted
    for promise in book.promises:
        yield book.decide_plainly(promise.contact).queue == promise.expect["queue"]


def changed_books(book: Rulebook) -> Iterator[tuple[str, Rulebook]]:
    """Each file with one part dropped, under the name of the part."""
    seen: dict[int, Word] = {}
    for place, rule in enumerate(book.rules):
        for name, when in dropped(rule.when):
            rules = [*book.rules]
            rules[place] = replace(rule, when=when)
            yield name, replace(book, rules=tuple(rules))
        seen.update((id(word), word) for word in words_of(rule.when, sole_is_part=False, named=named_words(book)))
    for word in seen.values():
        yield shown(word), replace(book, rules=tuple(replace(rule, when=without(rule.when, word)) for rule in book.rules))
    for word in {id(each): each for rule in book.rules for each in at_leasts(rule.when)}.values():
        if word.number > 1:
            less = tuple(replace(rule, when=lowered(rule.when, word)) for rule in book.rules)
            yield f"at least: {word.number}", replace(book, rules=less)


def named_words(book: Rulebook) -> set[int]:
    named = [word for each in book.written.lists for word in each.words]
    return {id(word) for each in named for word in (each, *(each.words if isinstance(each, AtLeast) else ()))}


def dropped(condition: c.Condition) -> Iterator[tuple[str, c.Condition]]:
    """The condition with each of its conditions and values dropped."""
    if isinstance(condition, c.Every | c.Either):
        for place, part in enumerate(condition.parts):
            before, after = condition.parts[:place], condition.parts[place + 1 :]
            if len(condition.parts) > 1:
                yield shown(part), type(condition)((*before, *after))
            yield from ((name, type(condition)((*before, less, *after))) for name, less in dropped(part))
    elif isinstance(condition, c.Not):
        yield from ((name, c.Not(less)) for name, less in dropped(condition.part))
    elif isinstance(condition, c.OneOf) and len(condition.values) > 1:
        yield from (
            (f"{condition.field}: {value}", c.OneOf(condition.field, condition.values - {value})) for value in condition.values
        )
    elif isinstance(condition, c.Has) and len(condition.fields) > 1:
        yield from (
            (f"has: {name}", c.Has(tuple(each for each in condition.fields if each != name))) for name in condition.fields
        )
    elif isinstance(condition, c.Postcode) and len(condition.ranges) > 1:
        yield from (
            (f"postcode: {span[0]}", c.Postcode(tuple(each for each in condition.ranges if each != span)))
            for span in condition.ranges
        )


def words_of(condition: c.Condition, *, sole_is_part: bool, named: set[int]) -> Iterator[Word]:
    """The words that are parts: not the only one of a condition that is a part itself, unless a list has it."""
    if isinstance(condition, c.Every | c.Either):
        for part in condition.parts:
            yield from words_of(part, sole_is_part=len(condition.parts) > 1, named=named)
    elif isinstance(condition, c.Not):
        yield from words_of(condition.part, sole_is_part=sole_is_part, named=named)
    elif isinstance(condition, c.Contains):
        alone = sole_is_part and len(condition.words) == 1
        for word in condition.words:
            if not alone or id(word) in named:
                yield word
            yield from word.words if isinstance(word, AtLeast) else ()


def at_leasts(condition: c.Condition) -> Iterator[AtLeast]:
    if isinstance(condition, c.Every | c.Either):
        for part in condition.parts:
            yield from at_leasts(part)
    elif isinstance(condition, c.Not):
        yield from at_leasts(condition.part)
    elif isinstance(condition, c.Contains):
        yield from (word for word in condition.words if isinstance(word, AtLeast))


def rewritten(condition: c.Condition, change: Callable[[tuple[Word, ...]], tuple[Word, ...]]) -> c.Condition:
    if isinstance(condition, c.Every | c.Either):
        return type(condition)(tuple(rewritten(part, change) for part in condition.parts))
    if isinstance(condition, c.Not):
        return c.Not(rewritten(condition.part, change))
    return replace(condition, words=change(condition.words)) if isinstance(condition, c.Contains) else condition


def without(condition: c.Condition, word: Word) -> c.Condition:
    def change(words: tuple[Word, ...]) -> tuple[Word, ...]:
        kept = [each for each in words if each is not word]
        return tuple(replace(each, words=change(each.words)) if isinstance(each, AtLeast) else each for each in kept)

    return rewritten(condition, change)


def lowered(condition: c.Condition, word: Word) -> c.Condition:
    return rewritten(
        condition,
        lambda words: tuple(
            replace(each, number=each.number - 1) if each is word and isinstance(each, AtLeast) else each for each in words
        ),
    )
