"""The rule doctor: proves what is wrong with a rulebook, and says it in the words of a supervisor."""

from datetime import date

from contact_hub.routing.doctor.findings import CODES, SEVERITIES, Finding, Severity
from contact_hub.routing.doctor.proof import Proof
from contact_hub.routing.doctor.reach import Reach
from contact_hub.routing.rules import Rulebook

__all__ = ["CODES", "SEVERITIES", "Finding", "Severity", "examine"]


def examine(rulebook: Rulebook, today: date | None = None) -> list[Finding]:
    """All that the doctor finds, the gravest first, then from top to bottom.

    `today` is the day of the check: rules whose last day has passed are named and left out of the proofs.
    """
    proof = Proof(rulebook, today)
    reach = Reach(proof)
    findings = [*reach.findings()]
    return sorted(findings, key=lambda each: (SEVERITIES.index(each.severity), each.line))
