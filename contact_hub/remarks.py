"""What the doctor said of an edition when it was published, so that a draft tells which of its remarks are new."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from contact_hub.editions import CompiledEdition
from contact_hub.routing.said import from_record

if TYPE_CHECKING:
    from contact_hub.routing.doctor import Finding

FORM = "remarks"
"""Under this name they stand among the compiled forms, which may be thrown away at any time."""


def keep(session: Session, edition: int, findings: "Iterable[Finding]") -> None:
    """Notes what the doctor says of this edition."""
    data = json.dumps([each.as_record() for each in findings]).encode()
    session.merge(CompiledEdition(edition_id=edition, form=FORM, data=data))


def kept(session: Session, edition: int) -> "tuple[Finding, ...] | None":
    """What the doctor said of this edition; None where that is not known any more."""
    found = session.get(CompiledEdition, (edition, FORM))
    return None if found is None else tuple(_finding(record) for record in json.loads(found.data))


def are_new(findings: "Sequence[Finding]", before: "Iterable[Finding]") -> list[bool]:
    """For each finding, whether it was not there before; wherever in the file it stands, and whatever message shows it."""
    known = Counter(map(_meaning, before))
    new = []
    for each in findings:
        meaning = _meaning(each)
        new.append(not known[meaning])
        known[meaning] -= bool(known[meaning])
    return new


def _meaning(finding: "Finding") -> tuple[str, tuple[str, ...], str]:
    return finding.code, finding.rules, str(finding.what)


def _finding(record: Mapping[str, Any]) -> "Finding":
    from contact_hub.routing.doctor import Finding  # only here: its solver costs a process that never checks 15 MB

    what, remedy = from_record(record["what"]), from_record(record["remedy"])
    return Finding(**{**record, "rules": tuple(record["rules"]), "what": what, "remedy": remedy})
