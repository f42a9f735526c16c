"""The index finds exactly the rules that the plain evaluator finds, whatever the rules and whatever comes in."""

import gc
import weakref
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import rules_workload
from contact_hub.contact import Contact
from contact_hub.routing.conditions import Contains
from contact_hub.routing.fields import Reading
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index.matcher import Matcher
from contact_hub.routing.rules import Rule, Rulebook
from contact_hub.routing.words import AtLeast, Plain
from tests.routing import random_rules

BRUSSELS = ZoneInfo("Europe/Brussels")
few = st.lists(random_rules.contacts, min_size=1, max_size=4)


@settings(max_examples=50)
@given(random_rules.rules, few)
def test_the_rules_that_hold_are_those_of_the_plain_evaluator(rules: tuple[Rule, ...], contacts: list[Contact]) -> None:
    matcher = Matcher.of(rules)
    for contact in contacts:
        plainly = [place for place, rule in enumerate(rules) if rule.holds(Reading(contact, BRUSSELS))]
        assert matcher.holding(Reading(contact, BRUSSELS)) == plainly


@given(st.lists(random_rules.odd_words, max_size=3).map(tuple), st.integers(0, 3), random_rules.contacts)
def test_words_that_cannot_be_looked_for_in_advance_are_judged_all_the_same(
    words: tuple[Plain, ...], number: int, contact: Contact
) -> None:
    rules = random_rules.rules_under([Contains("text", words), Contains("text", (AtLeast(number, words),))])
    plainly = [place for place, rule in enumerate(rules) if rule.holds(Reading(contact, BRUSSELS))]
    assert Matcher.of(rules).holding(Reading(contact, BRUSSELS)) == plainly


def test_a_word_that_stands_twice_in_a_list_is_one() -> None:
    twice = AtLeast(2, (Plain("huis", "huis"), Plain("huis", "huis")))
    assert twice.words == (Plain("huis", "huis"),)


@settings(max_examples=50)
@given(random_rules.rulebooks, few)
def test_a_decision_is_the_same_by_the_index_and_rule_by_rule(rulebook: Rulebook, contacts: list[Contact]) -> None:
    for contact in contacts:
        assert rulebook.decide(contact) == rulebook.decide_plainly(contact)


def test_the_rules_of_a_large_town_hold_as_they_do_one_by_one() -> None:
    rules = read_rulebook(rules_workload.rules(500)).rules
    matcher = Matcher.of(rules)
    held = 0
    for contact in rules_workload.contacts(12):
        plainly = [place for place, rule in enumerate(rules) if rule.holds(Reading(contact, BRUSSELS))]
        assert matcher.holding(Reading(contact, BRUSSELS)) == plainly
        held += len(plainly)
    assert held > 5


def test_a_contact_is_let_go_as_soon_as_it_was_matched() -> None:
    book = read_rulebook(rules_workload.rules(10))
    reading = Reading(rules_workload.contacts(1)[0], book.municipality.zone)
    book.matcher.holding(reading)
    gone = weakref.ref(reading)
    gc.disable()  # mails of 50 MB cannot wait for a collection
    try:
        del reading
        assert gone() is None
    finally:
        gc.enable()
