"""Header fields as senders really write them."""

import pytest

from channels.email.addresses import sender_of
from channels.email.headers import Headers, decoded, read_block
from channels.email.parameters import read_field
from tests.channels.email.mails import a_mail, read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"=?utf-8?Q?Caf=C3=A9_De_Linde?=", "Café De Linde"),
        (b"=?UTF-8?b?Q2Fmw6k=?= =?utf-8?B?IERl?=", "Café De"),
        (b"=?utf-8?B?Q2Fmw6k?=", "Café"),
        (b"=?utf-8?Q?Caf=C3?=\n =?utf-8?Q?=A9?=", "Café"),
        (b"=?utf-8*nl?Q?Caf=C3=A9?=", "Café"),
        (b"=?utf-8?Q? Caf=C3=A9 De Linde?=", "Café De Linde"),
        (b"Re:=?iso-8859-1?Q?Caf=E9?=(dicht)", "Re:Café(dicht)"),
        (b'"=?iso-8859-1?Q?Caf=E9?="', '"Café"'),
        (b"=?utf-8?Q?Is het open=3F?=", "Is het open?"),
        (b"=?onbekend?Q?Caf=E9?=", "Café"),
        (b"=?utf-8?Q?Afgebroken", "Afgebroken"),
        (b"Caf\xc3\xa9", "Café"),
        (b"Caf\xe9", "Café"),
        (b"a =?b c?= d", "a =?b c?= d"),
        (b"twee\r\n\tregels\x00", "twee regels"),
    ],
)
def test_text_in_headers_is_read_in_every_broken_form(written: bytes, meant: str) -> None:
    headers, _ = read_block(b"Subject: " + written + b"\n\n", 0, 9 + len(written) + 2)

    assert headers.text("subject") == meant


def test_a_charset_named_elsewhere_in_the_mail_reads_headers_that_name_none() -> None:
    assert decoded("ツール".encode("cp932"), ["iso-2022-jp"]) == "ツール"


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("An <An@Post.example>", "an@post.example", "An"),
        ('"Peeters, An" <an@post.example>', "an@post.example", "Peeters, An"),
        ("=?utf-8?Q?Peeters,_An?= <an@post.example>", "an@post.example", "Peeters, An"),
        ("an@post.example (An Peeters)", "an@post.example", "An Peeters"),
        ("an@post.example", "an@post.example", ""),
        ('"an@post.example" <an@post.example>', "an@post.example", ""),
        ("An Peeters an@post.example", "an@post.example", "An Peeters"),
        ('"Winkel" <>, "An" <an@post.example>', "an@post.example", "An"),
        ("An Peeters", "", "An Peeters"),
        ("MAILER-DAEMON (Mail Delivery System)", "mailer-daemon", "Mail Delivery System"),
        ("An O'Neill <an@post.example", "an@post.example", "An O'Neill"),
        ("An | Bakkerij <an@post.example>", "an@post.example", "An | Bakkerij"),
    ],
)
def test_the_sender_is_found_however_the_address_is_written(written: str, address: str, name: str) -> None:
    assert sender_of(Headers({"from": [written.encode()]})) == (address, name)


def test_a_mail_without_from_is_of_whom_it_names_otherwise() -> None:
    assert read(a_mail(From="", Sender="an@post.example")).sender == "an@post.example"
    assert read(a_mail(From="", Return_Path="<an@post.example>")).sender == "an@post.example"
    assert read(a_mail(From="Wij <>", Reply_To="an@post.example")).sender == "an@post.example"


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ('name="plan.pdf"', "plan.pdf"),
        ("name=plan van de tuin.pdf", "plan van de tuin.pdf"),
        ('name="=?utf-8?B?c2Now6ltYS5wZGY=?="', "schéma.pdf"),
        ("name*=utf-8''sch%C3%A9ma.pdf", "schéma.pdf"),
        ("name*=iso-8859-1'nl'sch%E9ma.pdf", "schéma.pdf"),
        ("name*0*=utf-8''sch%C3; name*1*=%A9ma; name*2=.pdf", "schéma.pdf"),
        ("name*1=b.pdf; name*0=a", "ab.pdf"),
        ('name="een \\"plan\\".pdf"', 'een "plan".pdf'),
        ('name="open', "open"),
        ("name*=utf-8''%", "%"),
    ],
)
def test_names_of_files_are_read_in_every_form(parameters: str, name: str) -> None:
    assert read_field(f"application/pdf; {parameters}".encode()).parameters["name"] == name


def test_a_forgotten_semicolon_costs_no_parameter() -> None:
    field = read_field(b"Text/HTML charset=utf-8; format=flowed")

    assert (field.value, field.parameters) == ("text/html", {"charset": "utf-8", "format": "flowed"})


def test_a_name_cannot_lead_out_of_a_folder() -> None:
    raw = a_mail("x", Content_Type="application/pdf; name=../../etc/passwd", Content_Disposition="attachment")

    assert "/" not in read(raw).attachments[0].name


def test_a_field_folded_without_indent_is_still_one_field() -> None:
    raw = b"Subject: een lange\nregel\nFrom: an@post.example\n\nDag"

    assert (read(raw).subject, read(raw).sender, read(raw).message) == ("een lange regel", "an@post.example", "Dag")


def test_a_line_that_is_no_field_begins_the_body() -> None:
    assert read(b"Subject: dag\nDit is al de tekst.\nEn dit ook.").message == "Dit is al de tekst.\nEn dit ook."


def test_the_envelope_line_of_a_mailbox_file_is_no_field() -> None:
    assert read(b"From an@post.example Mon Mar  3 10:00:00 2025\n" + a_mail()).message_id == "1@post.example"


@pytest.mark.parametrize(
    ("field", "address", "name"),
    [
        ("Peeters, An <an@post.example>", "an@post.example", "Peeters, An"),
        ("R&amp;D <an@post.example>", "an@post.example", "R&amp;D"),
        ("Buurt: an@post.example, jo@post.example;", "an@post.example", ""),
        ("An [mailto:an@post.example]", "an@post.example", "An"),
        ("An <<an@post.example>>", "an@post.example", "An"),
        ("'An Peeters' <an@post.example>", "an@post.example", "An Peeters"),
        ("An O'Brien <an@post.example>", "an@post.example", "An O'Brien"),
        ("An <an@post.example>, Jo <jo@post.example>", "an@post.example", "An"),
    ],
)
def test_a_sender_is_known_however_the_field_is_written(field: str, address: str, name: str) -> None:
    contact = read(a_mail(From=field))

    assert (contact.sender, contact.sender_name) == (address, name)


def test_base64_joined_from_pieces_in_one_encoded_word_is_read_whole() -> None:
    assert read(a_mail(Subject="=?utf-8?B?w6k=w6k=?=")).subject == "éé"
