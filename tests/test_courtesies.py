"""A thank-you is told from news, and what may be news is never taken for a thank-you."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact_hub.contact import Attachment
from contact_hub.courtesies import is_only_thanks, says_only_thanks
from tests.builders import a_contact


@pytest.mark.parametrize(
    "text",
    [
        "Dank u wel!",
        "Bedankt",
        "Hartelijk dank voor uw snelle antwoord.\n\nMet vriendelijke groeten,\nRoos Peeters",
        "Beste Anna,\n\nSuper, bedankt voor de hulp!\n\nGroetjes\nJan",
        "Dank u.\nRoos",
        "Merci beaucoup !",
        "Bonjour Madame,\n\nMerci pour votre réponse rapide.\n\nCordialement,\nLuc Dubois",
        "Un grand merci",
        "Je vous remercie pour votre aide.",
        "Thanks a lot for your help!",
        "Thank you very much.\n\nKind regards,\nJohn O'Brien",
        "Great, thanks :-)",
        "Vielen Dank für Ihre schnelle Antwort!\n\nMit freundlichen Grüßen\nHans Müller",
        "Super, danke!",
    ],
)
def test_a_thank_you_is_one_in_four_languages(text: str) -> None:
    assert says_only_thanks(text, "Roos Peeters")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Oké.",
        "Bedankt, maar het is nog niet opgelost.",
        "Dank u. Wanneer komt u?",
        "Dank u, het ligt er weer.",
        "Bedankt! Mijn nieuw nummer is 0470 12 34 56.",
        "Bedankt, tot 12 mei.",
        "Alvast bedankt voor uw antwoord.",
        "Merci d'avance pour votre réponse.",
        "Merci, mais la lampe ne fonctionne toujours pas.",
        "Thanks in advance for your reply",
        "Thank you. The lamp is broken again.",
        "Danke, aber das stimmt nicht.",
        "Dank u.\n\nMet vriendelijke groeten,\nRoos\nKan u ook mijn buurvrouw helpen",
        "Bedankt " * 100,
    ],
)
def test_what_may_be_news_is_no_thank_you(text: str) -> None:
    assert not says_only_thanks(text, "Roos Peeters")


def test_a_thank_you_with_a_file_is_news_but_not_with_the_picture_of_a_signature() -> None:
    photo = Attachment("foto.jpg", "image/jpeg", b"x")
    logo = Attachment("logo.png", "image/png", b"x", content_id="logo", inline=True)

    assert not is_only_thanks(a_contact(message="Dank u", attachments=(photo,)))
    assert is_only_thanks(a_contact(message="Dank u", attachments=(logo,)))


@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    assert not says_only_thanks(text + "?")
    says_only_thanks(f"merci {text}")
