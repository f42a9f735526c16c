"""The receipt is the municipality's: its rules choose the letter and the language, or that there is none."""

import pytest
from sqlalchemy import Engine

from contact_hub import intake, letters, mail_accounts, outbox
from contact_hub.database import Session, reading
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.routing.decisions import RECEIPTS
from tests.builders import a_contact, publish_rules

RULES = """\
format: 1
municipality: {name: Lindervelde, timezone: Europe/Brussels, languages: [fr, nl]}
queues:
  - {id: onthaal, name: {nl: Onthaal}, tier: front}
label:
  - {id: german, when: {text: [deutsch]}, then: {language: de}}
  - {id: finnish, when: {text: [suomi]}, then: {language: fi}}
route:
  - {id: complaint, when: {text: [klacht]}, then: {queue: onthaal, receipt: complaint, language: nl}}
  - {id: silence, when: {text: [stil]}, then: {queue: onthaal, receipt: none}}
default: {queue: onthaal}
"""


@pytest.fixture(autouse=True)
def desk(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session, RULES)


def receipts(words: str, **more: object) -> list[str]:
    intake.receive([a_contact(message=words, **more)], channel="email")
    with reading() as session:
        return [message.text for message in session.query(Message).filter_by(kind="receipt")]


@pytest.mark.parametrize("language", ["", "nl", "en"])
def test_a_receipt_is_in_the_first_language_of_the_municipality_whatever_the_citizen_wrote_in(language: str) -> None:
    [text] = receipts("Een vraag", language=language)
    assert "Nous avons bien reçu votre message" in text


def test_a_rule_says_in_which_language_to_write() -> None:
    [text] = receipts("Auf deutsch", language="de")
    assert "wir haben Ihre Nachricht erhalten" in text


def test_a_language_without_a_letter_leaves_the_first_of_the_municipality() -> None:
    [text] = receipts("suomi")
    assert "Nous avons bien reçu votre message" in text


def test_a_rule_chooses_the_letter() -> None:
    [text] = receipts("Een klacht, auf deutsch")
    assert "We hebben uw klacht goed ontvangen" in text


def test_a_rule_may_want_no_receipt() -> None:
    assert receipts("stil") == []


def test_whoever_wrote_to_a_mailbox_with_an_account_of_its_own_hears_from_that() -> None:
    before = outbox.accounts
    outbox.sends_by(
        mail_accounts.read(["smtp://a?name=desk", "smtp://b?name=sport&from=sport@a.example"], "Town <town@a.example>")
    )
    intake.receive([a_contact(recipients=("Sport <Sport@a.example>",)), a_contact()], channel="email")
    outbox.sends_by(before)
    with reading() as session:
        sent = [(mail.account, mail.language) for mail in session.query(Outgoing).order_by(Outgoing.message_id)]
    assert sent == [("sport", "fr"), ("desk", "fr")]


def test_rules_can_choose_every_letter_there_is_and_no_other() -> None:
    assert set(RECEIPTS) == letters.names()


@pytest.mark.parametrize("name", RECEIPTS)
@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_every_letter_names_the_reference_and_the_municipality(name: str, language: str) -> None:
    letter = letters.receipt(name, [language], reference="26-000001-D", municipality="Lindervelde")
    assert "26-000001-D" in letter.subject
    assert letter.text.count("26-000001-D") == 1
    assert letter.text.rstrip().endswith("Lindervelde")


def test_a_letter_that_is_no_more_is_the_plain_receipt() -> None:
    plain = letters.receipt("", ["nl"], reference="1", municipality="L")
    assert letters.receipt("of yesterday", ["nl"], reference="1", municipality="L") == plain
