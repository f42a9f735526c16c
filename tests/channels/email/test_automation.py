"""How far a machine wrote a mail, in degrees."""

import pytest

from tests.channels.email.mails import a_mail, an_eml, read


@pytest.mark.parametrize(
    ("name", "degree"),
    [
        ("away_nl", "out-of-office"),
        ("away_fr", "out-of-office"),
        ("received_nl", "auto-reply"),
        ("bounce_nl", "bounce"),
        ("bounce_fr_plain", "bounce"),
        ("delay_nl", "delay"),
        ("answer_outlook_nl", ""),
        ("report_with_photo", ""),
    ],
)
def test_each_degree_of_automation_is_told_apart(name: str, degree: str) -> None:
    assert read(an_eml(name)).automatic == degree


@pytest.mark.parametrize(("action", "degree"), [("failed", "bounce"), ("delayed", "delay"), ("relayed", "auto-reply")])
def test_a_delivery_report_means_what_its_action_says(action: str, degree: str) -> None:
    raw = an_eml("bounce_nl").replace(b"Action: failed", f"Action: {action}".encode())

    assert read(raw).automatic == degree


def test_a_bounce_answers_the_mail_it_gives_back() -> None:
    assert read(an_eml("bounce_nl")).answers == ("t-19.2@lindervelde.example",)


def test_a_citizens_mail_that_a_server_passed_on_and_stamped_is_still_human() -> None:
    assert read(a_mail("Er ligt een put in de weg.", Auto_Submitted="auto-generated")).automatic == ""


def test_a_citizen_who_writes_of_an_absence_is_no_machine() -> None:
    assert read(a_mail("Ik was afwezig toen het pakje kwam.", Subject="Afwezig bij levering")).automatic == ""


def test_a_citizen_who_asks_about_a_failed_delivery_is_no_bounce() -> None:
    assert read(a_mail("Uw brief kon niet worden bezorgd.", Subject="Niet bezorgd")).automatic == ""


def test_mail_of_a_list_is_told_by_its_list_headers() -> None:
    assert read(a_mail(List_Id="<nieuws.lindervelde.example>")).automatic == "list"
    assert read(a_mail(Precedence="bulk")).automatic == "list"


def test_a_read_receipt_is_an_auto_reply() -> None:
    raw = a_mail(
        "--b\nContent-Type: text/plain\n\nGelezen\n--b--\n",
        Content_Type="multipart/report; report-type=disposition-notification; boundary=b",
    )

    assert read(raw).automatic == "auto-reply"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Afwezig Re: [26-000001-D] Uw vraag", "Beste,\nik ben tot en met 14 augustus afwezig. Mvg"),
        ("Niet aanwezig", "Ik ben momenteel met vakantie en lees mijn mails niet."),
        ("Absent du bureau", "Bonjour, je suis absente jusqu'au 3 mai."),
        ("Re: En congé", "Je suis actuellement en vacances."),
        ("Abwesend: Ihre Frage", "Ich bin bis Montag nicht im Büro."),
        ("Out of the office", "I am currently on leave until Monday."),
    ],
)
def test_an_absence_without_any_header_of_a_machine_is_told_by_its_words(subject: str, text: str) -> None:
    assert read(a_mail(text, Subject=subject, In_Reply_To="<1@lindervelde.example>")).automatic == "out-of-office"


def test_a_citizen_who_will_be_away_and_asks_or_begins_to_write_is_no_machine() -> None:
    absence = {"Subject": "Afwezig van 3 tot 5 mei"}

    assert read(a_mail("Ik ben afwezig van 3 tot 5 mei.", **absence)).automatic == ""
    assert read(a_mail("Ik ben dan afwezig. Kan het later?", In_Reply_To="<1@x>", **absence)).automatic == ""
