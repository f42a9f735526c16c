"""Mail leaves in a form that threads at the citizen's side, and a refusal says whether to try again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from channels.email.sending import BadMailServerUrl, MailServer, Refused, ServerAway, compose
from contact_hub.contact import Attachment
from tests.servers import SmtpSink

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def written(**given: Any) -> EmailMessage:
    mail: dict[str, Any] = {
        "sender": "Gemeente Lindervelde <onthaal@lindervelde.example>",
        "recipient": "roos@example.org",
        "subject": "Uw vraag",
        "text": "Dat kan. Tot morgen.\n",
        "message_id": "26-000001-K.abc@lindervelde.example",
        "answers": [],
        "kind": "answer",
        "at": AT,
    }
    return compose(**mail | given)


def read(mail: EmailMessage) -> EmailMessage:
    """The mail as the other side reads it."""
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def plain(mail: EmailMessage) -> str:
    """Its plain part."""
    return part_of(mail, "plain")


def part_of(mail: EmailMessage, kind: str) -> str:
    part = read(mail).get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
def server(smtp: SmtpSink) -> Iterator[MailServer]:
    with MailServer(smtp.url) as server:
        yield server


def test_an_answer_threads_under_what_it_answers() -> None:
    mail = read(written(answers=["third@example.org", "second@example.org", "first@example.org"]))
    assert mail["Message-ID"] == "<26-000001-K.abc@lindervelde.example>"
    assert mail["In-Reply-To"] == "<third@example.org>"
    assert mail["References"] == "<first@example.org> <second@example.org> <third@example.org>"
    assert mail["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"


def test_long_message_ids_stay_whole() -> None:
    long = f"{'x' * 200}@{'y' * 40}.example"
    mail = written(answers=[long, "short@example.org"])
    assert f"In-Reply-To: <{long}>".encode() in mail.as_bytes()


def test_the_references_of_an_endless_thread_stay_bounded() -> None:
    mail = read(written(answers=[f"{'m' * 40}-{number}@example.org" for number in range(50)]))
    references = mail["References"].split()
    assert len(references) == 12
    assert references[0].endswith("-49@example.org>")
    assert references[-1].endswith("-0@example.org>")


def test_ids_that_could_not_stand_in_a_header_are_left_out() -> None:
    mail = read(written(answers=["caf\u00e9@example.org", "a\r\nBcc: x@example.org", "good@example.org"]))
    assert mail["In-Reply-To"] == "<good@example.org>"
    assert mail["Bcc"] is None


@pytest.mark.parametrize(("kind", "automatic"), [("receipt", "auto-replied"), ("answer", None), ("reminder", "auto-generated")])
def test_machines_are_told_when_a_machine_wrote_it(kind: str, automatic: str | None) -> None:
    assert read(written(kind=kind))["Auto-Submitted"] == automatic


def test_every_letter_arrives_and_the_mail_is_seven_bit() -> None:
    text = "Beste Zo\u00eb, \u20ac 12,50 \U0001f600\n" + "lang " * 400 + "\n"
    mail = written(text=text, subject="Betr.: caf\u00e9\r\nBcc: x@example.org")
    assert mail.as_bytes().isascii()
    assert plain(mail) == text
    assert read(mail)["Subject"] == "Betr.: caf\u00e9 Bcc: x@example.org"
    assert read(mail)["Bcc"] is None


def test_it_can_be_read_as_a_page_too() -> None:
    text = "Beste <Roos> & co,\n\nZie https://a.example/a?b=1&c=2 (of www.a.example/x).\nMail zoe@a.example."
    page = part_of(written(text=text, language="nl"), "html")
    assert '<html lang="nl">' in page
    assert "<p>Beste &lt;Roos&gt; &amp; co,</p>" in page
    assert '<a href="https://a.example/a?b=1&amp;c=2">https://a.example/a?b=1&amp;c=2</a> (of' in page
    assert '<a href="https://www.a.example/x">www.a.example/x</a>).<br>' in page
    assert '<a href="mailto:zoe@a.example">zoe@a.example</a>.</p>' in page


def test_nothing_in_a_text_becomes_part_of_the_page() -> None:
    page = part_of(written(text='x" onload="y https://a.example/"><script>alert(1)</script> javascript:alert(2)'), "html")
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert '" onload="' not in page


def test_what_is_answered_stands_folded_below() -> None:
    mail = written(quoted="Op 23 november 2026 om 10:00 schreef Roos Peeters:\n> Mag ik <iets> vragen?\n>\n> > Eerder")
    assert plain(mail).startswith("Dat kan. Tot morgen.\n\n\nOp 23 november")
    assert "> Mag ik <iets> vragen?" in plain(mail)
    below = part_of(mail, "html").partition("gmail_quote")[2]
    assert "schreef Roos Peeters:</div>" in below
    assert "<p>Mag ik &lt;iets&gt; vragen?</p>\n<p>&gt; Eerder</p>" in below


def test_it_says_its_language_and_where_to_answer() -> None:
    mail = read(written(language="fr", reply_to="accueil@lindervelde.example"))
    assert (mail["Content-Language"], mail["Reply-To"]) == ("fr", "accueil@lindervelde.example")
    assert read(written())["Reply-To"] is None


def test_an_answer_has_the_sender_in_its_envelope_and_a_receipt_has_none(server: MailServer, smtp: SmtpSink) -> None:
    server.send(written())
    server.send(written(kind="receipt"))
    assert [each.sender for each in smtp.received] == ["onthaal@lindervelde.example", "<>"]


def test_a_server_that_carries_no_mail_without_a_sender_gets_one(server: MailServer, smtp: SmtpSink) -> None:
    smtp.refuse_without_sender()
    server.send(written(kind="receipt"))
    assert [each.sender for each in smtp.received] == ["onthaal@lindervelde.example"]


def test_attachments_keep_their_names_and_bytes() -> None:
    odd = bytes(range(256))
    files = [
        Attachment("plan voor de straat.pdf", "application/pdf", odd),
        Attachment("caf\u00e9.eml", "message/rfc822", b"From: x\r\n\r\nhello"),
        Attachment("b\u00e9slissing \u201econcept\u201d " + "lang " * 30 + ".pdf", "application/pdf", b"x"),
    ]
    found = list(read(written(attachments=files)).iter_attachments())
    assert [each.get_filename() for each in found] == [file.name for file in files]
    assert [each.get_payload(decode=True) for each in found] == [file.content for file in files]


@pytest.mark.parametrize("recipient", ["", "nobody <>", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org"])
def test_an_address_that_is_none_is_refused_for_good(recipient: str) -> None:
    with pytest.raises(Refused) as refused:
        written(recipient=recipient)
    assert refused.value.for_good


def test_many_mails_go_over_one_connection(server: MailServer, smtp: SmtpSink) -> None:
    for number in range(3):
        server.send(written(subject=f"mail {number}"))
    assert [each.message["Subject"] for each in smtp.received] == ["mail 0", "mail 1", "mail 2"]
    assert smtp.received[0].sender == "onthaal@lindervelde.example"
    assert smtp.received[0].recipients == ("roos@example.org",)


@pytest.mark.parametrize(("code", "for_good"), [(450, False), (550, True)])
def test_the_server_says_whether_to_try_again(server: MailServer, smtp: SmtpSink, code: int, for_good: bool) -> None:
    smtp.refuse(code, "not now")
    with pytest.raises(Refused) as refused:
        server.send(written())
    assert refused.value.for_good is for_good
    assert refused.value.reason == f"{code} not now"
    smtp.accept()
    server.send(written())
    assert len(smtp.received) == 1


def test_a_server_that_is_away_is_not_the_fault_of_the_mail(server: MailServer, smtp: SmtpSink) -> None:
    server.send(written())
    smtp.stop()
    with pytest.raises(ServerAway):
        server.send(written())
    with pytest.raises(ServerAway):
        server.send(written())
    smtp.start()
    server.send(written())
    assert len(smtp.received) == 2


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://loket:ge:heim@mail.example:many"])
def test_a_server_address_that_cannot_be_used_says_so_without_its_password(url: str) -> None:
    with pytest.raises(BadMailServerUrl) as refused:
        MailServer(url)
    assert "heim" not in str(refused.value)
