"""Publishing as a use case of its own: all that takes time happens before the one short transaction, so nobody waits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contact_hub import drafts, editions, next_edition, replays
from contact_hub.database import Session, now, reading
from contact_hub.drafts import Draft
from contact_hub.editions import CompiledEdition, Edition
from contact_hub.forms import answers_by_form
from contact_hub.loading import FORM
from contact_hub.next_edition import NoReason, Overtaken, Ready
from contact_hub.routing.file.amending import amended
from contact_hub.routing.file.checking_apart import checked_apart
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.index import compiled
from contact_hub.routing.rules import Status

DAYS = 90  # of past tickets on which a text is replayed before it decides


class Unchanged(Exception):
    """The text is the one that decides already."""


def publish(text: str, *, author: str, reason: str, onto: int | None = None, draft: int | None = None) -> Edition:
    """Puts `text` in force; `draft` names the one it was typed in, which is then done with.

    Raises RulebookError, Overtaken when another edition came in since `onto`, Unchanged, and NoReason.
    """
    if not reason.strip():
        raise NoReason
    while True:
        before, base = _before(onto)
        if before and onto is not None and before.id != onto:
            raise Overtaken(text, base, before)
        if before and before.text == text:
            raise Unchanged
        good = next_edition.ready(checked_apart(text, now(), answers_by_form()), before)
        told = _replayed(good) if before else {}
        try:
            with Session.begin() as session:
                edition = next_edition.put_in_force(session, good, author=author, reason=reason, replay=told)
                if draft is not None and (typed := session.get(Draft, draft)):
                    drafts.close(typed, edition)
            return edition
        except Overtaken:
            if onto is not None:
                raise


def roll_back(number: int, *, author: str, reason: str, onto: int | None = None) -> Edition:
    """Publishes the text of an earlier edition again, as a new one. Raises NoResultFound and all that `publish` does."""
    with reading() as session:
        text = session.get_one(Edition, number).text
    return publish(text, author=author, reason=reason, onto=onto)


def amend(rule: str, *, status: Status, until: date | None, author: str, reason: str, onto: int | None = None) -> Edition:
    """Publishes the rules that decide with another status and last day of one rule, and nothing else changed.

    Raises NoSuchRule and all that `publish` does.
    """
    before, _ = _before(None)
    if before is None:
        raise editions.NoEdition
    text = amended(before.text, rule, status=status, until=until)
    return publish(text, author=author, reason=reason, onto=before.id if onto is None else onto)


def compile_newest() -> None:
    """Makes the compiled form of the newest edition, where another version of the hub published it."""
    with reading() as session:
        edition = editions.newest(session)
        if edition is None or editions.is_compiled(session, edition):
            return
    try:
        rulebook = editions.rules_in(edition)
    except RulebookError:
        return  # it does not decide here: the one before it does
    with Session.begin() as session:
        session.merge(CompiledEdition(edition_id=edition.id, form=FORM, data=compiled.dumps(rulebook)))


def _replayed(good: Ready) -> Mapping[str, Any]:
    """What the text would have done to the tickets of the last months, in numbers."""
    assert good.checked.rulebook is not None  # it is ready
    with reading() as session:
        ready = replays.ready(session, DAYS, None)
    report = ready.replay.delta(good.checked.rulebook)
    counts = {"tickets": report.replayed, "moved": report.moved, "towards": report.towards, "away": report.away}
    return {"days": DAYS, "against": ready.edition, **counts}


def _before(onto: int | None) -> tuple[Edition | None, Edition | None]:
    """The newest edition, and the one that a text was based on."""
    with reading() as session:
        return editions.newest(session), session.get(Edition, onto) if onto is not None else None
