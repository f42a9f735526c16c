"""What a mail becomes: the promises of reading as a whole."""

import pytest

from channels.email.reading import UnreadableMail, read_mail
from tests.channels.email.mails import RECEIVED, a_mail, an_eml, read


def test_an_answer_from_outlook_becomes_a_contact() -> None:
    contact = read(an_eml("answer_outlook_nl"))

    assert contact.channel == "email"
    assert contact.received == RECEIVED
    assert contact.subject == "RE: Uw aanvraag 26-004512-K (café De Linde)"
    assert (contact.sender, contact.sender_name) == ("an.peeters@post.example", "Peeters, An")
    assert contact.recipients == ("onthaal@lindervelde.example", "jose@post.example")
    assert contact.language == "nl"
    assert contact.automatic == ""
    assert contact.message_id == "AM0PR01MB42@post.example"
    assert contact.answers == ("t-17.3@lindervelde.example", "t-17.1@lindervelde.example", "start@post.example")
    assert contact.raw == an_eml("answer_outlook_nl")
    assert contact.raw_type == "message/rfc822"


def test_only_the_new_words_of_an_answer_are_its_message() -> None:
    contact = read(an_eml("answer_outlook_nl"))

    assert contact.message.startswith("Goeiemorgen")
    assert contact.message.endswith("An Peeters")
    assert "GSM 0470" in contact.quoted
    assert "dienst vergunningen" in contact.quoted


def test_the_plain_version_is_read_where_it_says_all() -> None:
    contact = read(an_eml("answer_gmail_fr"))

    assert contact.message == "Bonjour,\n\nmerci, j’ai bien reçu la poubelle brune."
    assert "Envoyé de mon iPhone" in contact.quoted
    assert "Votre poubelle sera livrée demain." in contact.quoted
    assert contact.language == "fr"


def test_the_html_version_is_read_where_the_plain_one_is_a_stub() -> None:
    body = (
        "--b\nContent-Type: text/plain\n\nUw programma toont geen HTML.\n"
        "--b\nContent-Type: text/html\n\n<p>De lamp in de Dorpsstraat is stuk.</p>\n--b--\n"
    )

    assert read(a_mail(body, Content_Type="multipart/alternative; boundary=b")).message == (
        "De lamp in de Dorpsstraat is stuk."
    )


def test_a_photo_within_the_text_keeps_its_bytes_its_name_and_its_place() -> None:
    contact = read(an_eml("report_with_photo"))
    photo, scheme = contact.attachments

    assert contact.message == "Dag,\n\ner is een diep gat in de Kerkstraat:"
    assert contact.sender_name == "Zïa De Bóe"
    assert "gedeeld@lindervelde.example" in contact.recipients
    assert (photo.name, photo.content_type, photo.content_id, photo.inline) == (
        "Gat in de weg.png",
        "image/png",
        "foto1",
        True,
    )
    assert photo.content == b"\x89PNG\r\n\x1a\n"
    assert (scheme.name, scheme.content, scheme.inline) == ("Schéma.pdf", b"%PDF-1.4\n", False)


def test_a_forwarded_mail_and_an_invitation_come_along_as_files() -> None:
    contact = read(an_eml("forward_as_attachment"))
    forwarded, invitation = contact.attachments

    assert contact.message == "Graag opvolgen."
    assert forwarded.name == "Zwerfvuil aan de vijver.eml"
    assert read(forwarded.content).sender == "b.janssens@post.example"
    assert (invitation.name, invitation.content_type) == ("invitation.ics", "text/calendar")


def test_headers_and_boundaries_broken_by_the_sender_are_still_read() -> None:
    contact = read(an_eml("broken_headers"))

    assert (contact.sender, contact.sender_name) == ("rene@post.example", "René Lefèvre")
    assert contact.subject == "Déchets verts et élagage"
    assert contact.message == "Bonjour"
    assert [(file.name, file.content) for file in contact.attachments] == [("liste.csv", b"a;b")]


def test_a_file_wrapped_into_the_text_by_uuencode_becomes_an_attachment() -> None:
    contact = read(a_mail("Zie bijlage:\n\nbegin 644 notitie.txt\n#0V%T\n`\nend\n\nGroeten"))

    assert [(file.name, file.content) for file in contact.attachments] == [("notitie.txt", b"Cat")]
    assert contact.message == "Zie bijlage:\n\n[notitie.txt]\n\nGroeten"


def test_a_text_of_many_megabytes_is_shown_at_its_start_and_kept_whole_as_a_file() -> None:
    body = "Dit is een heel lang logboek.\n" * 200_000
    contact = read(a_mail(body))

    assert contact.message.startswith("Dit is een heel lang logboek.")
    assert len(contact.message) + len(contact.quoted) < len(body)
    assert [(file.name, file.content) for file in contact.attachments] == [("document.txt", body.encode())]


def test_text_outside_any_part_is_not_lost() -> None:
    contact = read(a_mail("Dit staat buiten elk deel.", Content_Type='multipart/mixed; boundary="nergens"'))

    assert contact.message == "Dit staat buiten elk deel."


def test_headers_that_rules_and_readers_need_are_kept_decoded() -> None:
    raw = a_mail(Reply_To="=?utf-8?Q?J=C3=A9r=C3=B4me?= <j@post.example>", Importance="High", X_Mailer="Webpost 3")

    assert dict(read(raw).headers) == {"reply-to": "Jérôme <j@post.example>", "importance": "High"}


def test_a_mail_without_sender_subject_or_body_is_still_a_contact() -> None:
    contact = read(b"Received: by mx.post.example\n\n")

    assert (contact.sender, contact.subject, contact.message, contact.attachments) == ("", "", "", ())


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the mail is empty"),
        (b" \r\n\r\n", "the mail is empty"),
        (b"\x00\xff\xfe no header here\n", "the mail begins with no header field"),
    ],
)
def test_what_is_no_mail_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableMail) as refused:
        read(raw)

    assert refused.value.reason == reason


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_kind_of_bytes_is_read_alike(kind: type[bytearray] | type[memoryview]) -> None:
    assert read_mail(kind(a_mail()), RECEIVED) == read(a_mail())


def test_the_one_who_reads_may_bring_another_way_to_tell_languages() -> None:
    assert read_mail(a_mail(), RECEIVED, language_of=lambda text: "de").language == "de"


def test_html_that_alone_names_its_charset_is_read_in_it() -> None:
    html = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"></head><p>żółw</p></html>'

    assert read(a_mail(html.encode("iso-8859-2"), Content_Type="text/html")).message == "żółw"


def test_text_beyond_a_picture_embedded_in_html_is_read() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo\r\n" * 400_000

    contact = read(a_mail(f'<p>Hier:</p><img src="{picture}"><p>Wanneer?</p>', Content_Type="text/html"))

    assert contact.message == "Hier:\n\nWanneer?"
    assert contact.attachments == ()
