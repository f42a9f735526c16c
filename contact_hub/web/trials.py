"""Answers what a text of the rules is worth: its check, and where it would send a contact somebody describes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from contact_hub import editions, remarks
from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.database import now, reading
from contact_hub.editions import Deciding, Edition
from contact_hub.forms import answers_by_form
from contact_hub.language import language_of
from contact_hub.routing.doctor import Finding
from contact_hub.routing.doctor.leftovers import past_their_day
from contact_hub.routing.explaining import explain, words_read
from contact_hub.routing.file.changes import changes
from contact_hub.routing.file.checking import Checked
from contact_hub.routing.file.checking_apart import checked_apart, read_apart
from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.rules import Rulebook
from contact_hub.web.names import names_in
from contact_hub.web.rules.in_words import missing_in_words
from contact_hub.web.words import said_words

lately_read = lru_cache(maxsize=4)(read_apart)


@lru_cache(maxsize=4)
def lately_checked(text: str) -> Checked:
    """The check of a text; whoever types asks for the same one several times."""
    return checked_apart(text, now(), answers_by_form())


def checks(text: str) -> dict[str, Any]:
    """What the check of a text says, in the language of whoever asks."""
    found = lately_checked(text)
    with reading() as session:
        deciding = editions.deciding(session)
        standing = _standing(session, deciding) if found.findings else ()
    new = remarks.are_new(found.findings, standing)
    findings = [{**told(each), "new": is_new} for each, is_new in zip(found.findings, new, strict=True)]
    return {
        "good": not found.in_the_way,
        "mistakes": [_mark(each) for each in found.mistakes],
        "astray": [_mark(each) for each in found.broken_promises],
        "findings": sorted(findings, key=lambda each: not each["new"]),
        "tested": {**found.counts()},
        "changes": changes(deciding.rulebook, found.rulebook).as_record() if found.rulebook else None,
        "edition": deciding.edition,
        "names": names_in(deciding.rulebook, found.rulebook),
    }


def tried(text: str | None, described: Mapping[str, Any], rule: str | None) -> dict[str, Any]:
    """Where the contact would go by the text, or by the edition that decides. Raises RulebookError and NoSuchRule."""
    rulebook = rules_of(text)
    contact = contact_from(described)
    decision = rulebook.decide(contact)
    names = names_in(rulebook)
    won = next((each for each in rulebook.rules if each.id == decision.rule), None)
    return {
        "decision": decision.as_record(),
        "queue_name": names.queues.get(decision.queue) or decision.queue,
        "rule_name": won.name if won else "",
        "rule_line": won.line if won else 0,
        "names": names,
        "words": words_read(rulebook, contact, decision),
        "near_misses": [
            {"rule": each.rule, "missing": missing_in_words(rulebook, each.missing)} for each in decision.near_misses
        ],
        "explanation": explain(rulebook, contact, rule).as_record() if rule else None,
    }


def rules_of(text: str | None) -> Rulebook:
    """The rules in the text, or those that decide. Raises RulebookError."""
    if text is None:
        with reading() as session:
            return editions.deciding(session).rulebook
    return lately_read(text)


def contact_from(described: Mapping[str, Any]) -> Contact:
    """A contact out of what somebody says of it; received now where that is not said."""
    return Contact(
        channel=described["channel"],
        external_id="tried",
        received=described["received"] or now(),
        subject=described["subject"],
        message=described["text"],
        quoted=described["quoted"],
        sender=described["sender"],
        recipients=tuple(described["recipient"]),
        language=described["language"] or language_of(described["text"]),
        postcode=described["postcode"],
        form=described["form"],
        fields=described["fields_"],
        topic=described["topic"],
        automatic=described["automatic"],
        person=_person(described["person"]),
        headers=described["headers"],
        attachments=tuple(Attachment(name, "application/octet-stream", b"") for name in described["attachment"]),
    )


def _person(described: Mapping[str, Any]) -> PersonFacts:
    number = described.get("open_tickets", 0)
    known = described.get("known")
    return PersonFacts(number > 0 if known is None else known, number)


def told(finding: Finding) -> dict[str, object]:
    """What the doctor says, in the language of whoever asks."""
    said = {"what": said_words(finding.what), "remedy": said_words(finding.remedy)}
    return {**finding.as_record(), "column": 1, **said}


def _standing(session: Session, deciding: Deciding) -> tuple[Finding, ...]:
    """What the doctor says of the edition that decides; a day that passed since it was published is nobody's change."""
    known = remarks.kept(session, deciding.edition)
    if known is None:
        known = lately_checked(session.get_one(Edition, deciding.edition).text).findings
    today = now().astimezone(deciding.rulebook.municipality.zone).date()
    return (*known, *past_their_day(deciding.rulebook, today))


def _mark(mistake: Mistake) -> dict[str, object]:
    what, mend = said_words(mistake.what), said_words(mistake.mend)
    return {"line": mistake.line, "column": mistake.column, "what": what, "mend": mend}
