"""Which language a text is in."""

import pytest

from contact_hub.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wanneer wordt het restafval in onze straat opgehaald?", "nl"),
        ("Quand les déchets sont-ils ramassés dans notre rue ?", "fr"),
        ("When is the rubbish collected in our street?", "en"),
        ("Wann wird der Müll in unserer Straße abgeholt?", "de"),
        ("Jan Peeters 4", ""),
        ("متى يتم جمع القمامة في شارعنا؟", ""),
        ("12345 67890 12345 67890 12345", ""),
        ("", ""),
    ],
)
def test_the_four_languages_are_told_apart_and_too_little_is_no_language(text: str, language: str) -> None:
    assert language_of(text) == language
