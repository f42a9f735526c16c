"""Invitations say what for, when and where in the text itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.invitations import text_of_calendar
from tests.channels.email.mails import a_mail, read


def an_invitation(*properties: str, method: str = "REQUEST") -> str:
    zone = "BEGIN:VTIMEZONE\nTZID:Europe/Brussels\nBEGIN:STANDARD\nDTSTART:16010101T030000\nEND:STANDARD\nEND:VTIMEZONE"
    alarm = "BEGIN:VALARM\nSUMMARY:Herinnering\nEND:VALARM"
    lines = ("BEGIN:VCALENDAR", f"METHOD:{method}", zone, "BEGIN:VEVENT", alarm, *properties, "END:VEVENT", "END:VCALENDAR")
    return "\n".join(lines) + "\n"


WORKS = (
    "SUMMARY;LANGUAGE=nl-BE:Overleg over de werf\\, fase 2",
    "DTSTART;TZID=Europe/Brussels:20250310T100000",
    "DTEND;TZID=Europe/Brussels:20250310T110000",
    "LOCATION:Gemeentehuis\\, za\n al 2",
)
SAID = "Overleg over de werf, fase 2\n2025-03-10 10:00 – 11:00 (Europe/Brussels)\nGemeentehuis, zaal 2"


def test_an_invitation_without_words_says_what_when_and_where() -> None:
    contact = read(a_mail(an_invitation(*WORKS), Content_Type="text/calendar; method=REQUEST; charset=utf-8"))

    assert contact.message == SAID
    assert [file.name for file in contact.attachments] == ["invitation.ics"]


def test_an_invitation_beside_a_text_and_as_a_file_is_told_once_below_the_text() -> None:
    calendar = an_invitation(*WORKS)
    body = (
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\nKomt u?\n"
        f"--c\nContent-Type: text/html\n\n<p>Komt u?</p>\n--c\nContent-Type: text/calendar\n\n{calendar}\n--c--\n"
        f"--b\nContent-Type: application/ics; name=invite.ics\n\n{calendar}\n--b--\n"
    )

    assert read(a_mail(body, Content_Type="multipart/mixed; boundary=b")).message == f"Komt u?\n\n{SAID}"


@pytest.mark.parametrize(
    ("properties", "method", "said"),
    [
        (("SUMMARY:Markt", "DTSTART;VALUE=DATE:20250310", "DTEND;VALUE=DATE:20250312"), "", "Markt\n2025-03-10 – 2025-03-12"),
        (("SUMMARY:Markt", "DTSTART:20250310T100000Z"), "CANCEL", "Markt\n2025-03-10 10:00 (UTC)\ncancelled"),
        (
            ("SUMMARY:Werf", 'ATTENDEE;CN="Zoë: de bode";PARTSTAT=ACCEPTED:mailto:z@post.example'),
            "REPLY",
            "Werf\naccepted",
        ),
        (("SUMMARY:Markt", "DTSTART:morgen", "RRULE:FREQ=WEEKLY;BYDAY=MO"), "", "Markt\nFREQ=WEEKLY;BYDAY=MO"),
        ((), "", ""),
    ],
)
def test_an_event_is_told_as_it_was_sent(properties: tuple[str, ...], method: str, said: str) -> None:
    assert text_of_calendar(an_invitation(*properties, method=method).replace("\n", "\r\n").encode()) == said


PIECES = st.sampled_from([*an_invitation(*WORKS).splitlines(), ";", ":", '"', "DTSTART;TZID=:", "\\", " "])


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=20), max_size=30).map("\n".join))
def test_any_calendar_is_read(calendar: str) -> None:
    text_of_calendar(calendar.encode("utf-8", "replace")).encode("utf-8")
