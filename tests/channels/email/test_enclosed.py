"""Mails within mails can be read, and stay files with their bytes."""

from tests.channels.email.mails import a_mail, an_eml, read

CITIZEN = "From: Jan Janssens <jan@post.example>\nDate: Mon, 3 Mar 2025 10:12:00 +0100\nTo: schepen@lindervelde.example\n"
INSIDE = f"{CITIZEN}Subject: Zwerfvuil\nContent-Type: text/plain; charset=utf-8\n\nEr ligt zwerfvuil aan de vijver.\n"


def a_forward(text: str, *, kind: str = "message/rfc822", inside: str = INSIDE) -> bytes:
    body = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\nContent-Type: {kind}\n\n{inside}--b--\n"
    return a_mail(body, Content_Type="multipart/mixed; boundary=b")


def test_a_mail_passed_on_as_a_file_is_read_below_what_was_written() -> None:
    contact = read(a_forward("Graag opvolgen."))

    assert contact.message == "Graag opvolgen."
    assert contact.quoted == f"{CITIZEN}Subject: Zwerfvuil\n\nEr ligt zwerfvuil aan de vijver."
    assert [file.content for file in contact.attachments] == [INSIDE.rstrip("\n").encode()]


def test_a_mail_passed_on_without_a_word_is_itself_what_there_is_to_read() -> None:
    contact = read(a_forward(""))

    assert contact.message.endswith("Er ligt zwerfvuil aan de vijver.")
    assert contact.quoted == ""


def test_a_mail_within_a_mail_within_a_mail_is_read_too() -> None:
    once = a_forward("Zie onder.").decode().replace("boundary=b", "boundary=c").replace("--b", "--c")

    assert "zwerfvuil aan de vijver" in read(a_forward("Ter info.", inside=once)).quoted


def test_a_delivery_report_shows_its_own_words_and_folds_the_mail_it_returns() -> None:
    contact = read(an_eml("bounce_nl"))

    assert contact.automatic == "bounce"
    assert contact.message == "Uw bericht kon niet worden bezorgd: het adres bestaat niet."
    assert "Subject: Uw aanvraag" in contact.quoted
    assert contact.quoted.endswith("uw attest is klaar.")


def test_a_report_that_returns_only_headers_names_the_mail() -> None:
    contact = read(a_forward("Niet bezorgd.", kind="text/rfc822-headers", inside=f"{CITIZEN}Subject: Zwerfvuil\n\n"))

    assert contact.message == "Niet bezorgd."
    assert contact.quoted == f"{CITIZEN}Subject: Zwerfvuil"
