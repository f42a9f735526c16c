"""New, quoted and signature: folded, never deleted."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.html_text import text_of_html
from channels.email.quoting import divided

INTRODUCTIONS = [
    "Op ma 3 mrt 2025 om 10:12 schreef Onthaal <onthaal@lindervelde.example>:",
    "Op 3 mrt 2025, om 10:12 heeft Onthaal <onthaal@lindervelde.example> het volgende geschreven:",
    "Op 3/03/2025 om 10:12 schreef Onthaal Lindervelde:",
    "Op maandag 3 maart 2025 10:12:33 CET schreef Onthaal <onthaal@lindervelde.example>:",
    "Le lun. 3 mars 2025 à 10:12, Accueil <onthaal@lindervelde.example> a écrit :",
    "Le 03/03/2025 à 10:12, Accueil a écrit :",
    "On Mon, Mar 3, 2025 at 10:12 AM Desk <onthaal@lindervelde.example> wrote:",
    "On Mon, Mar 3, 2025 at 10:12 AM Desk of the town of Lindervelde <\nonthaal@lindervelde.example> wrote:",
    "Am 03.03.25 um 10:12 schrieb Empfang:",
    "Am Mo., 3. März 2025 um 10:12 Uhr schrieb Empfang <onthaal@lindervelde.example>:",
    "Empfang <onthaal@lindervelde.example> schrieb am Mo., 3. März 2025,\n10:12:",
]
HEADERS = [
    "Van: Onthaal\nVerzonden: maandag 3 maart 2025 10:12\nAan: Jan\nOnderwerp: Uw vraag",
    "Van: Onthaal <onthaal@lindervelde.example>\nDatum: maandag 3 maart 2025\nAan: Jan\nOnderwerp: Uw vraag",
    "*Van:* Onthaal\n*Verzonden:* maandag\n*Aan:* Jan\n*Onderwerp:* Uw vraag",
    "De : Accueil\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Jean\nObjet : Votre demande",
    "Von: Empfang\nGesendet: Montag, 3. März 2025 10:12\nAn: Hans\nBetreff: Ihre Frage",
    "From: Desk\nSent: Monday, March 3, 2025 10:12\nTo: Jan\nSubject: Your question",
    "-----Oorspronkelijk bericht-----\nVan: Onthaal",
    "-----Message d'origine-----\nDe : Accueil",
    "----- Mail original -----\nDe: Accueil",
    "----- Message transmis -----\nDe : Accueil\nÀ : Jean\nEnvoyé : lundi 3 mars 2025\nObjet : Votre demande",
    "-----Ursprüngliche Nachricht-----\nVon: Empfang",
    "---------- Forwarded message ---------\nFrom: Desk",
    "Begin doorgestuurd bericht:\n\nVan: Onthaal",
]
PROGRAM_SIGNATURES = [
    "Verzonden vanaf mijn iPhone",
    "Verstuurd vanaf mijn Galaxy",
    "Verzonden met Proximus Webmail",
    "Outlook voor Android downloaden",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon téléphone Orange",
    "Télécharger Outlook pour iOS",
    "Von meinem iPhone gesendet",
    "Gesendet mit der Telekom Mail App",
    "Sent from my iPad",
    "Get Outlook for Android",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_introduced_quote_is_folded(introduction: str) -> None:
    assert divided(f"Dank u.\n\n{introduction}\n\n> Beste,\n> het is klaar.\n") == (
        "Dank u.",
        f"{introduction}\n\n> Beste,\n> het is klaar.",
    )


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_a_quote_without_marks_is_folded_to_its_end(introduction: str) -> None:
    message, quoted = divided(f"Dank u.\n\n{introduction}\n\nBeste,\nhet is klaar.\n")

    assert message == "Dank u."
    assert quoted.endswith("het is klaar.")


@pytest.mark.parametrize("headers", HEADERS)
def test_an_earlier_mail_under_its_headers_is_folded(headers: str) -> None:
    message, quoted = divided(f"Dank u.\n\n{headers}\n\nBeste,\nde dienst vergunningen antwoordt.\n")

    assert message == "Dank u."
    assert quoted.startswith(headers)


@pytest.mark.parametrize("signature", PROGRAM_SIGNATURES)
def test_what_a_program_adds_is_folded(signature: str) -> None:
    assert divided(f"Graag een afspraak.\n\n{signature}\n") == ("Graag een afspraak.", signature)


@pytest.mark.parametrize(
    "line",
    [
        "Dit bericht en zijn bijlagen zijn vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
        "De informatie in deze mail is uitsluitend bestemd voor de geadresseerde.",
        "Ce message et ses annexes sont confidentiels.",
        "Avis de confidentialité : ce message est privé.",
        "This e-mail and any attachments are confidential.",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "Pensez à l’environnement avant d’imprimer.",
        "Virusvrij.www.virus.example",
    ],
)
def test_a_disclaimer_is_folded(line: str) -> None:
    assert divided(f"Graag een afspraak.\n\nZoë\n\n{line}\n") == ("Graag een afspraak.\n\nZoë", line)


def test_a_citizen_who_answers_below_a_quote_of_their_own_words_keeps_the_new_ones() -> None:
    message, quoted = divided("Op 3 mrt 2025 10:12 schreef u:\n> Welke straat?\n\nKerkstraat.\n")

    assert (message, quoted) == ("Kerkstraat.", "Op 3 mrt 2025 10:12 schreef u:\n> Welke straat?")


def test_what_is_folded_between_two_paragraphs_leaves_one_blank_line() -> None:
    text = "Dag,\n\nOp 3 mrt 2025 10:12 schreef Onthaal:\n> Welke straat?\n\nKerkstraat.\n\n> Welk nummer?\n\nVier.\n"

    assert divided(text)[0] == "Dag,\n\nKerkstraat.\n\nVier."


def test_answers_between_and_below_quotes_are_new() -> None:
    text = "Op 3 mrt 2025 10:12 schreef Onthaal:\n> Welke straat?\nKerkstraat.\n> Welk nummer?\nNummer 4.\n"

    assert divided(text)[0] == "Kerkstraat.\nNummer 4."


def test_a_signature_under_its_mark_is_folded() -> None:
    assert divided("Graag een afspraak.\n\n-- \nJan Peeters\nDienst Groen\n") == (
        "Graag een afspraak.",
        "--\nJan Peeters\nDienst Groen",
    )


@pytest.mark.parametrize(
    "closing",
    ["Met vriendelijke groeten,", "Mvg", "Cordialement,", "Bien à vous", "Mit freundlichen Grüßen", "Regards"],
)
def test_contact_details_under_a_closing_are_folded_but_not_the_name(closing: str) -> None:
    message, quoted = divided(f"Graag een afspraak.\n\n{closing}\n\nJan Peeters\nDienst Groen\nTel. 050 00 00 00\n")

    assert message == f"Graag een afspraak.\n\n{closing}\n\nJan Peeters"
    assert quoted == "Dienst Groen\nTel. 050 00 00 00"


def test_a_postscript_under_the_signature_is_new() -> None:
    message, _ = divided("Dag\n\nMvg\nJan\nTel. 050 00 00 00\nPS: de hond bijt niet.\n")

    assert message.endswith("PS: de hond bijt niet.")


@pytest.mark.parametrize(
    "text",
    [
        "Van: 3 mei tot 5 mei is de straat afgesloten.\nWie betaalt dat?",
        "Mijn gegevens:\nNaam: Jan\nDatum: 3 mei\nAdres: Kerkstraat 4",
        "Ik heb dit\nverzonden van het postkantoor op 3 mei.",
        "Nieuw bericht via de website:\n\nVan: Jan\nDatum: 3 mei\nOnderwerp: Put\nBericht: er is een put.",
        "De buren schreven: het is te luid.\nWat nu?",
        "Dag,\n\nop 3 maart 2025 schreef ik u:\n\ner kwam geen antwoord.",
        "Bonjour,\n\nLe 3 mars 2025 à 10:12 votre service m'a écrit :\nrevenez plus tard.\nC'est inadmissible.",
        "De rit:\nVan: Gent\nAan: Brugge\nDatum: 3 maart\n\nKan dat?",
        "> Alleen een citaat.",
        "Eerst dit.\n---\nDan dat.",
    ],
)
def test_what_only_looks_like_a_quote_is_new(text: str) -> None:
    assert divided(text) == (text, "")


LINES = st.sampled_from(
    [
        *INTRODUCTIONS,
        *HEADERS,
        *PROGRAM_SIGNATURES,
        "> citaat",
        ">> ouder",
        "-- ",
        "",
        "tekst",
        "Mvg",
        "Tel. 050 00 00 00",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES | st.text(max_size=80), max_size=40))
def test_no_word_is_ever_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    message, quoted = divided(text)

    assert Counter(re.findall(r"\w+", text)) == Counter(re.findall(r"\w+", f"{message}\n{quoted}"))


@pytest.mark.parametrize(
    "html",
    [
        "<div>Dank u.</div><div><br></div><div class=gmail_quote>Op ma 3 mrt 2025 om 10:12 schreef Onthaal "
        "&lt;<a href='mailto:o@l.example'>o@l.example</a>&gt;:<br></div><blockquote><p>Het is klaar.</p></blockquote>",
        "<p class=MsoNormal>Dank u.<o:p></o:p></p><div style='border-top:solid'><p><b>Van:</b> Onthaal<br><b>Verzonden:</b> "
        "maandag 3 maart 2025<br><b>Aan:</b> Jan<br><b>Onderwerp:</b> Vraag</p></div><p>Het is klaar.</p>",
        "<div>Dank u.</div><br><div id=ymail>Verzonden vanaf mijn iPhone</div><br><div><hr><p>Le lun. 3 mars 2025 à 10:12, "
        "Accueil<br>&lt;o@l.example&gt; a écrit&nbsp;:</p>Het is klaar.</div>",
        "Dank u.<br><br><div><b>Von:</b> Empfang<p></p><b>Gesendet:</b> Montag<p></p><b>An:</b> Jan<p></p>Het is klaar.</div>",
    ],
)
def test_quotes_in_html_are_folded_as_in_plain_text(html: str) -> None:
    message, quoted = divided(text_of_html(html))

    assert message == "Dank u."
    assert quoted.endswith("Het is klaar.")


def test_no_word_is_lost_beyond_the_lines_that_are_judged() -> None:
    text = "\n".join(f"regel {number}" for number in range(25_000))
    message, quoted = divided(text)

    assert Counter(f"{message}\n{quoted}".split()) == Counter(text.split())
