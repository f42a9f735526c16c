"""What somebody filled in is checked whole, kept as it was meant, and made into one contact."""

from datetime import UTC, datetime

import pytest

from contact_hub.contact import Attachment
from contact_hub.forms import Form, published
from contact_hub.settings import HERE
from contact_hub.submissions import check, contact_of

MOVE = {
    "name": "Roos Peeters",
    "moving_date": "2026-12-01",
    "old_address": "Kerkstraat 1, 2850 Boom",
    "new_address": "Molenweg 14",
    "postcode": "2400",
    "truth": "yes",
}
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture
def move() -> Form:
    return published(HERE / "forms")["move"]


def slips(form: Form, **changed: object) -> list[tuple[str, str]]:
    return [(slip.field, slip.code) for slip in check(form, MOVE | changed, {}).slips]


def test_a_form_filled_in_well_has_no_slips(move: Form) -> None:
    assert slips(move) == []


@pytest.mark.parametrize(
    ("field", "answer", "code"),
    [
        ("name", "", "required"),
        ("name", " \n", "required"),
        ("name", None, "required"),
        ("name", ["Roos"], "not_text"),
        ("name", "x" * 301, "too_long"),
        ("moving_date", "1/12/2026", "no_date"),
        ("moving_date", "2026-02-30", "no_date"),
        ("postcode", "0999", "no_postcode"),
        ("postcode", "24000", "no_postcode"),
        ("postcode", "²400", "no_postcode"),
        ("housing", "castle", "no_choice"),
        ("email", "roos@", "no_email"),
        ("phone", "call me", "no_tel"),
        ("truth", "", "not_ticked"),
        ("truth", False, "not_ticked"),
        ("truth", "no", "no_choice"),
        ("horse", "x", "unknown_field"),
    ],
)
def test_each_kind_of_mistake_has_its_code(move: Form, field: str, answer: object, code: str) -> None:
    assert slips(move, **{field: answer}) == [(field, code)]


@pytest.mark.parametrize("answer", ["yes", "on", True])
def test_a_ticked_box_is_a_yes_from_any_sender(move: Form, answer: object) -> None:
    assert check(move, MOVE | {"truth": answer}, {}).answers["truth"] == "yes"


def test_answers_are_kept_in_one_form(move: Form) -> None:
    answers = check(move, MOVE | {"name": "  Roos ", "companions": "Jan\r\nMia\0", "email": "Roos@EXAMPLE.org"}, {}).answers
    assert (answers["name"], answers["companions"], answers["email"]) == ("Roos", "Jan\nMia", "Roos@example.org")


def test_the_contact_holds_the_fields_and_reads_as_a_text(move: Form) -> None:
    answers = check(move, MOVE | {"phone": "014 00 00 03"}, {}).answers
    lease = Attachment("lease.pdf", "application/pdf", b"%PDF")
    contact = contact_of(move, answers, [lease], submission="s", received=NOON, language="fr")
    assert (contact.channel, contact.form, contact.topic, contact.language) == ("webform", "move", "verhuizing", "fr")
    assert contact.subject == "Verhuizing aangeven: Molenweg 14"
    assert "Uw oude adres: Kerkstraat 1, 2850 Boom" in contact.message
    assert (contact.sender, contact.sender_name, contact.postcode) == ("014 00 00 03", "Roos Peeters", "2400")
    assert contact.attachments == (lease,)


def test_the_same_answers_are_the_same_contact_and_others_are_not(move: Form) -> None:
    def identity(**changed: object) -> str:
        answers = check(move, MOVE | changed, {}).answers
        return contact_of(move, answers, [], submission="s", received=NOON, language="nl").external_id

    assert identity() == identity(name=" Roos Peeters ")
    assert identity() != identity(name="Roos Pieters")
