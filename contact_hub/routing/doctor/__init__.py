"""The rule doctor: proves what is wrong with a rulebook, and says it in the words of a supervisor."""

from collections.abc import Iterator
from datetime import date

from contact_hub.routing.doctor import gaps, idle_conditions, idle_words, labels, leftovers
from contact_hub.routing.doctor.findings import CODES, SEVERITIES, Finding, Severity
from contact_hub.routing.doctor.forms import Forms, unknown_forms
from contact_hub.routing.doctor.leftovers import failing_examples
from contact_hub.routing.doctor.past import History, from_history, gather
from contact_hub.routing.doctor.proof import Proof
from contact_hub.routing.doctor.reach import Reach
from contact_hub.routing.rules import Rulebook

__all__ = [
    "CODES",
    "SEVERITIES",
    "Finding",
    "Forms",
    "History",
    "Severity",
    "examine",
    "failing_examples",
    "from_history",
    "gather",
]


def examine(rulebook: Rulebook, today: date | None = None, forms: Forms | None = None) -> list[Finding]:
    """All that the doctor finds in the rules, the gravest first, then from top to bottom.

    `today` is the day of the check: rules whose last day has passed are named and left out of the proofs. `forms`
    are those that citizens can fill in; of forms nothing is said without. Examples and tests that do not hold are
    `failing_examples`.
    """
    found = [*_examined(rulebook, today), *(() if forms is None else unknown_forms(rulebook, forms))]
    return sorted(found, key=lambda each: (SEVERITIES.index(each.severity), each.line, each.code))


def _examined(rulebook: Rulebook, today: date | None) -> Iterator[Finding]:
    proof = Proof(rulebook, today)
    reach = Reach(proof)
    yield from reach.findings()
    yield from gaps.slipping_through(proof)
    yield from gaps.without_a_field(proof)
    yield from labels.conflicting(proof)
    yield from labels.alike(proof)
    yield from idle_words.idle_words(rulebook)
    yield from idle_words.counting_twice(rulebook)
    yield from idle_conditions.idle_conditions(proof)
    yield from leftovers.unreached_queues(rulebook, reach.dead)
    yield from leftovers.unused(rulebook)
    yield from leftovers.unknown_channels(rulebook)
    yield from leftovers.without_examples(rulebook)
    if today is not None:
        yield from leftovers.past_their_day(rulebook, today)
