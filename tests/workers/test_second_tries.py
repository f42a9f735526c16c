"""What was set aside is tried again, and leaves the list only when it is taken in."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from contact_hub import intake
from contact_hub.arrivals import SetAside, TakenContact, Tally
from contact_hub.database import Session, connect, reading
from contact_hub.intake import Unreadable
from tests import builders
from workers.jobs import try_set_aside

READABLE = b"From: Roos <roos@example.org>\r\nMessage-ID: <1@example.org>\r\nSubject: Een vraag\r\n\r\nMag ik iets vragen?\r\n"
UNREADABLE = b"no header field at all"


@pytest.fixture(autouse=True)
def _rules(database: Engine) -> None:
    with Session.begin() as session:
        builders.publish_rules(session)


def set_aside(raw: bytes) -> None:
    """As an earlier version left it, which could not read it."""
    unreadable = Unreadable("email", f"hash of {raw[:9]!r}", builders.MONDAY, "reading it failed", raw, "message/rfc822")
    intake.receive([], [unreadable], channel="email")


def waiting() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(SetAside).where(SetAside.settled_at.is_(None))) or 0


def test_a_mail_that_can_be_read_by_now_is_taken_in_once() -> None:
    set_aside(READABLE)
    try_set_aside()
    try_set_aside()
    with reading() as session:
        assert [contact.subject for contact in session.scalars(select(TakenContact))] == ["Een vraag"]
        assert [tally.missing for tally in session.scalars(select(Tally))] == [0]
    assert waiting() == 0


def test_without_its_database_a_try_ends_in_a_word_and_nothing_of_what_was_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    try_set_aside()
    assert "waits for another try" in capsys.readouterr().out


def test_a_mail_that_still_cannot_be_read_stays_and_holds_up_no_other() -> None:
    set_aside(UNREADABLE)
    set_aside(READABLE)
    try_set_aside()
    assert waiting() == 1
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(TakenContact)) == 1
