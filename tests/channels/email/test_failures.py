"""Why a mail did not arrive is told in words, with what the other server said."""

import pytest

from contact_hub import troubles
from tests.channels.email.mails import a_mail, an_eml, read


def report(status: str, diagnostic: str = "", action: str = "failed") -> bytes:
    return an_eml("bounce_nl").replace(
        b"Action: failed\nStatus: 5.1.1", f"Action: {action}\nStatus: {status}\n{diagnostic}".rstrip().encode()
    )


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("5.1.1", troubles.NO_SUCH_ADDRESS),
        ("5.1.10", troubles.NO_SUCH_ADDRESS),
        ("5.2.2", troubles.MAILBOX_FULL),
        ("5.2.1", troubles.MAILBOX_CLOSED),
        ("5.3.4", troubles.MAIL_TOO_BIG),
        ("5.4.4", troubles.SERVER_UNREACHED),
        ("5.7.26", troubles.MAIL_REFUSED),
        ("5.0.0", troubles.CAME_BACK),
    ],
)
def test_a_status_code_is_told_in_words(status: str, meaning: str) -> None:
    assert read(report(status)).failure == f"{meaning}: {status}"


def test_what_the_other_server_said_stands_behind_it_on_one_line() -> None:
    raw = report("5.2.2", "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full,\n    try later")

    assert read(raw).failure == f"{troubles.MAILBOX_FULL}: 552 5.2.2 Mailbox full, try later"


def test_a_delay_says_why_too() -> None:
    contact = read(report("4.4.1", "Diagnostic-Code: smtp; 421 no answer", action="delayed"))

    assert (contact.automatic, contact.failure) == ("delay", f"{troubles.SERVER_UNREACHED}: 4.4.1 421 no answer")


def test_a_report_in_words_alone_is_read_for_its_code() -> None:
    raw = a_mail(
        "Sorry, we were unable to deliver your message:\n550 5.1.1 <weg@post.example>: user unknown\n",
        From="MAILER-DAEMON@post.example",
        Subject="Undelivered Mail Returned to Sender",
    )

    assert read(raw).failure == f"{troubles.NO_SUCH_ADDRESS}: 550 5.1.1 <weg@post.example>: user unknown"


def test_nobody_elses_mail_has_a_failure() -> None:
    assert read(a_mail("550 5.1.1 staat in mijn brief")).failure == ""
