"""A question of what became of an earlier one is told from a new one, in four languages."""

import pytest

from contact_hub.chasing import asks_how_it_stands
from tests.builders import a_contact


@pytest.mark.parametrize(
    "text",
    [
        "Waar blijft mijn aanvraag?",
        "Ik heb nog steeds geen antwoord ontvangen.",
        "Hoe staat het met mijn dossier?",
        "Mijn melding van vorige week is nog niet behandeld.",
        "Je n’ai toujours pas reçu de réponse.",
        "Où en est ma demande ?",
        "Ma demande de la semaine passée est restée sans suite",
        "Where is my request of last week?",
        "I have not heard back from you.",
        "Any update on my permit?",
        "Ich habe noch keine Antwort erhalten.",
        "Wie ist der Stand meiner Anfrage?",
        "Ich warte seit drei Wochen.",
    ],
)
def test_who_asks_how_it_stands_is_understood(text: str) -> None:
    assert asks_how_it_stands(a_contact(message=text))


@pytest.mark.parametrize(
    "text",
    [
        "Wanneer is het containerpark open?",
        "Er is geen reactie nodig.",
        "Hoe vraag ik een attest aan?",
        "Il y a un nid-de-poule rue Haute.",
        "When is the town hall open? No answer needed today.",
        "Wo finde ich das Formular?",
        "Waar staat het gemeentehuis?",
    ],
)
def test_a_new_question_is_none(text: str) -> None:
    assert not asks_how_it_stands(a_contact(message=text))
