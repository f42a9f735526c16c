"""How a text of the rules becomes the next edition: made ready beforehand, then put in force by whoever is first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contact_hub import editions, queues, remarks
from contact_hub.chain import FIRST
from contact_hub.database import now
from contact_hub.editions import LONGEST_AUTHOR, CompiledEdition, Deciding, Edition, newest
from contact_hub.loading import FORM
from contact_hub.routing.file.changes import Changes, changes, line_by_line, rules_that_need
from contact_hub.routing.file.checking import Checked, checked
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index import compiled
from contact_hub.routing.rules import Rulebook
from contact_hub.texts import storable

COMPILED_KEPT = 5  # editions; those before them are read from their text when somebody asks


class NoReason(ValueError):
    """Whoever publishes must say why."""


@dataclass(eq=False)
class Overtaken(Exception):
    """Another edition came in since the one the text was based on; says which, and what it changed."""

    text: str
    base: Edition | None
    came: Edition

    def __str__(self) -> str:
        return f"edition {self.came.id} by {self.came.author} came in before this one"

    @property
    def diff(self) -> str:
        """What the editions in between changed, line by line."""
        return _diff(self.base, self.came.text, self.came.id)

    @cached_property
    def rulebooks(self) -> tuple[Rulebook | None, Rulebook | None]:
        """The rules of both editions; none where it was written for another version of the hub."""
        return _rules_in(self.base) if self.base else None, _rules_in(self.came)

    @cached_property
    def changes(self) -> Changes:
        """What the editions in between changed, rule by rule."""
        before, after = self.rulebooks
        return changes(before, after) if before and after else Changes()

    @cached_property
    def homeless(self) -> tuple[str, ...]:
        """The rules of the refused text that send contacts to a queue which the editions in between took away."""
        try:
            return rules_that_need(read_rulebook(self.text), self.changes.queues_removed)
        except RulebookError:
            return ()  # its mistakes are told when it is published next


@dataclass(frozen=True)
class Ready:
    """A text that may be published after `before`, with all that took time to find out."""

    checked: Checked
    before: Edition | None
    diff: str
    changes: Changes
    packed: bytes
    """The rules in the form that loads quickly."""


def publish(session: Session, text: str, *, author: str, reason: str, onto: int | None = None) -> Edition:
    """Makes `text` the edition that decides from here on.

    Raises RulebookError when it has mistakes or its rules do not keep its own examples and tests, Overtaken when another
    edition came in since `onto`, and NoReason. It holds the transaction while it checks; `ready` and `put_in_force` don't.
    """
    while True:
        before = newest(session)
        if onto is not None and before is not None and before.id != onto:
            raise _overtaken(session, text, session.get(Edition, onto), before)
        try:
            return put_in_force(session, ready(checked(text, now()), before), author=author, reason=reason)
        except Overtaken:
            if onto is not None:
                raise


def ready(found: Checked, before: Edition | None) -> Ready:
    """All of publishing that takes time, to be done before a transaction opens. Raises RulebookError."""
    if found.rulebook is None or found.in_the_way:
        raise RulebookError(found.in_the_way)
    rules_before = before and _rules_in(before)
    told = changes(rules_before, found.rulebook) if rules_before else Changes()
    lines = _diff(before, found.text, before.id + 1 if before else 1)
    return Ready(found, before, lines, told, found.packed or compiled.dumps(found.rulebook))


def put_in_force(
    session: Session, good: Ready, *, author: str, reason: str, replay: Mapping[str, Any] = MappingProxyType({})
) -> Edition:
    """The part of publishing that belongs in a transaction.

    Raises NoReason, and Overtaken when an edition came in since `good` was made ready: the database lets only one follow
    each other, whoever is first.
    """
    if not reason.strip():
        raise NoReason("say why this edition is published")
    edition = _following(good, author=storable(author)[:LONGEST_AUTHOR], reason=storable(reason.strip()), replay={**replay})
    try:
        with session.begin_nested():
            session.add(edition)
    except IntegrityError as error:
        came = newest(session)
        if came is None or (good.before and came.id == good.before.id):
            raise
        raise _overtaken(session, good.checked.text, good.before, came) from error
    rulebook = good.checked.rulebook
    assert rulebook is not None  # it is ready
    session.add(CompiledEdition(edition_id=edition.id, form=FORM, data=good.packed))
    remarks.keep(session, edition.id, good.checked.findings)
    session.execute(delete(CompiledEdition).where(CompiledEdition.edition_id <= edition.id - COMPILED_KEPT))
    queues.follow_rules(session, rulebook)
    session.flush()
    editions.remember(edition.hash, Deciding(edition.id, rulebook))
    return edition


def _following(good: Ready, *, author: str, reason: str, replay: dict[str, Any]) -> Edition:
    edition = Edition(
        id=good.before.id + 1 if good.before else 1,
        text=good.checked.text,
        author=author,
        reason=reason,
        published_at=now(),
        previous_hash=good.before.hash if good.before else FIRST,
        diff=good.diff,
        changes=good.changes.as_record(),
        tested={**good.checked.counts()},
        replay=replay,
    )
    edition.hash = editions.link_of(edition)
    return edition


def _overtaken(session: Session, text: str, base: Edition | None, came: Edition) -> Overtaken:
    """What it names outlives the transaction, which ends by it."""
    for each in {base, came}:
        if each is not None and each in session:
            session.expunge(each)
    return Overtaken(text, base, came)


def _diff(before: Edition | None, text: str, number: int) -> str:
    names = (f"edition {before.id}" if before else "nothing", f"edition {number}")
    return line_by_line(before.text if before else "", text, names)


def _rules_in(edition: Edition) -> Rulebook | None:
    """The rules of an edition; none where it was written for another version of the hub."""
    try:
        return editions.rules_in(edition)
    except RulebookError:
        return None
