"""What names a mail: once taken it is known again, and nothing else is mistaken for it."""

from tests.channels.email.mails import a_mail, read


def test_the_same_mail_in_two_mailboxes_has_one_id() -> None:
    one = read(b"Received: from a.example\nDelivered-To: een@lindervelde.example\n" + a_mail("Dag\nJan\n"))
    other = read(b"Received: from b.example\nDelivered-To: twee@lindervelde.example\n" + a_mail("Dag\r\nJan\r\n\r\n"))

    assert one.external_id == other.external_id
    assert one.external_id.startswith("1@post.example#")


def test_a_repeated_message_id_with_other_content_is_another_mail() -> None:
    assert read(a_mail("eerste")).external_id != read(a_mail("tweede")).external_id


def test_mails_without_message_id_differ_by_sender_date_subject_and_text() -> None:
    plain = read(a_mail(Message_ID=""))

    assert plain.message_id == ""
    assert plain.external_id == read(a_mail(Message_ID="")).external_id
    assert plain.external_id != read(a_mail(Message_ID="", Date="Mon, 3 Mar 2025 10:00:00 +0100")).external_id
    assert plain.external_id != read(a_mail(Message_ID="", Subject="Andere vraag")).external_id


def test_ids_fit_the_database_however_long_the_sender_made_them() -> None:
    one, other = (read(a_mail(Message_ID=f"<{'x' * 600}{end}@post.example>")) for end in ("", "b"))

    assert max(len(one.external_id), len(one.message_id)) <= 255
    assert one.external_id == read(one.raw).external_id
    assert other.message_id.startswith("xxx")


def test_ids_are_read_with_and_without_angle_brackets() -> None:
    assert read(a_mail(Message_ID="20200123.05D7@post.example")).message_id == "20200123.05D7@post.example"
    assert read(a_mail(Message_ID="\n <gevouwen@post.example>")).message_id == "gevouwen@post.example"


def test_the_nearest_answered_mails_come_first_and_are_bounded() -> None:
    contact = read(a_mail(References=" ".join(f"<{n}@hub.example>" for n in range(80)), In_Reply_To="<79@hub.example>"))

    assert contact.answers[:3] == ("79@hub.example", "78@hub.example", "77@hub.example")
    assert len(contact.answers) == 50


def test_words_in_an_old_in_reply_to_are_no_ids() -> None:
    contact = read(a_mail(In_Reply_To='Your message of "Mon, 3 Mar" <5@hub.example>'))

    assert contact.answers == ("5@hub.example",)
