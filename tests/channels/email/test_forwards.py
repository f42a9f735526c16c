"""A forward belongs to the citizen inside it."""

import pytest

from tests.channels.email.mails import a_mail, an_eml, read

FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Roos Peeters <roos@example.org>\nDate: ma 3 mrt\nSubject: Put\nTo: <x@y.be>",
    "---------- Doorgestuurd bericht ---------\nVan: Roos Peeters <Roos@Example.org>\nDatum: ma 3 mrt\nOnderwerp: Put",
    "Begin doorgestuurd bericht:\n\nVan: Roos Peeters <roos@example.org>\nOnderwerp: Put\nDatum: 3 maart",
    "-------- Forwarded Message --------\nSubject: Put\nDate: Mon\nFrom: Roos Peeters <roos@example.org>\nTo: x@y.be",
    "-------- Message transféré --------\nDe : Roos Peeters <roos@example.org>\nObjet : Trou",
    "Début du message réexpédié :\n\nDe: Roos Peeters <roos@example.org>\nObjet: Trou",
    "-------- Weitergeleitete Nachricht --------\nVon: Roos Peeters <roos@example.org>\nBetreff: Loch",
    "> Begin forwarded message:\n>\n> From: Roos Peeters <roos@example.org>\n> Subject: Put",
    "*Van:* Roos Peeters <roos@example.org>\n*Verzonden:* maandag\n*Onderwerp:* Put",
    "Van: Roos Peeters [mailto:roos@example.org]\nVerzonden: maandag 3 maart\nAan: Schepen\nOnderwerp: Put",
]


@pytest.mark.parametrize("forward", FORWARDS)
def test_the_citizen_inside_is_known_by_address_and_name(forward: str) -> None:
    contact = read(a_mail(f"Graag opvolgen.\n\n{forward}\n\nEr is een put.\n", Subject="FW: Put"))

    assert (contact.forwarded_from, contact.forwarded_name) == ("roos@example.org", "Roos Peeters")
    assert contact.sender == "an@post.example"


def test_the_citizen_in_a_mail_passed_on_as_a_file_is_known() -> None:
    contact = read(an_eml("forward_as_attachment"))

    assert (contact.forwarded_from, contact.forwarded_name) == ("b.janssens@post.example", "Burger Janssens")


@pytest.mark.parametrize("subject", ["Fwd: Put", "TR : Trou", "WG: Loch", "Doorst: Put", "FW:Put"])
def test_the_subject_tells_a_forward_without_any_mark(subject: str) -> None:
    contact = read(
        a_mail("Zie onder.\n\nVan: roos@example.org\nVerzonden: ma\nAan: x\nOnderwerp: Put\n\nEen put.", Subject=subject)
    )

    assert (contact.forwarded_from, contact.forwarded_name) == ("roos@example.org", "")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("RE: Uw vraag", "Dank u.\n\nVan: Onthaal <onthaal@lindervelde.example>\nVerzonden: ma\nAan: An\nOnderwerp: Uw vraag"),
        ("Fwd: Put", "Zie onder.\n\nVan: Roos Peeters\nVerzonden: ma\nOnderwerp: Put"),
        ("Fwd: Put", "Zie onder.\n\nVan: An <an@post.example>\nVerzonden: ma\nOnderwerp: Put"),
        ("Fwd: Put", "Zie bijlage."),
        ("Put", "Van: 3 tot 5 mei is de straat dicht."),
    ],
)
def test_nobody_is_inside_a_reply_or_where_no_address_is_given(subject: str, text: str) -> None:
    assert read(a_mail(text, Subject=subject)).forwarded_from == ""
