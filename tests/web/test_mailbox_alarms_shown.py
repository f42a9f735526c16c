"""What is wrong with a mailbox is told where a supervisor looks, and its counts stand beside its server's own."""

import re
from datetime import timedelta

import pytest

from contact_hub import mailboxes, troubles
from contact_hub.database import Session, now
from contact_hub.mailboxes import Mailbox
from tests.web.conftest import Desk, SignIn

INFO = "info@mail.example/INBOX"
LONG_AGO = timedelta(hours=2)


@pytest.fixture
def supervisor(sign_in: SignIn) -> Desk:
    return sign_in("supervisor")


def watched(**state: object) -> None:
    """A mailbox that is read, in this state."""
    with Session.begin() as session:
        mailbox = mailboxes.record_of(session, INFO)
        mailbox.seen_at = now()
        for name, value in state.items():
            setattr(mailbox, name, value)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"trouble": troubles.SIGN_IN_REFUSED, "trouble_since": now()}, "The hub is not let in"),
        ({"trouble": troubles.UNREACHABLE, "trouble_since": now() - LONG_AGO}, "It can&#39;t be read"),
        ({"seen_at": now() - LONG_AGO}, "Nobody has looked into it for ten minutes"),
        (
            {"behind": 900, "behind_then": 100, "behind_since": now() - LONG_AGO},
            "Mail comes in faster than it is read: 900 wait",
        ),
    ],
)
def test_a_mailbox_in_trouble_is_told_on_every_page_of_a_supervisor(
    supervisor: Desk, sign_in: SignIn, state: dict[str, object], told: str
) -> None:
    watched(**state)
    for page in ("/counts", "/rules", "/figures"):
        assert "Something is wrong with 1 mailbox" in supervisor.page(page)
        assert told in supervisor.page(page)
    assert "Something is wrong" not in sign_in("agent").page("/desk/inbox")


def test_a_mailbox_that_is_well_raises_nothing(supervisor: Desk) -> None:
    watched(trouble=troubles.UNREACHABLE, trouble_since=now())  # for a moment: that mends itself
    assert "Something is wrong" not in supervisor.page("/counts")


def test_what_a_server_counts_stands_beside_what_was_read(supervisor: Desk) -> None:
    watched(uid_validity=7)
    with Session.begin() as session:
        mailbox = session.get_one(Mailbox, INFO)
        moments = [now()] * 3
        mailboxes.count_days(session, mailbox, moments)
        mailboxes.day_of(session, mailbox, now().date()).compare(3)
    assert row(supervisor) == ["3", "3", "0"]
    assert "Something is wrong" not in supervisor.page("/counts")

    with Session.begin() as session:
        mailboxes.day_of(session, session.get_one(Mailbox, INFO), now().date()).compare(5)
    assert row(supervisor) == ["3", "5", "2"]
    assert "The server counts 2 more than were read" in supervisor.page("/counts")


def row(supervisor: Desk) -> list[str]:
    """Read, on the server, and missing: of the one day of the one mailbox."""
    table = supervisor.page("/counts").split('id="mailbox-days"')[1].split("</table>")[0]
    return re.findall(r'<td class="number"[^>]*>(?:<span[^>]*>)?(\d+)', table)
